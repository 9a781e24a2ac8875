"""The gate for geometries in a filter: every one is checked as plain numbers before GEOS or the database sees it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import isfinite
from typing import Any, NoReturn

from django.contrib.gis.geos import GEOSException, GEOSGeometry

from geodata.crs import VN2000_GEOGRAPHIC, WGS84, Crs, transformer
from layers.areas import BBox, projected
from layers.axes import off_earth, west_first
from layers.cql2.conditions import Not, Property, Relation, Shape, Test
from layers.cql2.limits import MAX_DEPTH, MAX_VERTICES, too_complex
from layers.cql2.refusals import refused

Position = tuple[float, float]
_DEEPEST = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}
_AREAS = ("Polygon", "MultiPolygon")
# The sides of a box are straight in its own system: at so many places on each they are followed in degrees, less
# than a metre off where a side has 600 km.
_STEPS = 64
# What is moved has to stay wider than the last digits that are lost on the way.
_HAIRS = {WGS84: 1e-12, VN2000_GEOGRAPHIC: 1e-10}
_HAIR_M = 1e-5


def shape(geometry: dict, crs: Crs) -> Shape:
    """The geometry of a GeoJSON object in `crs`, in EPSG:4326. Raises BadParameter for one that is none."""
    wkt = _wkt(geometry, crs, depth=0)
    try:
        found = GEOSGeometry(wkt, srid=WGS84)
    except (GEOSException, ValueError):
        _refuse("không đọc được", "cannot be read")
    if not found.valid:
        _refuse("tự cắt hoặc chồng lên chính nó", "crosses or overlaps itself")
    return Shape(wkt)


def box(west: float, south: float, east: float, north: float, crs: Crs) -> Shape:
    """The area of a box, its numbers in the order of `crs`. One that crosses the antimeridian is two.

    Raises BadParameter.
    """
    west, south, east, north = west_first((west, south, east, north), crs)
    _check_degrees((west, east), (south, north), crs)
    crs = Crs(crs.code)
    if south > north or (west > east and crs.code != WGS84):
        _refuse("BBOX cần số nhỏ hơn đứng trước", "has a BBOX whose smaller numbers do not come first")
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    boxes = [_wide((left, south, right, north), crs) for left, right in spans]
    found = shape({"type": "MultiPolygon", "coordinates": [[_ring(one, crs)] for one in boxes]}, crs)
    return found if crs.code == WGS84 else replace(found, box=projected(crs.code, boxes[0]))


def related(name: str, left: Property | Shape, right: Property | Shape) -> Test:
    """The spatial relation. Raises BadParameter for a collection of unlike geometries where none is defined."""
    if name == "disjoint":
        return Not(Relation("intersects", left, right))
    shapes = [one for one in (left, right) if isinstance(one, Shape)]
    if name != "intersects" and any(one.wkt.startswith("GEOMETRYCOLLECTION") for one in shapes):
        raise refused(
            "filter.geometry",
            "GEOMETRYCOLLECTION chỉ dùng với S_INTERSECTS và S_DISJOINT.",
            "GEOMETRYCOLLECTION is for S_INTERSECTS and S_DISJOINT only.",
        )
    return Relation(name, left, right)


def _wide(box: BBox, crs: Crs) -> BBox:
    """The box, made a hair wider where it is a mere point or line, as the shared filter bbox is."""
    west, south, east, north = box
    hair = _HAIRS.get(crs.code, _HAIR_M)
    return west, south, max(east, west + hair), max(north, south + hair)


def _ring(box: BBox, crs: Crs) -> list[Position]:
    """The border of a box (least, then largest), its positions in `crs`: in degrees its sides are bent."""
    west, south, east, north = box
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    steps = _STEPS if crs.code != WGS84 else 1
    return [*(place for side in pairwise(corners) for place in _along(*side, steps)), corners[0]]


def _along(begin: Position, end: Position, steps: int) -> Iterator[Position]:
    for step in range(steps):
        share = step / steps
        yield begin[0] + (end[0] - begin[0]) * share, begin[1] + (end[1] - begin[1]) * share


def _wkt(geometry: dict, crs: Crs, *, depth: int) -> str:
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        return f"GEOMETRYCOLLECTION ({', '.join(_members(geometry, crs, depth))})"
    if kind not in _DEEPEST:
        _refuse(f"không có loại {str(kind)[:40]}", f"has no type {str(kind)[:40]}")
    return f"{kind.upper()} {_text(geometry.get('coordinates'), kind, _DEEPEST[kind], _placer(crs))}"


def _members(geometry: dict, crs: Crs, depth: int) -> Iterator[str]:
    members = geometry.get("geometries")
    if not isinstance(members, list | tuple) or not members or depth == MAX_DEPTH:
        _refuse("tập hợp rỗng", "is an empty collection")
    for member in members:
        if not isinstance(member, dict):
            _refuse("tập hợp có phần không phải hình", "has a member that is no geometry")
        yield _wkt(member, crs, depth=depth + 1)


def _text(coordinates: Any, kind: str, levels: int, place: Callable[[Any], Position]) -> str:
    if levels == 0:
        x, y = place(coordinates)
        return f"({x!r} {y!r})" if kind == "Point" else f"{x!r} {y!r}"
    if not isinstance(coordinates, list | tuple) or not coordinates:
        _refuse("rỗng", "is empty")
    if levels == 1:
        return _path(coordinates, kind, place)
    return f"({', '.join(_text(part, kind, levels - 1, place) for part in coordinates)})"


def _path(coordinates: Any, kind: str, place: Callable[[Any], Position]) -> str:
    """The positions of a line, a ring or many points."""
    places = [place(position) for position in coordinates]
    if kind in _AREAS and (len(places) < 4 or places[0] != places[-1]):
        _refuse("vòng cần ít nhất 4 điểm, điểm cuối là điểm đầu", "has a ring of less than 4 positions or not closed")
    if kind != "MultiPoint" and len(places) < 2:
        _refuse("đường cần ít nhất 2 điểm", "has a line of less than 2 positions")
    return f"({', '.join(f'{x!r} {y!r}' for x, y in places)})"


def _placer(crs: Crs) -> Callable[[Any], Position]:
    """What makes longitude and latitude out of a position in `crs`."""

    def place(position: Any) -> Position:
        if not isinstance(position, list | tuple) or len(position) != 2 or not all(map(_is_number, position)):
            _refuse("mỗi điểm cần đúng hai số", "needs exactly two numbers for each position")
        x, y = reversed(position) if crs.latitude_first else position
        _check_degrees((x,), (y,), crs)
        lon, lat = (float(x), float(y)) if crs.code == WGS84 else transformer(crs.code, WGS84).transform(x, y)
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            _refuse("nằm ngoài Trái Đất", "lies off the earth")
        return float(lon), float(lat)

    return place


def _check_degrees(lons: Sequence[float], lats: Sequence[float], crs: Crs) -> None:
    told = off_earth(lons, lats, crs)
    if told:
        _refuse(told.vi, f"is {told.en}")


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and isfinite(value)


def check_positions(count: int) -> None:
    """Raises BadParameter where a filter has too many positions."""
    if count > MAX_VERTICES:
        raise too_complex(f"nhiều nhất {MAX_VERTICES} điểm", f"{MAX_VERTICES} positions at most")


def _refuse(vi: str, en: str) -> NoReturn:
    raise refused("filter.geometry", f"Hình trong bộ lọc: {vi}.", f"A geometry of the filter {en}.")
