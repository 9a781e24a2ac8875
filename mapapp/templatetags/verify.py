"""`{{ "2026-11-22"|iso_day }}` and `{% mark "valid" "✓" %}` of the pages of the check."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mapapp.words import in_day

register = template.Library()


@register.filter
def iso_day(text: str) -> str:
    """The day that an ISO text writes, as readers write it."""
    return in_day(date.fromisoformat(text))


@register.simple_tag
def mark(tone: str, symbol: str) -> SafeString:
    """The sign of an answer; the words beside it say the same."""
    return format_html(
        '<span data-tone="{}"><span class="state-mark" aria-hidden="true">{}</span></span>', tone, symbol
    )
