"""The fields of a layer as JSON Schema: their types, code lists and labels; what can be asked and what comes back."""

from typing import Any

from geodata.language import both
from layers.codes import FixedCodes, TableCodes
from layers.cql2.properties import GEOMETRY as GEOMETRIES
from layers.cql2.properties import ID, known_properties
from layers.describe import UNIT_FILTERS
from layers.layer import Field, Layer
from layers.query import FeatureQuery, columns, map_day
from layers.units import COMMUNES, PROVINCES
from services.streaming.source import source

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
GEOMETRY = "geometry"
UNIT_CODES = {"province": PROVINCES, "commune": COMMUNES}
UNIT_TITLES = {codes.name: title for codes, title in UNIT_FILTERS}
ROLE = "x-ogc-role"
TYPES: dict[str, Json] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
TEXT: Json = {"type": "string"}
POSITION, NUMBER = both("Hình học", "Geometry"), both("Số của bản ghi, không đổi", "Number of the record, permanent")
LABEL = both("{}, tên gọi", "{}, in words")


def queryables(layer: Layer, address: str) -> Json:
    """What `filter` may speak of (Part 3, 6.2): one property each, and no others.

    A field of scope lines is compared line by line, so its codes are texts here and lists in features.
    """
    known = {name: told for name, told in known_properties(layer).items() if name not in GEOMETRIES}
    asked = {name: _asked(layer, name, told.kind) for name, told in known.items()}
    return _document(layer, address, {**asked, GEOMETRY: _geometry(layer)}) | {"additionalProperties": False}


def _asked(layer: Layer, name: str, kind: str) -> Json:
    item = layer.field(name)
    if name == ID:
        return {"title": str(NUMBER), "type": "integer", ROLE: "id"}
    if item is None:
        return {"title": str(UNIT_TITLES[name]), **_code(UNIT_CODES[name])}
    type_of = {"boolean": "flag", "number": "integer" if item.kind in ("text", "integer") else "number"}.get(kind, kind)
    return {"title": str(item.title_asked), **(_code(item.choices) if item.choices else TYPES.get(type_of, TEXT))}


def returnables(layer: Layer, address: str) -> Json:
    """What a feature holds: `id`, geometry, and its properties with the words beside the codes."""
    given: Json = {"id": {"title": str(NUMBER), "type": "integer", ROLE: "id"}, GEOMETRY: _geometry(layer)}
    kinds = _kinds(layer)
    for item in columns(layer):
        given[item.name] = _value(item, kinds[item.name])
        if item.labelled:
            given[f"{item.name}_label"] = _label(item)
    return _document(layer, address, given)


def _document(layer: Layer, address: str, properties: Json) -> Json:
    return {
        "$schema": DIALECT,
        "$id": address,
        "type": "object",
        "title": str(layer.title),
        "description": str(layer.description),
        "properties": properties,
    }


def _geometry(layer: Layer) -> Json:
    form = "point" if layer.geometry == "point" else "multipolygon"
    return {"title": str(POSITION), "format": f"geometry-{form}", ROLE: "primary-geometry"}


def _kinds(layer: Layer) -> dict[str, str]:
    """What the database holds of each field: a text may be a number there."""
    made = source(layer, FeatureQuery(day=map_day("open")), None, geometry="")
    return {column.name: column.kind for column in made.columns}


def _value(item: Field, kind: str) -> Json:
    """The type of a field's value; a code's list stands with it, unless that is too long to send."""
    if kind == "list":
        return {"title": str(item.title), "type": "array", "items": _code(item.codes)}
    return {"title": str(item.title), **(_code(item.codes) if item.codes else TYPES.get(kind, TEXT))}


def _label(item: Field) -> Json:
    words = {"type": "array", "items": TEXT} if item.kind == "codes" else TEXT
    return {"title": LABEL.format(item.title), **words}


def _code(codes: FixedCodes | TableCodes | None) -> Json:
    """A code: one of the list, each with its label."""
    if codes is None or not getattr(codes, "inline", True):
        return TEXT
    listed = [{"const": one.code, "title": str(one.label)} for one in codes.read("open")]
    return {**TEXT, "oneOf": listed} if listed else TEXT
