"""Geometries and times of a filter, in GML 3.2: read strictly, never followed anywhere."""

from collections.abc import Sequence
from math import isfinite

from gisserver.parsers.xml import NSElement
from pygeofilter import values

from geodata.crs import WGS84, Crs, UnknownCrs, official, read_crs, transformer
from layers.axes import off_earth
from layers.cql2.calls import Box
from layers.cql2.geometries import check_positions
from layers.cql2.refusals import named
from layers.errors import BadParameter
from layers.numbers import read_number
from services.wfs.names import GML, local
from services.wfs.refusals import Refusal, invalid, unparsed

Position = tuple[float, float]
_LINKS = "{http://www.w3.org/1999/xlink}"
# What may stand in what, and how many coordinates deep its positions lie in GeoJSON.
_MANY = {
    "MultiPoint": ("MultiPoint", "pointMember", "pointMembers", "Point"),
    "MultiCurve": ("MultiLineString", "curveMember", "curveMembers", "LineString"),
    "MultiSurface": ("MultiPolygon", "surfaceMember", "surfaceMembers", "Polygon"),
}
SHAPES = ("Point", "LineString", "Polygon", "Envelope", *_MANY)
_NUMBERS = ("pos", "posList", "lowerCorner", "upperCorner")
TIMES = ("TimeInstant", "TimePeriod")


def geometry(element: NSElement) -> values.Geometry | Box:
    """The geometry in EPSG:4326, longitude first; a box as it is written. Raises Refusal."""
    name = local(element.tag, GML)
    if name not in SHAPES:
        offered = ", ".join(SHAPES)
        raise _bad(f"chỉ nhận GML 3.2: {offered}", f"GML 3.2 is taken, of it {offered}")
    srs_name = element.attrib.get("srsName", "")
    crs = read_srs(srs_name)
    _check_all(element, srs_name)
    if name == "Envelope":
        lower, upper = _corners(element)
        return box([*lower, *upper], crs)
    kind, coordinates = _coordinates(element, name)
    return values.Geometry({"type": kind, "coordinates": _placed(coordinates, crs)})


