"""The marks of the map for QGIS: single features as the web map draws them, clusters as rings of shares.

Marks are the grounds of labels: QGIS cuts symbols of vector tiles off at the edge of their tile, labels it does not.
"""

import base64
import re
from xml.etree.ElementTree import Element

from layers.layer import Layer
from mapapp.qgis.expressions import any_of, field, text
from mapapp.qgis.maplibre import ZOOM
from mapapp.qgis.symbols import POINTS, fill, part, points, rgba, symbol
from tiles.palette import SAME_AS, colour
from tiles.picture.shapes import codes_of, mark_shape

POINT_PX, RING_PX = 20.0, 3.2
"""The size of the picture that holds a single mark where there is room, and how wide the shares of a ring are."""
_SMALL_PX, _SMALL_TO_ZOOM, _FULL_FROM_ZOOM = 8.0, 6, 12
_HALF = 12
_LEAST_PX, _MOST_PX = 9.5, 17.0
"""Radii of rings. They do not give way to each other here, so they are smaller than on the web map."""
_BADGE_PX = 8.0
_LEAST_SHARE = 0.03
# QGIS 3.22 draws a wedge of exactly 180 degrees as a whole disc.
_NEVER_HALF = 0.02
_CLASS = re.compile(r'class="([^"]*)"')
_PLAIN = {
    "n": 'fill="none"',
    "r": 'stroke-linecap="round" stroke-linejoin="round"',
    "b": 'font-weight="bold" font-family="Be Vietnam Pro, Segoe UI, Noto Sans, Arial"',
    "m": 'text-anchor="middle"',
}


def single(shape: str, token: str, sign: str, *, hollow: bool) -> Element:
    """The mark of one feature."""
    picture = _drawing(shape, token, sign, hollow=hollow)
    return part("SvgMarker", {"name": picture, "size": points(POINT_PX), "size_unit": "Point"})


def known_by_commune(shape: str, token: str, sign: str, *, hollow: bool) -> Element:
    """The same where one symbol draws all features of a state: a position known to the commune only is hollow."""
    pictures = [_drawing(shape, token, sign, hollow=hollow or of_commune) for of_commune in (True, False)]
    chosen = f"if({any_of('geom_accuracy', ['commune_centroid'])}, {', '.join(map(text, pictures))})"
    properties = {"name": pictures[-1], "size": points(POINT_PX), "size_unit": "Point"}
    return part("SvgMarker", properties, expressions={} if hollow else {"name": chosen})


def _drawing(shape: str, token: str, sign: str, *, hollow: bool) -> str:
    """The drawing of the map's own picture, as QGIS takes a picture in the place of a path."""
    drawn, size = mark_shape(shape, token, sign, hollow=hollow), 2 * _HALF
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}"'
        f' viewBox="{-_HALF} {-_HALF} {size} {size}">{_CLASS.sub(_attributes, drawn)}</svg>'
    )
    return f"base64:{base64.b64encode(picture.encode()).decode()}"


def _attributes(found: re.Match[str]) -> str:
    """What the picture's style sheet says of these classes, as attributes: QGIS reads no sheet."""
    return " ".join(filter(None, map(_attribute, found[1].split())))


def _attribute(name: str) -> str:
    kind, _, named = name.partition("-")
    if kind not in ("f", "s"):
        return _PLAIN.get(name, "")
    value = "#FFFFFF" if named == "on-data" else colour(named.replace("-", "_"), "light")
    return f'{"fill" if kind == "f" else "stroke"}="{value}"'


def single_size() -> str:
    """The expression of the size of single marks in points: small where many stand close, for none is left out."""
    return f"scale_linear({ZOOM}, {_SMALL_TO_ZOOM}, {_FULL_FROM_ZOOM}, {_SMALL_PX * POINTS}, {POINT_PX * POINTS})"


def number_of(layer: Layer) -> str:
    """The expression of how much a cluster counts for: its rows, or their weight."""
    return field(layer.weight or "count")


