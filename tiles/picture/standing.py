"""Marks where they stand: rings, single features, and the ring round what is selected."""

from collections.abc import Iterable

from tiles.picture.beside import in_ring, written
from tiles.picture.lettering import text_width
from tiles.picture.merging import Ring
from tiles.picture.picture import Frame, Picture
from tiles.picture.shapes import codes_of, mark_shape, point_mark, ring_shape
from tiles.picture.svg import element, group, words
from tiles.picture.view import View


def marks(rings: Iterable[Ring], frame: Frame, *, badge: bool) -> str:
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


def selected(picture: Picture, view: View) -> str:
    """An accent ring round the selected record, and its name in a box below."""
    if picture.selected is None:
        return ""
    lon, lat, text = picture.selected
    x, y = view.plot_degrees(lon, lat)
    if not view.holds(x, y):
        return ""
    short = text if len(text) <= 42 else f"{text[:41]}…"
    half = text_width(short, 13) / 2 + 8
    shift = min(max(0.0, half + 2 - x), 9999.0) - max(0.0, x + half + 2 - view.width)
    ring = element("circle", r=14, class_="n s-accent", stroke_width=3.5)
    ground = element("rect", x=shift - half, y=20, width=2 * half, height=24, rx=4, class_="f-panel s-line")
    label = element("text", words(short), x=shift, y=36.5, class_="b m f-ink", font_size=13)
    return element("g", ring, ground, label, transform=f"translate({x:.1f} {y:.1f})", class_="selected")
