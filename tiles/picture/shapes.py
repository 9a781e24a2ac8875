"""The marks of the map as SVG: rings of shares around a count, and single features with the sign of their state."""

from math import cos, pi, sin

from layers.codes import Code
from layers.layer import Layer
from tiles.picture.merging import Ring
from tiles.picture.palette import name
from tiles.picture.svg import element, number, words

_MARK_RADIUS = 8.0
_STEPS = 36
_NOTHING_IN_FORCE = ("expired", "withdrawn", "void")
_GLYPHS = {
    "✓": "M-3.2.3-1 2.5 3.2-2.3",
    "×": "M-2.3-2.3 2.3 2.3M2.3-2.3-2.3 2.3",
    "!": "M0-3.6V.9M0 3.4v.1",
    "‖": "M-1.5-2.6v5.2M1.5-2.6v5.2",
    "–": "M-2.6 0h5.2",
}
_PARTS_OF_DISC = {"◔": "M0 0V-3.4A3.4 3.4 0 0 1 3.4 0Z", "◑": "M0-3.4A3.4 3.4 0 0 1 0 3.4Z"}


def codes_of(layer: Layer) -> dict[str, Code]:
    """The codes that colour a layer, by code; empty when none do."""
    field = layer.class_field
    return {code.code: code for code in (field.codes.read("open") if field and field.codes else ()) if code.colour}


def ring_shape(ring: Ring, text: str, *, badge: bool) -> str:
    """A ring around its count at 0, 0."""
    size = max(8.5, min(8 + ring.radius * 0.22, (ring.radius - 5) * 2 / (len(text) * 0.7)))
    label = element("text", words(text), class_="b m f-ink", y=round(size * 0.36, 1), font_size=round(size, 1))
    foot = _badge(ring) if badge else ""
    disc = element("circle", class_="f-panel s-line", r=ring.radius, stroke_width=0.5)
    return disc + "".join(_arcs(ring)) + label + foot


def mark_shape(shape: str, colour: str, symbol: str = "", *, hollow: bool = False) -> str:
    """The mark of one feature at 0, 0: its layer's shape, its colour, the sign of its state inside."""
    ground = _outline(shape, _MARK_RADIUS + 1.5, class_="f-panel")
    if hollow:
        body = _outline(shape, _MARK_RADIUS - 1, class_=f"n s-{name(colour)}", stroke_width=2)
        return ground + body + _glyph(symbol, name(colour))
    return ground + _outline(shape, _MARK_RADIUS, class_=f"f-{name(colour)}") + _glyph(symbol, "on-data")


def point_mark(ring: Ring) -> tuple[str, str, str, bool]:
    """What `mark_shape` draws for a single feature: shape, colour, symbol, hollow."""
    layer, properties = ring.layer, ring.parts[0].properties
    code = codes_of(layer).get(str(properties.get(layer.style.classes, "")))
    colour, ended = mark_of(layer, code)
    of_commune = properties.get("geom_accuracy") == "commune_centroid"
    return layer.style.shape, colour, code.symbol if code else "", ended or of_commune


def mark_of(layer: Layer, code: Code | None) -> tuple[str, bool]:
    """The token of a feature's mark by its state, and whether it is hollow because nothing is in force any more."""
    ended = layer.style.colour != "status" and code is not None and name(code.colour) in map(name, _NOTHING_IN_FORCE)
    return "unknown" if ended else colour_of(layer, code), ended


def colour_of(layer: Layer, code: Code | None) -> str:
    """The token of a feature's mark: its state's where the layer is coloured by that, else the layer's own."""
    if layer.style.colour != "status":
        return layer.style.colour or "accent"
    return code.colour if code else "unknown"


def layer_mark(layer: Layer) -> str:
    """The mark by which a layer is known."""
    if layer.geometry == "polygon":
        return element("rect", x=-7, y=-5, width=14, height=10, class_="n s-accent", stroke_width=2)
    first = next(iter(codes_of(layer).values()), None)
    return mark_shape(layer.style.shape, colour_of(layer, first))


