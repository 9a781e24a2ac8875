"""The picture put together: ground, names, rings and points, archipelagos, selection, and what stands beside it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from geodata.language import both
from layers.layer import Layer
from layers.query import FeatureQuery, matching, reading
from tiles.picture.beside import PANEL_PX, Beside, Row, in_ring, panel, panel_height, written
from tiles.picture.ground import UNITS, Ground, ground_of, outlines_of, zoom_of
from tiles.picture.instruments import LOCATOR_PX, locator, north, scale_bar
from tiles.picture.lettering import Name, archipelago_names, place_names, text_width
from tiles.picture.marks import Points, points_of
from tiles.picture.merging import Ring, merge
from tiles.picture.palette import PictureTheme, style_sheet
from tiles.picture.separating import Box, separate
from tiles.picture.shapes import codes_of, layer_mark, mark_shape, point_mark, ring_shape
from tiles.picture.svg import element, group, words
from tiles.picture.view import View, country_view

Frame = Literal["full", "none", "paper"]
_NO_STATE = both("Chưa có kết luận", "No conclusion yet")
_AT_LEAST = both("Vùng này có nhiều hơn số đã vẽ.", "There is more here than is drawn.")
_IN_PICTURE = both("Trong hình này", "In this picture")
_NOTHING = both("Chưa chọn lớp dữ liệu", "No layer is chosen")
_SIDE_BY_SIDE = 1.05
_MOST_OF_PANEL = 0.62
# As on the screen (static/js/rings.js): farther away a step aside may lead abroad, nearer marks say where a thing is.
_BOUNDED_BELOW_ZOOM, _EXACT_FROM_ZOOM = 9, 11


@dataclass(frozen=True)
class Asked:
    """One layer and the filters it is drawn under."""

    layer: Layer
    query: FeatureQuery


@dataclass(frozen=True)
class Picture:
    """What is to be drawn. `place` is (zoom, lat, lon), None for the whole country; texts are in the active language.

    `frame` full: with all that a picture must say; paper: without what the sheet around it says; none: the map alone.
    `selected` is a position (lon, lat) and a name; `notes` are the filters in force; `foot` the date and sources.
    """

    asked: tuple[Asked, ...]
    width: int
    height: int
    edition: str
    title: str
    place: tuple[float, float, float] | None = None
    theme: PictureTheme = "auto"
    frame: Frame = "full"
    selected: tuple[float, float, str] | None = None
    demo: bool = False
    notes: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    """How many of a layer lie in the picture: rows, what the rings add up, rows by class (without one under "")."""

    rows: int
    weight: int
    classes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """The SVG, what it counts of each layer by name, and the view that its map shows."""

    svg: str
    counts: dict[str, Count]
    view: View


def draw(picture: Picture) -> Drawn:
    """The picture as SVG. Raises TooCostly and Busy as tiles do."""
    below = picture.width < _SIDE_BY_SIDE * picture.height
    view = _view(picture, picture.width, picture.height)
    if picture.frame != "none" and not below:
        view = _view(picture, picture.width - _panel_width(picture), picture.height)
    found, areas = _read(picture, view)
    counts = {layer.name: _count(layer, points, view) for layer, points in found.items()} | _area_counts(areas)
    beside = _beside(picture, view, found, counts)
    if picture.frame != "none" and below:
        high = min(panel_height(beside, picture.width), int(picture.height * _MOST_OF_PANEL))
        view = _view(picture, picture.width, picture.height - high)
        # The map is lower than what was read for: only what it shows is counted.
        counts |= {layer.name: _count(layer, points, view) for layer, points in found.items()}
        beside = _beside(picture, view, found, counts)
    return Drawn(_document(picture, view, _map(picture, view, found, areas), beside, counts), counts, view)


def _panel_width(picture: Picture) -> int:
    return min(PANEL_PX, int(picture.width * 0.42))


def _view(picture: Picture, width: int, height: int) -> View:
    if picture.place is None:
        return country_view(width, height)
    zoom, lat, lon = picture.place
    return View(lon, lat, zoom, width, height)


def _read(picture: Picture, view: View) -> tuple[dict[Layer, Points], dict[Layer, list[int]]]:
    """The points of each layer of points, and the ids of each layer of areas."""
    points = {
        one.layer: points_of(one.layer, one.query, view) for one in picture.asked if one.layer.geometry == "point"
    }
    shapes = [one for one in picture.asked if one.layer.geometry != "point"]
    if not shapes:
        return points, {}
    with reading(None, "tile"):
        return points, {one.layer: [row.pk for row in matching(one.layer, one.query).only("pk")] for one in shapes}


def _count(layer: Layer, points: Points, view: View) -> Count:
    """What lies inside the picture, by the place of each cluster."""
    inside = [item for item in points.items if _is_inside(view, *view.plot(item.x, item.y))]
    classes: Counter[str] = Counter()
    for item in inside:
        classes.update(item.classes)
    return Count(sum(classes.values()), sum(item.count for item in inside), dict(classes))


def _area_counts(areas: Mapping[Layer, list[int]]) -> dict[str, Count]:
    return {layer.name: Count(len(ids), len(ids)) for layer, ids in areas.items()}


def _is_inside(view: View, x: float, y: float) -> bool:
    return 0 <= x <= view.width and 0 <= y <= view.height


def _map(picture: Picture, view: View, found: Mapping[Layer, Points], areas: Mapping[Layer, list[int]]) -> str:
    ground, names = ground_of(view, picture.edition), archipelago_names(view)
    merged = [ring for layer, points in found.items() for ring in merge(layer, points.items, view)]
    near = view.zoom >= _BOUNDED_BELOW_ZOOM
    places = [] if near else [view.plot(item.x, item.y) for points in found.values() for item in points.items]
    boxes = tuple(one.box for one in names)
    separated = separate(merged, boxes, places=places, exact=view.zoom >= _EXACT_FROM_ZOOM)
    rings = [ring for ring in separated if _is_seen(ring, view)]
    taken = [one.box for one in names] + [_box(ring) for ring in rings]
    parts = [
        _ground(ground, view),
        _areas(areas, view),
        place_names(ground.labels, view, [*taken, *_instruments_taken(view)]),
        _marks(rings, picture.frame, badge=len(found) > 1),
        _archipelagos(names),
        _selected(picture, view),
    ]
    if picture.frame != "none":
        parts += [scale_bar(view), north(view)]
    return "".join(parts)


def _ground(ground: Ground, view: View) -> str:
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


def _areas(areas: Mapping[Layer, list[int]], view: View) -> str:
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


def _instruments_taken(view: View) -> list[Box]:
    """Where scale bar and north stand: names keep off."""
    return [Box(0, view.height - 40, 150, view.height), Box(view.width - 36, 0, view.width, 46)]


def _is_seen(ring: Ring, view: View) -> bool:
    return -ring.radius < ring.px < view.width + ring.radius and -ring.radius < ring.py < view.height + ring.radius


def _box(ring: Ring) -> Box:
    return Box(ring.px - ring.radius, ring.py - ring.radius, ring.px + ring.radius, ring.py + ring.radius)


def _marks(rings: Iterable[Ring], frame: Frame, *, badge: bool) -> str:
    """Single features below, rings above, the largest last; each kind of mark is drawn once and used."""
    kinds: dict[tuple[str, str, str, bool], str] = {}
    points, drawn = [], []
    for ring in rings:
        title = element("title", words(_told(ring))) if frame != "none" else ""
        if ring.count > 1:
            shape = ring_shape(ring, in_ring(ring.count), badge=badge)
            drawn.append(_standing(ring, title + shape, data_count=_rows(ring)))
        else:
            key = kinds.setdefault(point_mark(ring), f"m{len(kinds)}")
            points.append(_standing(ring, title + element("use", href=f"#{key}"), data_count=_rows(ring)))
    defs = (element("g", mark_shape(*kind[:3], hollow=kind[3]), id=key) for kind, key in kinds.items())
    defined = element("defs", *defs) if kinds else ""
    return defined + group(points, class_="points") + group(reversed(drawn), class_="rings")


def _standing(ring: Ring, markup: str, **data: object) -> str:
    return element("g", markup, transform=f"translate({ring.px:.1f} {ring.py:.1f})", data_layer=ring.layer.name, **data)


def _rows(ring: Ring) -> int:
    return sum(ring.classes().values())


def _told(ring: Ring) -> str:
    """A single feature's name; of a ring its number and parts."""
    properties = ring.parts[0].properties
    if ring.count < 2 and properties.get(ring.layer.heading):
        return str(properties[ring.layer.heading])
    codes = codes_of(ring.layer)
    parts = [f"{codes[code].label} {written(n)}" for code, n in ring.classes().items() if code in codes]
    return f"{written(ring.count)} {ring.layer.noun}" + (f": {'; '.join(parts)}" if parts else "")