def check_size(element: NSElement) -> None:
    """Raises BadParameter where the geometries of a filter have too many positions: before a number of them is read."""
    words = sum(len((part.text or "").split()) for part in element.iter() if local(part.tag, GML) in _NUMBERS)
    with named("filter"):
        check_positions(words // 2)


def box(corners: Sequence[float], crs: Crs) -> Box:
    """The box between two corners (of `crs`, in its order)."""
    first, second, far_first, far_second = corners
    return Box(first, far_first, second, far_second, crs)


def read_srs(name: str) -> Crs:
    """The system that a literal is in; without a name that of our types (GDAL names none). Raises Refusal."""
    try:
        return read_crs(name) if name else official(WGS84)
    except UnknownCrs as error:
        raise invalid(
            "srsName",
            "srsName của hình không phải hệ tọa độ trong GetCapabilities.",
            "The srsName of a geometry is none of the systems that GetCapabilities names.",
        ) from error


def time(element: NSElement) -> str | values.Interval:
    """The instant or period as it is written: what a day is decides who compares it. Raises Refusal."""
    _check_all(element, "")
    if local(element.tag, GML) == "TimeInstant":
        return _instant(element)
    begin, end = (_end(element, name) for name in ("begin", "end"))
    return values.Interval(begin, end)


def _end(element: NSElement, name: str) -> str:
    """An end of a period: `beginPosition`, or `begin` with an instant."""
    position, inner = element.find(f"{{{GML}}}{name}Position"), element.find(f"{{{GML}}}{name}/{{{GML}}}TimeInstant")
    if (position is None) == (inner is None):
        raise _bad(f"TimePeriod cần một {name}", f"a TimePeriod needs one {name}")
    return _text(position) if inner is None else _instant(inner)


def _instant(element: NSElement) -> str:
    position = element.find(f"{{{GML}}}timePosition")
    if position is None or len(element) != 1:
        raise _bad("TimeInstant cần một timePosition", "a TimeInstant needs one timePosition")
    return _text(position)


def _text(element: NSElement) -> str:
    if len(element) or "indeterminatePosition" in element.attrib or not (element.text or "").strip():
        raise _bad("thời điểm cần viết rõ", "a time has to be written out")
    return (element.text or "").strip()


def _check_all(element: NSElement, srs_name: str) -> None:
    """Raises Refusal where a part names another system, another dimension, or another document."""
    for part in element.iter():
        if any(name.startswith(_LINKS) for name in part.attrib):
            raise _bad("không theo xlink", "links are not followed")
        if part.attrib.get("srsName", srs_name) != srs_name:
            raise _bad("các phần khác srsName", "its parts name different systems")
        if part.attrib.get("srsDimension", "2") != "2":
            raise _bad("chỉ nhận hai chiều", "it has two dimensions")


def _coordinates(element: NSElement, name: str) -> tuple[str, list]:
    if name in _MANY:
        kind, member, members, inner = _MANY[name]
        found = [one for part in element for one in _inside(part, member, members)]
        if not found or any(one.tag != f"{{{GML}}}{inner}" for one in found):
            raise _bad(f"{name} cần các {inner}", f"a {name} has members {inner}")
        return kind, [_coordinates(one, inner)[1] for one in found]
    if name == "Point":
        places = _positions(element)
        if len(places) != 1:
            raise _bad("Point cần một pos", "a Point has one pos")
        return name, list(places[0])
    return name, _positions(element) if name == "LineString" else _rings(element)


def _inside(part: NSElement, member: str, members: str) -> list[NSElement]:
    name = local(part.tag, GML)
    if name not in (member, members) or (name == member and len(part) != 1):
        raise _bad(f"cần {member}", f"{member} is wanted")
    return list(part)


def _rings(element: NSElement) -> list[list[Position]]:
    if not len(element) or [local(part.tag, GML) for part in element] != ["exterior"] + ["interior"] * (
        len(element) - 1
    ):
        raise _bad("Polygon cần một exterior, rồi các interior", "a Polygon has one exterior, then interiors")
    rings = [part[0] if len(part) == 1 else part for part in element]
    if any(ring.tag != f"{{{GML}}}LinearRing" for ring in rings):
        raise _bad("vòng là LinearRing", "a ring is a LinearRing")
    return [_positions(ring) for ring in rings]


def _positions(element: NSElement) -> list[Position]:
    """Of `pos` elements, or of one `posList`."""
    names = {local(part.tag, GML) for part in element}
    if names not in ({"pos"}, {"posList"}) or (names == {"posList"} and len(element) != 1) or _deeper(element):
        raise _bad("cần pos hay một posList", "pos or one posList is wanted")
    return [place for part in element for place in _pairs(part)]


def _deeper(element: NSElement) -> bool:
    return any(len(part) for part in element)


def _corners(element: NSElement) -> tuple[Sequence[float], Sequence[float]]:
    names = [local(part.tag, GML) for part in element]
    if names != ["lowerCorner", "upperCorner"] or _deeper(element):
        raise _bad("Envelope cần lowerCorner, upperCorner", "an Envelope has lowerCorner and upperCorner")
    lower, upper = (_pairs(part) for part in element)
    if len(lower) != 1 or len(upper) != 1:
        raise _bad("mỗi góc cần hai số", "a corner has two numbers")
    return lower[0], upper[0]


def _pairs(element: NSElement) -> list[Position]:
    numbers = [_number(word) for word in (element.text or "").split()]
    if not numbers or len(numbers) % 2:
        raise _bad("số tọa độ phải chẵn", "coordinates come in pairs")
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _number(word: str) -> float:
    try:
        return read_number(word, "filter")
    except BadParameter as error:
        raise _bad("tọa độ không phải là số", "a coordinate is no number") from error


def _placed(coordinates: list, crs: Crs) -> list:
    """The same positions as longitude and latitude."""
    if isinstance(coordinates[0], list):
        return [_placed(one, crs) for one in coordinates]
    if not isinstance(coordinates[0], tuple):
        return _placed([tuple(coordinates)], crs)[0]  # type: ignore[no-any-return]
    x, y = zip(*coordinates, strict=True)
    if crs.latitude_first:
        x, y = y, x
    told = off_earth(x, y, crs)
    if told:
        raise _bad(told.vi, f"it is {told.en}")
    lons, lats = (x, y) if crs.code == WGS84 else transformer(crs.code, WGS84).transform(x, y)
    if not all(map(isfinite, (*lons, *lats))) or max(map(abs, lons)) > 180 or max(map(abs, lats)) > 90:
        raise _bad("tọa độ nằm ngoài Trái Đất: kiểm tra srsName", "it lies off the earth: look at its srsName")
    return [[lon, lat] for lon, lat in zip(lons, lats, strict=True)]


def _bad(vi: str, en: str) -> Refusal:
    return unparsed("filter", f"Hình hoặc thời gian trong bộ lọc: {vi}.", f"A geometry or time of the filter: {en}.")