def radius_of(layer: Layer) -> str:
    """The expression of a ring's radius in points, by the logarithm of its number."""
    return f"scale_linear(log10({number_of(layer)}), 0.3, 6, {_LEAST_PX * POINTS}, {_MOST_PX * POINTS})"


def ring(layer: Layer) -> list[Element]:
    """A disc, around it the shares of its states clockwise from the top, at its foot the layer's mark."""
    radius = radius_of(layer)
    return [_disc(radius), *_arcs(layer, radius), *_badge(layer, radius)]


def _disc(radius: str) -> Element:
    colours = {"color": rgba(colour("panel", "light")), "outline_color": rgba(colour("line", "light"))}
    sizes = {
        "outline_width": points(0.5),
        "outline_width_unit": "Point",
        "size": points(_MOST_PX),
        "size_unit": "Point",
    }
    return part("SimpleMarker", {"name": "circle", **colours, **sizes}, expressions={"size": f"2 * {radius}"})


def _arcs(layer: Layer, radius: str) -> list[Element]:
    """One arc for each colour; what is there is seen."""
    members = _members(layer)
    if not members:
        return [_arc("array(1)", 0, radius, layer.style.colour or "accent")]
    seen = f"if(@element > 0, max(@element * 1.0 / {field('count')}, {_LEAST_SHARE}), 0)"
    shares = f"array_foreach(array({', '.join(members.values())}), {seen})"
    return [_arc(shares, place, radius, token) for place, token in enumerate(members)]


def _members(layer: Layer) -> dict[str, str]:
    """For each colour the expression of how many members have it; those without a class come last."""
    numbers: dict[str, list[str]] = {}
    for code in codes_of(layer).values():
        token, members = SAME_AS.get(code.colour, code.colour), f"coalesce({field(f'n_{code.code}')}, 0)"
        numbers.setdefault(token, []).append(members)
    if not numbers:
        return {}
    classed = " - ".join(one for some in numbers.values() for one in some)
    numbers.setdefault("unknown", []).append(f"{field('count')} - {classed}")
    return {token: " + ".join(some) for token, some in numbers.items()}


def _arc(shares: str, place: int, radius: str, token: str) -> Element:
    """The share at that place of the array, as a part of the ring; nothing where there is none."""
    before = f"array_sum(array_slice(@shares, 0, {place - 1}))" if place else "0"
    shape = (
        f"with_variable('shares', {shares}, with_variable('turn', 360.0 / array_sum(@shares), if(@shares[{place}] > 0,"
        f" with_variable('radius', {radius}, wedge_buffer(make_point(0, 0),"
        f" @turn * ({before} + @shares[{place}] / 2), @turn * @shares[{place}] + {_NEVER_HALF},"
        f" @radius, @radius - {RING_PX * POINTS})), NULL)))"
    )
    drawn = symbol("fill", fill(colour(token, "light")))
    return part("GeometryGenerator", {"SymbolType": "Fill", "units": "Point", "geometryModifier": shape}, drawn)


def _badge(layer: Layer, radius: str) -> list[Element]:
    """The layer's own mark at the foot of the ring; circles coloured by state have none."""
    by_state = layer.style.colour == "status"
    if by_state and layer.style.shape == "circle":
        return []
    token = "ink_soft" if by_state else layer.style.colour or "accent"
    colours = {"color": rgba(colour(token, "light")), "outline_color": rgba(colour("panel", "light"))}
    sizes = {
        "size": points(_BADGE_PX),
        "size_unit": "Point",
        "outline_width": points(1.2),
        "outline_width_unit": "Point",
    }
    place = {"offset_unit": "Point", "offset": f"0,{points(_LEAST_PX)}"}
    below = f"'0,' || to_string({radius} - {2 * POINTS})"
    marker = {"name": layer.style.shape, **colours, **sizes, **place}
    return [part("SimpleMarker", marker, expressions={"offset": below})]
