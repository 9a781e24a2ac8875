"""The layers as JSON: all that a front end needs to draw, filter, list and explain them."""

from geodata.archipelagos import COUNTRY_VIEW
from geodata.credits import boundaries_are_approximate
from geodata.language import both
from layers.codes import FixedCodes, TableCodes
from layers.credits import map_credits
from layers.layer import Field, Layer
from layers.query import map_day
from layers.registers.map_day import is_demo
from layers.units import COMMUNES, PROVINCES

UNIT_FILTERS = (
    (PROVINCES, both("Tỉnh, thành phố", "Province")),
    (COMMUNES, both("Xã, phường, đặc khu", "Commune")),
)


def describe_map(layers: tuple[Layer, ...], *, due_soon_days: int) -> dict:
    """The map and its public layers, in the active language."""
    return {
        "day": map_day("open").isoformat(),
        "demo": is_demo(),
        "boundaries": "approximate" if boundaries_are_approximate() else "official",
        "credits": map_credits(),
        "country": list(COUNTRY_VIEW),
        "due_soon_days": due_soon_days,
        "basemap": {"tiles": "/tiles/basemap/{z}/{x}/{y}.mvt", "maxzoom": 12},
        "layers": [describe(layer) for layer in layers],
    }


def describe(layer: Layer) -> dict:
    """One layer with its public fields, filters, codes, legend and links."""
    shown = [item for item in layer.fields if not item.roles]
    return {
        "id": layer.name,
        "title": str(layer.title),
        "noun": str(layer.noun),
        "description": str(layer.description),
        "geometry": layer.geometry,
        "zooms": list(layer.zooms),
        "default": layer.default,
        "around": layer.around,
        "heading": layer.heading,
        "style": {
            "shape": layer.style.shape,
            "colour": layer.style.colour,
            "class": layer.style.classes or None,
            "class_filter": _class_filter(layer),
            "weight": layer.weight or None,
        },
        "fields": [_field(item) for item in shown if item.shown],
        "filters": [*_unit_filters(), *(_filter(item) for item in shown if item.filter)],
        "links": {
            "tiles": f"/tiles/{layer.name}/{{z}}/{{x}}/{{y}}.mvt",
            "versions": f"/tiles/{layer.name}/versions",
            "version_tiles": f"/tiles/{layer.name}/{{version}}/{{z}}/{{x}}/{{y}}.mvt",
            "tilejson": f"/tiles/{layer.name}.json",
            "items": f"/api/v1/{layer.name}/",
            "facets": f"/api/v1/{layer.name}/facets/",
            "list": f"/list/{layer.name}",
        },
    }


def _class_filter(layer: Layer) -> str | None:
    """The filter that asks for the very class that is drawn: none where it asks for the class of a scope line."""
    item = layer.class_field
    return item.name if item and item.filter and item.asked == item.path and not item.roles else None


def _field(item: Field) -> dict:
    described = {
        "name": item.name,
        "title": str(item.title),
        "kind": item.kind,
        "list": item.listed,
        "tile": item.tile,
    }
    return {**described, "codes": _codes(item.codes)} if item.tile and item.codes else described


def _filter(item: Field) -> dict:
    described = {"name": item.name, "title": str(item.title_asked), "kind": item.filter}
    return {**described, "codes": _codes(item.choices)} if item.filter == "code" else described


def _codes(codes: FixedCodes | TableCodes | None) -> list[dict] | None:
    """The codes in their order; None where there are too many to send (communes)."""
    if codes is None or (isinstance(codes, TableCodes) and not codes.inline):
        return None
    return [
        {
            "code": item.code,
            "label": str(item.label),
            "colour": item.colour or None,
            "symbol": item.symbol or None,
        }
        for item in codes.read("open")
    ]


def _unit_filters() -> list[dict]:
    return [
        {"name": codes.name, "title": str(title), "kind": "code", "codes": _codes(codes)}
        for codes, title in UNIT_FILTERS
    ]
