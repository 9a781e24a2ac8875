"""The base map for QGIS, from the very style that the web map has: what stands in it once is drawn alike in both."""

from collections.abc import Sequence
from typing import Any, cast
from xml.etree.ElementTree import Element

from mapapp.qgis.labels import CURVED, OVER_POINT, Label
from mapapp.qgis.maplibre import Json, by_zoom, condition, expression, first, geometry, zooms
from mapapp.qgis.symbols import POINTS, fill, line, symbol
from mapapp.qgis.vector_tiles import Drawn, Geometry

_GEOMETRIES = {"fill": "Polygon", "line": "LineString", "symbol": "Point"}
# MapLibre measures the width of lines of text by the size of letters, QGIS by their number.
_LETTERS_IN_SIZE = 1.9
_SEMIBOLD, _REGULAR = 63, 50
_PRIORITY = 5
# Of rings that overlap, one alone keeps names away: names wait until there are fewer of such rings.
_FIRST_ZOOMS = {"label-province": 7}


def background(style: Json) -> str:
    """The colour below everything."""
    return next(layer["paint"]["background-color"] for layer in style["layers"] if layer["type"] == "background")


def ground_of(style: Json, source: str) -> list[Drawn]:
    """What the style draws of a source, the lowest first."""
    return [_drawn(layer) for layer in style["layers"] if layer.get("source") == source]


def parted(drawn: Sequence[Drawn]) -> tuple[list[Drawn], list[Drawn]]:
    """The labels, and what is no label: QGIS draws labels over each other in the order of their layers."""
    return (
        [one for one in drawn if isinstance(one.drawn, Label)],
        [one for one in drawn if not isinstance(one.drawn, Label)],
    )


def _drawn(layer: Json) -> Drawn:
    kind = layer["type"]
    found = geometry(layer.get("filter")) or _GEOMETRIES[kind]
    on_lines = layer.get("layout", {}).get("symbol-placement") == "line"
    return Drawn(
        name=layer["id"],
        source_layer=layer["source-layer"],
        geometry="LineString" if on_lines else cast(Geometry, found),
        drawn=_label(layer) if kind == "symbol" else _symbol(layer),
        filter=condition(layer.get("filter")),
        zooms=(max(zooms(layer)[0], _FIRST_ZOOMS.get(layer["id"], -1)), zooms(layer)[1]),
    )


def _symbol(layer: Json) -> Element:
    paint = layer["paint"]
    if layer["type"] == "fill":
        return symbol("fill", fill(paint["fill-color"]), opacity=_opacity(paint.get("fill-opacity", 1)))
    return symbol("line", _line(paint), opacity=_opacity(paint.get("line-opacity", 1)))


def _line(paint: Json) -> Element:
    width = paint["line-width"]
    grown = by_zoom(width, times=POINTS)
    dashes: Sequence[float] = [part * first(width) for part in paint.get("line-dasharray", ())]
    return line(paint["line-color"], first(width), dashes=dashes, expressions={"outlineWidth": grown} if grown else {})


def _opacity(value: Any) -> float:
    """Symbols do not fade with the zoom: what fades in on the web map stands there at once."""
    return float(value[-1] if isinstance(value, list) else value)


def _label(layer: Json) -> Label:
    layout, paint = layer["layout"], layer["paint"]
    wide, size = layout.get("text-max-width", 0), layout["text-size"]
    family = layout["text-font"][0]
    return Label(
        expression=expression(layout["text-field"]),
        colour=paint["text-color"],
        size_px=first(size),
        weight=_SEMIBOLD if "SemiBold" in family else _REGULAR,
        italic="Italic" in family,
        halo=paint.get("text-halo-color", ""),
        halo_px=paint.get("text-halo-width", 0),
        spacing=layout.get("text-letter-spacing", 0),
        wrap=round(wide * _LETTERS_IN_SIZE),
        places=CURVED if layout.get("symbol-placement") == "line" else OVER_POINT,
        priority=_PRIORITY,
        always=layout.get("text-allow-overlap", False),
        expressions=_by_feature(layout, size),
    )


def _by_feature(layout: Json, size: Any) -> dict[str, str]:
    grown = by_zoom(size, times=POINTS)
    ranked = f"max(0, {_PRIORITY} - {expression(layout['symbol-sort-key'])})" if "symbol-sort-key" in layout else ""
    return {name: found for name, found in (("Size", grown), ("Priority", ranked)) if found}
