"""Land, water, lines and outlines of areas as paths, each in its colour and width."""

from collections.abc import Mapping

from layers.layer import Layer
from layers.query import reading
from tiles.picture.ground import UNITS, Ground, outlines_of, zoom_of
from tiles.picture.svg import element, group
from tiles.picture.view import View


def ground_shapes(ground: Ground, view: View) -> str:
    """Sea is what they lie on: other land, ours, water, roads, the lines between units."""
    zoom, paths = zoom_of(view), ground.paths
    looks = {
        "land": "f-neighbours",
        "borders": "n s-neighbours-line",
        "provinces": "f-land s-admin-line",
        "lakes": "f-water",
        "communes": "n s-admin-line",
        "rivers": "n r s-water",
        "roads": "n r s-road",
        "railways": "n s-admin-line",
    }
    widths = {"borders": 0.8, "provinces": 1.0 if zoom < 9 else 1.6, "communes": 0.5, "rivers": max(0.6, zoom / 6)}
    widths |= {"roads": max(0.6, (zoom - 4) / 4), "railways": 0.7}
    drawn = (
        element("path", d=paths[kind], class_=look, stroke_width=round(widths.get(kind, 0) * UNITS, 1) or "")
        for kind, look in looks.items()
        if paths.get(kind)
    )
    return group(drawn, transform=f"scale({1 / UNITS})", stroke_linejoin="round", class_="ground")


def area_shapes(areas: Mapping[Layer, list[int]], view: View) -> str:
    """The outlines of layers of areas, by the ids of their units: a breath of the accent."""
    with reading(None, "tile"):
        paths = {layer: outlines_of(ids, view) for layer, ids in areas.items() if ids}
    drawn = (
        element(
            "path", d=path, class_="f-accent s-accent", fill_opacity="0.08", stroke_width=UNITS, data_layer=layer.name
        )
        for layer, path in paths.items()
        if path
    )
    return group(drawn, transform=f"scale({1 / UNITS})")
