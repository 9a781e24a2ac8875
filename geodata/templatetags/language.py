"""`{% load language %}{% both "Tìm kiếm" "Search" %}`: a text of a template in both languages."""

from typing import Any

from django import template

from geodata import language

register = template.Library()


@register.simple_tag
def both(vi: str, en: str, **values: Any) -> str:
    """The text of the active language; `{name}` in it is replaced by the value given as `name=`."""
    text = str(language.both(vi, en))
    return text.format(**values) if values else text
