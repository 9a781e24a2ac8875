"""`{% both "Tìm kiếm" "Search" %}`: a text of a template in both languages. `{{ name|spoken }}`: one of the data."""

from typing import Any

from django import template
from django.utils.html import format_html

from geodata import language

register = template.Library()


@register.simple_tag
def both(vi: str, en: str, **values: Any) -> str:
    """The text of the active language; `{name}` in it is replaced by the value given as `name=`."""
    text = str(language.both(vi, en))
    return text.format(**values) if values else text


@register.filter
def spoken(text: object) -> str:
    """A text of the data, marked with its language where that is not the page's, so that it is read out right."""
    found = language.language_of(str(text))
    return format_html('<span lang="{}">{}</span>', found, text) if found else str(text)
