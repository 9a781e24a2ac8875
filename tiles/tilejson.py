"""TileJSON 3.0 of a layer."""

from django.utils.html import escape

from geodata.archipelagos import COUNTRY_VIEW
from geodata.language import both
from layers.credits import position_credits
from layers.layer import Field, Layer
from layers.registers.map_day import is_demo

DEMO = both("Dữ liệu minh họa", "Demo data")
TYPES = {"integer": "Number", "number": "Number", "flag": "Boolean"}


def tilejson(layer: Layer, base_url: str, query: str = "") -> dict:
    """The document; `base_url` ends in `/`, `query` is the filter that the tiles' address carries on."""
    fields = {item.name: _type(item) for item in layer.fields if item.tile and not item.roles}
    return {
        "tilejson": "3.0.0",
        "name": str(layer.title),
        "description": str(layer.description),
        "attribution": credit(),
        "scheme": "xyz",
        "tiles": [f"{base_url}tiles/{layer.name}/{{z}}/{{x}}/{{y}}.mvt" + (f"?{query}" if query else "")],
        "minzoom": layer.zooms[0],
        "maxzoom": layer.zooms[1],
        "bounds": list(COUNTRY_VIEW),
        "vector_layers": [
            {
                "id": layer.name,
                "description": str(layer.description),
                "minzoom": layer.zooms[0],
                "maxzoom": layer.zooms[1],
                "fields": {**fields, **_cluster_fields(layer)},
            }
        ],
    }


def credit() -> str:
    """What a map must say of the layers' data, in the active language; empty where there is nothing to say."""
    return joined([*([str(DEMO)] if is_demo() else []), *position_credits()])


def joined(credits: list[str]) -> str:
    """One line of attribution; escaped, for map libraries read it as HTML."""
    return " · ".join(str(escape(each)) for each in credits)


def _type(item: Field) -> str:
    return TYPES.get(item.kind, "String")


def _cluster_fields(layer: Layer) -> dict[str, str]:
    if layer.geometry != "point":
        return {}
    codes = layer.class_field.codes.codes() if layer.class_field else ()
    names = ("count", "expansion_zoom", "place", *(f"n_{code}" for code in codes))
    return dict.fromkeys(names, "Number")
