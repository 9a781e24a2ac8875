"""Feature types, one per layer: their elements, and the schema that describes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from xml.sax.saxutils import escape

from geodata.language import both
from geodata.writers.columns import Column
from layers.access import User
from layers.layer import Field, Layer
from layers.query import FeatureQuery, columns
from layers.registry import all_layers
from services.streaming.source import ID, source
from services.wfs.names import FEATURES, GML, SCHEMAS, declared

GEOMETRY = "geom"
_TYPES = {"text": "string", "list": "string", "date": "date", "integer": "long", "number": "double", "flag": "boolean"}
_SHAPES = {"point": "gml:PointPropertyType", "polygon": "gml:MultiSurfacePropertyType"}
_ID = both("Số của bản ghi, như nhau ở mọi dịch vụ", "The record's number, the same in every service")
_LABEL = both("nhãn", "label")
_MOST_CODES = 100


@dataclass(frozen=True, eq=False)
class FeatureType:
    """A layer as a caller may see it. `xml_name` is what the library looks it up by."""

    layer: Layer
    user: User

    @property
    def name(self) -> str:
        return self.layer.name

    @property
    def xml_name(self) -> str:
        return f"{{{FEATURES}}}{self.name}"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The elements of a feature before its geometry, in their order: the id, fields, labels beside codes.

        Names and kinds are the same on every day. A type is of one request: what its caller may see can change.
        """
        return (ID, *source(self.layer, FeatureQuery(day=date(2026, 1, 1)), self.user, geometry="").columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all elements; the geometry is the last."""
        return (*(column.name for column in self.columns), GEOMETRY)

    def fields_of(self, names: Sequence[str]) -> tuple[str, ...]:
        """The layer's fields that these elements are made of."""
        there = tuple(item.name for item in columns(self.layer, self.user))
        return tuple(one for one in there if one in names or f"{one}_label" in names)


def feature_types(user: User) -> list[FeatureType]:
    """Those of all layers."""
    return [FeatureType(layer, user) for layer in all_layers()]


def schema(types: Sequence[FeatureType]) -> str:
    """The application schema of these types (GML 3.2.1, clause 21)."""
    body = "\n".join(line for one in types for line in _described(one))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<xsd:schema {declared("xsd", "gml", "map")}'
        f' targetNamespace="{FEATURES}" elementFormDefault="qualified" version="1.0">\n'
        f'<xsd:import namespace="{GML}" schemaLocation="{SCHEMAS[GML]}"/>\n{body}\n</xsd:schema>\n'
    )


def _described(one: FeatureType) -> Iterator[str]:
    yield f'<xsd:element name="{one.name}" type="map:{one.name}Type" substitutionGroup="gml:AbstractFeature">'
    yield f"{_annotation(str(one.layer.title), str(one.layer.description))}</xsd:element>"
    yield f'<xsd:complexType name="{one.name}Type"><xsd:complexContent><xsd:extension base="gml:AbstractFeatureType">'
    yield "<xsd:sequence>"
    for column in one.columns:
        yield _element(column.name, f"xsd:{_TYPES[column.kind]}", *_said(one, column))
    yield _element(GEOMETRY, _SHAPES[one.layer.geometry])
    yield "</xsd:sequence></xsd:extension></xsd:complexContent></xsd:complexType>"


def _element(name: str, kind: str, *said: str) -> str:
    told = _annotation(*said) if said else ""
    return f'<xsd:element name="{name}" type="{kind}" minOccurs="0" nillable="true">{told}</xsd:element>'


def _said(one: FeatureType, column: Column) -> tuple[str, ...]:
    """What people are told of an element: its title, and which codes it may have where they are few."""
    if column is ID:
        return (str(_ID),)
    item = one.layer.field(column.name)
    if item is None:
        coded = one.layer.field(column.name.removesuffix("_label"))
        return (f"{coded.title if coded else column.name} ({_LABEL})",)
    return (str(item.title), *_codes(item, one.user))


def _codes(item: Field, user: User) -> Iterator[str]:
    if item.codes is None or not getattr(item.codes, "inline", True):
        return
    codes = item.codes.read("open" if user is None else "default")
    if len(codes) <= _MOST_CODES:
        yield "; ".join(f"{one.code}: {one.label}" for one in codes)


def _annotation(*texts: str) -> str:
    told = "".join(f"<xsd:documentation>{escape(text)}</xsd:documentation>" for text in texts if text)
    return f"<xsd:annotation>{told}</xsd:annotation>"
