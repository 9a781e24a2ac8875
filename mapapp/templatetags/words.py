"""`{{ total|in_numbers }}`, `{{ day|in_day }}`, `{% state cell %}`, `{% sign code %}`: values as readers write them."""

from django import template

from layers.codes import Code
from mapapp import words

register = template.Library()
register.filter(words.in_numbers)
register.filter(words.in_day)
register.filter(words.in_distance)


@register.inclusion_tag("state.html")
def state(cell: dict) -> dict:
    """A value with its mark and colour; the mark and the words say all that the colour says."""
    return cell


@register.inclusion_tag("state.html")
def sign(code: Code) -> dict:
    """The same of a code, for legends."""
    return {"text": code.label, "tone": code.colour, "symbol": code.symbol}
