"""The picture put together: ground, names, rings and points, archipelagos, selection, and what stands beside it."""

from collections import Counter
from collections.abc import Mapping

from django.contrib.gis.geos import Polygon

from layers.layer import Layer
from layers.query import matching, reading
from tiles.picture.beside import PANEL_PX, Beside, panel, panel_height
from tiles.picture.ground import COARSE, FINE, ground_of
from tiles.picture.instruments import north, scale_bar
from tiles.picture.legend import beside_of, description
from tiles.picture.lettering import archipelago_names, place_names
from tiles.picture.marks import Points, points_of
from tiles.picture.merging import Ring, merge
from tiles.picture.palette import style_sheet
from tiles.picture.picture import Count, Drawn, Picture
from tiles.picture.separating import Box, separate
from tiles.picture.standing import marks, selected
from tiles.picture.surfaces import area_shapes, ground_shapes
from tiles.picture.svg import element, group, words
from tiles.picture.view import View, area_view, country_view

_SIDE_BY_SIDE = 1.05
_MOST_OF_PANEL = 0.62
# As on the screen (static/js/rings.js): farther away a step aside may lead abroad, nearer marks say where a thing is.
_BOUNDED_BELOW_ZOOM, _EXACT_FROM_ZOOM = 9, 11


def draw(picture: Picture) -> Drawn:
    """The picture as SVG. Raises TooCostly and Busy as tiles do."""
    below = picture.width < _SIDE_BY_SIDE * picture.height
    view = _view(picture, picture.width, picture.height)
    if picture.frame != "none" and not below:
        view = _view(picture, picture.width - _panel_width(picture), picture.height)
    found, areas = _read(picture, view)
    at_least = any(points.at_least for points in found.values())
    counts = {layer.name: _count(layer, points, view) for layer, points in found.items()} | _area_counts(areas)
    beside = beside_of(picture, view, counts, at_least=at_least)
    if picture.frame != "none" and below:
        high = min(panel_height(beside, picture.width), int(picture.height * _MOST_OF_PANEL))
        view = _view(picture, picture.width, picture.height - high)
        # The map is lower than what was read for: only what it shows is counted.
        counts |= {layer.name: _count(layer, points, view) for layer, points in found.items()}
        beside = beside_of(picture, view, counts, at_least=at_least)
    return Drawn(_document(picture, view, _map(picture, view, found, areas), beside), counts, view)


def _panel_width(picture: Picture) -> int:
    return min(PANEL_PX, int(picture.width * 0.42))


def _view(picture: Picture, width: int, height: int) -> View:
    if picture.place is None:
        return area_view(picture.area, width, height) if picture.area else country_view(width, height)
    zoom, lat, lon = picture.place
    return View(lon, lat, zoom, width, height)


def _read(picture: Picture, view: View) -> tuple[dict[Layer, Points], dict[Layer, list[int]]]:
    """The points of each layer of points, and the ids of the areas in view of each layer of areas."""
    points = {
        one.layer: points_of(one.layer, one.query, view) for one in picture.asked if one.layer.geometry == "point"
    }
    shapes = [one for one in picture.asked if one.layer.geometry != "point"]
    if not shapes:
        return points, {}
    seen = {"geom__bboverlaps": Polygon.from_bbox(view.bounds)}
    with reading(None, "tile"):
        rows = {one.layer: matching(one.layer, one.query).filter(**seen) for one in shapes}
        return points, {layer: list(found.values_list("pk", flat=True)) for layer, found in rows.items()}


def _count(layer: Layer, points: Points, view: View) -> Count:
    """What lies inside the picture, by the place of each cluster."""
    inside = [item for item in points.items if view.holds(*view.plot(item.x, item.y))]
    classes: Counter[str] = Counter()
    for item in inside:
        classes.update(item.classes)
    return Count(sum(classes.values()), sum(item.count for item in inside), dict(classes))


def _area_counts(areas: Mapping[Layer, list[int]]) -> dict[str, Count]:
    return {layer.name: Count(len(ids), len(ids)) for layer, ids in areas.items()}


def _map(picture: Picture, view: View, found: Mapping[Layer, Points], areas: Mapping[Layer, list[int]]) -> str:
    ground = ground_of(view, picture.edition, beside=COARSE if picture.frame == "none" else FINE)
    names = archipelago_names(view)
    merged = [ring for layer, points in found.items() for ring in merge(layer, points.items, view)]
    near = view.zoom >= _BOUNDED_BELOW_ZOOM
    places = [] if near else [view.plot(item.x, item.y) for points in found.values() for item in points.items]
    boxes = tuple(one.box for one in names)
    separated = separate(merged, boxes, places=places, exact=view.zoom >= _EXACT_FROM_ZOOM)
    rings = [ring for ring in separated if _is_seen(ring, view)]
    taken = [one.box for one in names] + [_box(ring) for ring in rings]
    parts = [
        ground_shapes(ground, view),
        area_shapes(areas, view),
        place_names(ground.labels, view, [*taken, *_instruments_taken(view)]),
        marks(rings, picture.frame, badge=len(found) > 1),
        group((one.svg() for one in names), class_="archipelagos"),
        selected(picture, view),
    ]
    if picture.frame != "none":
        parts += [scale_bar(view), north(view)]
    return "".join(parts)


def _instruments_taken(view: View) -> list[Box]:
    """Where scale bar and north stand: names keep off."""
    return [Box(0, view.height - 40, 150, view.height), Box(view.width - 36, 0, view.width, 46)]


def _is_seen(ring: Ring, view: View) -> bool:
    return -ring.radius < ring.px < view.width + ring.radius and -ring.radius < ring.py < view.height + ring.radius


def _box(ring: Ring) -> Box:
    return Box(ring.px - ring.radius, ring.py - ring.radius, ring.px + ring.radius, ring.py + ring.radius)


def _document(picture: Picture, view: View, drawn: str, beside: Beside) -> str:
    inner = element("rect", width=view.width, height=view.height, class_="f-sea") + drawn
    framed = picture.frame != "none"
    seen = element("svg", inner, width=view.width, height=view.height, overflow="hidden") if framed else inner
    return element(
        "svg",
        element("title", words(picture.title)),
        element("desc", words(description(picture, beside))),
        element("style", style_sheet(picture.theme)),
        seen,
        _panel(picture, view, beside) if framed else "",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {picture.width} {picture.height}",
        width=picture.width,
        height=picture.height,
        role="img",
    )


def _panel(picture: Picture, view: View, beside: Beside) -> str:
    if view.height < picture.height:
        return panel(beside, x=0, y=view.height, width=picture.width, height=picture.height - view.height)
    return panel(beside, x=view.width, y=0, width=picture.width - view.width, height=picture.height)
