"""The properties that a filter may name: a fixed map, the same that queryables tell."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import IntegerField

from layers.access import User, access
from layers.layer import Field, FieldKind, Layer

Kind = Literal["text", "number", "date", "boolean", "geometry"]

ID, GEOMETRY, UNITS = "id", ("geom", "geometry"), ("province", "commune")
"""What a layer has beside its fields: the row's integer, its place, and the codes of the units it lies in; tables may
have none of the latter two.
"""

_KINDS: dict[FieldKind, Kind] = {
    "text": "text",
    "code": "text",
    "codes": "text",
    "date": "date",
    "integer": "number",
    "number": "number",
    "flag": "boolean",
}


@dataclass(frozen=True)
class Known:
    """A property: what its values are, and whether they are those of scope lines."""

    kind: Kind
    lines: bool = False


def kind_of(layer: Layer, item: Field) -> Kind:
    """The kind of a field's values. A year is read as a name, and yet a number."""
    whole = item.kind == "text" and isinstance(_column(layer, item), IntegerField)
    return "number" if whole else _KINDS[item.kind]


def kind_of_value(value: object) -> Kind:
    """The kind of a literal."""
    if isinstance(value, bool):
        return "boolean"
    return "text" if isinstance(value, str) else "date" if isinstance(value, date) else "number"


def _column(layer: Layer, item: Field) -> object:
    """The model's field behind a field that is nothing but that; None for others."""
    names = {column.name: column for column in layer.model._meta.get_fields()}
    return names.get(item.path) if isinstance(item.path, str) else None


def known_properties(layer: Layer, user: User = None) -> dict[str, Known]:
    """The properties of a layer by name that this caller may ask for: what he may see. Raises what `access` raises."""
    fields = {item.name: Known(kind_of(layer, item), item.lines) for item in access(layer, user).fields}
    units = dict.fromkeys(UNITS if layer.units else (), Known("text"))
    places = dict.fromkeys(GEOMETRY if layer.geometry else (), Known("geometry"))
    return {**fields, ID: Known("number"), **units, **places}