def _arcs(ring: Ring) -> list[str]:
    """The shares clockwise from the top, in the order of the codes; what has no class comes last."""
    width = 3.0 if ring.radius < 14 else 4.0
    reach = ring.radius - width / 2 - 0.5
    shares = _shares(ring)
    if len(shares) == 1:
        return [element("circle", class_=f"n s-{shares[0][0]}", r=reach, stroke_width=width)]
    ends, arcs, gap = 0.0, [], 0.6 / ring.radius
    for token, share in shares:
        start, ends = ends, ends + share * 2 * pi
        path = _arc(reach, start + gap, max(start + gap + 0.02, ends - gap))
        arcs.append(element("path", d=path, class_=f"n s-{token}", stroke_width=width))
    return arcs


def _shares(ring: Ring) -> list[tuple[str, float]]:
    """(colour, share of the whole) for each colour that occurs; one that is there is seen."""
    codes, counts = codes_of(ring.layer), ring.classes()
    if not codes:
        return [(name(ring.layer.style.colour or "accent"), 1.0)]
    sums = dict.fromkeys((name(code.colour) for code in codes.values()), 0)
    for code, count in counts.items():
        token = name(codes[code].colour) if code in codes else "unknown"
        sums[token] = sums.get(token, 0) + count
    seen = {token: max(n / max(1, sum(sums.values())), 1 / _STEPS) for token, n in sums.items() if n}
    whole = sum(seen.values())
    return [(token, share / whole) for token, share in seen.items()] or [("unknown", 1.0)]


def _arc(reach: float, start: float, end: float) -> str:
    (x1, y1), (x2, y2) = ((reach * sin(angle), -reach * cos(angle)) for angle in (start, end))
    large = int(end - start > pi)
    return f"M{number(x1)} {number(y1)}A{number(reach)} {number(reach)} 0 {large} 1 {number(x2)} {number(y2)}"


def _badge(ring: Ring) -> str:
    """The layer's own mark at the foot of the ring; circles coloured by state have none."""
    shape, colour = ring.layer.style.shape, ring.layer.style.colour
    if colour == "status" and shape == "circle":
        return ""
    token = "ink-soft" if colour == "status" else name(colour or "accent")
    marks = _outline(shape, 5.5, class_="f-panel") + _outline(shape, 4.0, class_=f"f-{token}")
    return element("g", marks, transform=f"translate(0 {number(ring.radius - 3.5)})")


def _outline(shape: str, radius: float, **attributes: object) -> str:
    """The outline of a layer's shape; the others are sized to weigh as much as the circle."""
    if shape == "square":
        side = round(radius * 1.8, 1)
        half = round(-radius * 0.9, 1)
        return element("rect", x=half, y=half, width=side, height=side, rx=1.5, **attributes)
    if shape in ("diamond", "hexagon"):
        reach, corners = (radius * 1.2, 4) if shape == "diamond" else (radius * 1.1, 6)
        return element("path", d=_polygon(reach, corners), **attributes)
    return element("circle", r=radius, **attributes)


def _polygon(reach: float, corners: int) -> str:
    turns = [corner / corners * 2 * pi for corner in range(corners)]
    return "M" + "L".join(f"{number(reach * sin(turn))} {number(-reach * cos(turn))}" for turn in turns) + "Z"


def _glyph(symbol: str, token: str) -> str:
    """The sign of the state, drawn by hand: fonts differ in where such signs sit."""
    if symbol in _GLYPHS:
        return element("path", d=_GLYPHS[symbol], class_=f"n r s-{token}", stroke_width=1.7)
    if symbol in _PARTS_OF_DISC:
        circle = element("circle", r=3.4, class_=f"n s-{token}", stroke_width=1.3)
        return circle + element("path", d=_PARTS_OF_DISC[symbol], class_=f"f-{token}")
    if symbol == "○":
        return element("circle", r=2.6, class_=f"n s-{token}", stroke_width=1.3)
    return element("text", words(symbol), class_=f"b m f-{token}", y=3.2, font_size=9) if symbol else ""