def _archipelagos(names: list[Name]) -> str:
    return group((one.svg() for one in names), class_="archipelagos")


def _selected(picture: Picture, view: View) -> str:
    """An accent ring round the selected record, and its name in a box below."""
    if picture.selected is None:
        return ""
    lon, lat, text = picture.selected
    x, y = view.plot_degrees(lon, lat)
    if not _is_inside(view, x, y):
        return ""
    short = text if len(text) <= 42 else f"{text[:41]}…"
    half = text_width(short, 13) / 2 + 8
    shift = min(max(0.0, half + 2 - x), 9999.0) - max(0.0, x + half + 2 - view.width)
    ring = element("circle", r=14, class_="n s-accent", stroke_width=3.5)
    ground = element("rect", x=shift - half, y=20, width=2 * half, height=24, rx=4, class_="f-panel s-line")
    label = element("text", words(short), x=shift, y=36.5, class_="b m f-ink", font_size=13)
    return element("g", ring, ground, label, transform=f"translate({x:.1f} {y:.1f})", class_="selected")


def _beside(picture: Picture, view: View, found: Mapping[Layer, Points], counts: Mapping[str, Count]) -> Beside:
    alone = picture.frame == "full"
    rows = [Row(picture.title, classes="b f-ink", size=15, before=4)] if alone else []
    rows += [Row(str(_IN_PICTURE if picture.asked else _NOTHING), classes="f-ink-soft", size=12.5, before=8)]
    for one in picture.asked:
        rows += _layer_rows(one.layer, counts[one.layer.name])
    rough = [str(_AT_LEAST)] if any(points.at_least for points in found.values()) else []
    whole = view.shows_country
    return Beside(
        demo=picture.demo and alone,
        rows=rows,
        notes=[*picture.notes, *rough],
        foot=list(picture.foot) if alone else [],
        locator="" if whole or picture.frame == "none" else locator(view, picture.edition),
        locator_size=(0.0, 0.0) if whole else LOCATOR_PX,
    )


