"""Layers of drawn data: the tiles of the map with native styles, for QGIS ignores much of a MapLibre style."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import get_language

from geodata.language import both
from layers.codes import Code
from layers.layer import Layer
from mapapp.qgis.expressions import any_of, field, none_of
from mapapp.qgis.labels import Label
from mapapp.qgis.marks import POINT_PX, RING_PX, number_of, radius_of, ring, single, single_size
from mapapp.qgis.symbols import POINTS, fill, symbol
from mapapp.qgis.vector_tiles import Drawn
from tiles.palette import colour
from tiles.picture.shapes import codes_of, mark_of

_CLUSTERS, _OTHERS = both("Cụm", "Clusters"), both("Chưa rõ", "Unknown")
_BY_COMMUNE, _OF_COMMUNE = both("vị trí theo xã", "known to the commune"), "commune_centroid"
_LETTERS_PX, _LETTER_WIDTH = 11.0, 0.62
_AREA_OPACITY, _EDGE_OPACITY = 0.08, 0.7
_ABOVE_NAMES = 10


def drawn_of(layer: Layer) -> list[Drawn]:
    """What is drawn of a layer, the lowest first."""
    return _areas(layer) if layer.geometry == "polygon" else [*_singles(layer), _clusters(layer)]


def _areas(layer: Layer) -> list[Drawn]:
    """A breath of the accent, so that the ground still shows."""
    accent = colour("accent", "light")
    title = str(layer.title)
    return [
        Drawn(title, layer.name, "Polygon", symbol("fill", fill(accent), opacity=_AREA_OPACITY)),
        Drawn(
            title,
            layer.name,
            "Polygon",
            symbol("fill", fill(accent, opacity=0, edge=accent, edge_px=1), opacity=_EDGE_OPACITY),
        ),
    ]


def _singles(layer: Layer) -> Iterator[Drawn]:
    """One style for each state and for features without any; a position known to the commune only is hollow."""
    codes = codes_of(layer)
    states: list[tuple[Code | None, str]] = [
        (code, any_of(layer.style.classes, [code.code])) for code in codes.values()
    ]
    states.append((None, none_of(layer.style.classes, codes) if codes else "true"))
    for code, state in states:
        token, ended = mark_of(layer, code)
        for hollow in (False, True):
            where = (any_of if hollow else none_of)("geom_accuracy", [_OF_COMMUNE])
            mark = single(layer.style.shape, token, code.symbol if code else "", hollow=hollow or ended)
            title = f"{code.label if code else _OTHERS}{f' ({_BY_COMMUNE})' if hollow else ''}"
            yield Drawn(
                title, layer.name, "Point", _mark(mark), filter=f"{field('count')} IS NULL AND {state} AND {where}"
            )


def _mark(drawn: Element) -> Label:
    return Label(
        "' '",
        colour("ink", "light"),
        POINT_PX,
        always=True,
        priority=_ABOVE_NAMES,
        ground=[drawn],
        ground_px=POINT_PX,
        expressions={"ShapeSizeX": single_size()},
    )


def _clusters(layer: Layer) -> Drawn:
    """A ring with its number, the larger ones above. Empty lines make the label as high: names keep away."""
    number = number_of(layer)
    written = _short(number)
    room = f"2 * ({radius_of(layer)} - {RING_PX * POINTS}) / ({_LETTER_WIDTH} * length({written}))"
    label = Label(
        f"'\\n' || {written} || '\\n'",
        colour("ink", "light"),
        _LETTERS_PX,
        weight=63,
        always=True,
        priority=_ABOVE_NAMES,
        ground=ring(layer),
        ground_px=POINT_PX,
        expressions={"Size": f"min({_LETTERS_PX * POINTS}, {room})", "ZIndex": f"1 + log10({number})"},
    )
    return Drawn(str(_CLUSTERS), layer.name, "Point", label, filter=f"{field('count')} IS NOT NULL")


def _short(number: str) -> str:
    """The number as narrow as can be: 12k, 3,4tr; in English 12k, 3.4M."""
    millions = f"to_string(round({number} / 1000000.0, 1))"
    large = f"{millions} || 'M'" if get_language() == "en" else f"replace({millions}, '.', ',') || 'tr'"
    tenths = f"to_string(round({number} / 1000.0, 1))"
    small = tenths if get_language() == "en" else f"replace({tenths}, '.', ',')"
    return (
        f"CASE WHEN {number} < 1000 THEN to_string({number})"
        f" WHEN {number} < 9950 THEN {small} || 'k'"
        f" WHEN {number} < 999500 THEN to_string(round({number} / 1000.0)) || 'k' ELSE {large} END"
    )
