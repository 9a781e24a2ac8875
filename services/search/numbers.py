"""Places of activity by the number of a qualification: “VILAS 216”, “vilas216” or “216”."""

from layers.access import access
from layers.layer import Layer
from layers.query import FeatureQuery, matching, matching_lines
from layers.registers.number_key import NumberKey, PlainNumber, number_key
from layers.registry import all_layers
from services.search.asking import Asked
from services.search.boxes import rounded
from services.search.closeness import how_close, number_closeness

_TRIGRAM = 3


def numbers(asked: Asked) -> list[dict]:
    """The numbers that hold what was typed, the whole ones first; none where no digit was typed."""
    number = number_key("".join(asked.words))
    if not any(character.isdigit() for character in number):
        return []
    layers = [layer for layer in all_layers() if layer.lines]
    found = [result for layer in layers for result in _of_layer(layer, number, asked)]
    return sorted(found, key=lambda one: (one["closeness"], one["title"], one["id"]))[: asked.limit]


def _of_layer(layer: Layer, number: str, asked: Asked) -> list[dict]:
    """The layer's own results.

    Fewer letters than the index has in a piece are looked for where a number begins: elsewhere every row would be read.
    """
    query = FeatureQuery(day=asked.day)
    lines = matching_lines(layer, query, access(layer, None)).filter(place__in=matching(layer, query).values("pk"))
    lines = lines.alias(key=NumberKey("qualification__number"), plain=PlainNumber("qualification__number"))
    held = "contains" if len(number) >= _TRIGRAM else "startswith"
    lines = lines.filter(**{f"key__{held}": number}).annotate(closeness=number_closeness("plain", number))
    lines = lines.order_by("closeness", "qualification__number", "place_id").distinct()
    rows = lines.values_list("closeness", "qualification__number", "place_id", "place__name", "place__geom")
    return [
        {
            "kind": "number",
            "layer": layer.name,
            "id": place,
            "title": written,
            "subtitle": name,
            "point": rounded(geom.coords),
            "bbox": None,
            **how_close(far),
        }
        for far, written, place, name, geom in rows[: asked.limit]
    ]