def _layer_rows(layer: Layer, count: Count) -> list[Row]:
    """The layer with its number, and each of its states that occurs with its own."""
    head = Row(str(layer.title), layer_mark(layer), written(count.weight), "b f-ink", before=6)
    codes = codes_of(layer)
    states = [
        Row(_capital(str(code.label)), _state_mark(code.colour, code.symbol), written(count.classes[key]))
        for key, code in codes.items()
        if count.classes.get(key)
    ]
    rest = sum(n for key, n in count.classes.items() if key not in codes) if codes else 0
    none = [Row(str(_NO_STATE), _state_mark("unknown", ""), written(rest))] if rest else []
    return [head, *states, *none]


def _state_mark(colour: str, symbol: str) -> str:
    return mark_shape("circle", colour, symbol)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _document(picture: Picture, view: View, drawn: str, beside: Beside, counts: Mapping[str, Count]) -> str:
    inner = element("rect", width=view.width, height=view.height, class_="f-sea") + drawn
    framed = picture.frame != "none"
    seen = element("svg", inner, width=view.width, height=view.height, overflow="hidden") if framed else inner
    return element(
        "svg",
        element("title", words(picture.title)),
        element("desc", words(_description(picture, beside))),
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


def _description(picture: Picture, beside: Beside) -> str:
    """All that the picture says, in words."""
    rows = [f"{row.text}: {row.number}" for row in beside.rows if row.number]
    return ". ".join([*rows, *beside.notes, *picture.foot])
