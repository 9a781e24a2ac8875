"""Values that their protocol writes as mere text (FES of WFS), read as what they are compared with."""

from typing import Any

from layers.cql2.calls import day, moment, number
from layers.cql2.conditions import Literal
from layers.cql2.properties import Kind
from layers.cql2.times import as_day


def typed_as(kind: Kind, found: Any) -> Any:
    """The literal, read as that kind where it is a text; everything else as it is. Raises BadParameter."""
    if not isinstance(found, Literal) or not isinstance(found.value, str):
        return found
    text = found.value.strip()
    if kind == "number":
        return Literal(number(text))
    if kind == "date":
        return Literal(as_day(moment(text) if "T" in text else day(text)))
    if kind == "boolean" and text in ("true", "false", "1", "0"):
        return Literal(text in ("true", "1"))
    return found
