"""The one filter grammar: URL parameters in, a FeatureQuery out.

Comma: or. Different names: and. Every unknown name or value is refused by name: nothing is ignored or clamped.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches

from django.http import QueryDict

from geodata.crs import CRS84, Crs
from geodata.language import Both, both
from geodata.models import AdministrativeUnit
from geodata.text import search_key
from layers.access import User, connection_for
from layers.areas import BBox, Circle
from layers.axes import off_earth, west_first
from layers.competence.reading import read
from layers.cql2.reading import read_text
from layers.errors import BadParameter
from layers.layer import Field, Layer
from layers.numbers import read_number
from layers.query import Competences, DateRange, FeatureQuery, Value, map_day

SHARED = ("province", "commune", "bbox", "within", "q", "on")
"""Filters of every layer that mean the same for all of them."""
CQL2 = "filter"
"""A condition in CQL2 text, which names the properties of one layer."""
CQL2_CONDITION = both("Điều kiện CQL2", "CQL2 condition")
MAX_CODES = 200
MAX_RADIUS_M = 2_000_000
MAX_TEXT, MAX_WORDS, MAX_COMPETENCES = 200, 30, 12
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
_MAX_LISTED = 40
_COMMUNES_ARE_AT = both("Mã của các xã, phường, đặc khu: /api/v1/communes/.", "Their codes: /api/v1/communes/.")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffd]")


def parse(
    layer: Layer, parameters: QueryDict, user: User = None, *, also: Iterable[str] = (), today: date | None = None
) -> FeatureQuery:
    """The question that these URL parameters ask of `layer`; names in `also` belong to the protocol and are left alone.

    `today` is the day the map stands on, where the caller knows it.
    Raises BadParameter for an unknown name, a name given twice, or a value that means nothing.
    """
    also = set(also)
    values = single_values(parameters, known={*shared_by(layer), CQL2, *(item.name for item in layer.filters), *also})
    using = connection_for(user)
    on = read_day(values["on"], "on") if "on" in values else None
    if on and not layer.dated:
        raise _refused(
            "on",
            "on.unavailable",
            "Lớp này chỉ có số liệu của ngày hiện tại.",
            "This layer has figures of the map's day only.",
        )
    day = on or today or map_day(using)
    return FeatureQuery(
        day=day,
        on=on,
        values={item.name: _value(item, values[item.name], using) for item in layer.filters if item.name in values},
        provinces=_unit_codes(values, "province", using, layer, day),
        communes=_unit_codes(values, "commune", using, layer, day),
        bboxes=read_bbox(values["bbox"]) if "bbox" in values else (),
        within=read_circle(values["within"]) if "within" in values else None,
        words=read_words(values["q"]) if "q" in values else (),
        condition=read_text(values[CQL2], layer, user, parameter=CQL2) if CQL2 in values else None,
    )


def shared_by(layer: Layer) -> tuple[str, ...]:
    """The shared filters that the layer takes: of a table without geometry those that its rows can answer."""
    names = [
        *(("province", "commune") if layer.units else ()),
        *(("bbox", "within") if layer.geometry else ()),
        *(("q",) if layer.search else ()),
        "on",
    ]
    return tuple(names)


def single_values(parameters: QueryDict, *, known: set[str]) -> dict[str, str]:
    """Each parameter's one value. Raises BadParameter for an unknown name or one given twice."""
    for name in parameters:
        if name not in known:
            others = _other_names(name[:60], known)
            raise _refused(
                name,
                "param.unknown",
                f"Không có tham số “{name[:60]}” ở đây. {others.vi}".rstrip(),
                f"There is no parameter “{name[:60]}” here. {others.en}".rstrip(),
            )
        if len(parameters.getlist(name)) > 1:
            raise _refused(
                name,
                "param.repeated",
                f"Tham số {name} có mặt hai lần.",
                f"The parameter {name} is given twice.",
            )
        if _FORBIDDEN.search(parameters[name]):
            raise _refused(
                name,
                "param.characters",
                f"{name} có ký tự không dùng được.",
                f"{name} has characters that cannot be used.",
            )
    return {name: parameters[name] for name in parameters}


def _other_names(name: str, known: set[str]) -> Both:
    """The names that are known where they are few, else those most like `name`; empty where none is."""
    if not known:
        return both("Địa chỉ này không nhận tham số nào.", "This address takes none.")
    if len(known) <= _MAX_LISTED:
        listed = ", ".join(sorted(known))
        return both(f"Tham số có thể dùng: {listed}.", f"Known ones: {listed}.")
    bare = name.rpartition(".")[2]
    like = dict.fromkeys([*([bare] if bare in known else []), *get_close_matches(name, sorted(known))])
    return both(f"Tên gần giống: {', '.join(like)}.", f"Names like it: {', '.join(like)}.") if like else both("", "")


def read_day(text: str, parameter: str) -> date:
    """The day that `text` writes as YYYY-MM-DD, from FIRST_DAY to LAST_DAY. Raises BadParameter."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise _refused(
            parameter,
            f"{parameter}.date",
            f"“{text[:40]}” trong {parameter} không phải là ngày có thật, viết YYYY-MM-DD.",
            f"“{text[:40]}” in {parameter} is not a real day written YYYY-MM-DD.",
        )
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _refused(
            parameter,
            f"{parameter}.date",
            f"{parameter} nhận ngày từ {FIRST_DAY} đến {LAST_DAY}; “{text}” nằm ngoài khoảng đó.",
            f"{parameter} takes days from {FIRST_DAY} to {LAST_DAY}; “{text}” is outside them.",
        )
    return day


def read_range(text: str, parameter: str) -> DateRange:
    """A day, or `from/to` with `..` for an open end. Raises BadParameter."""
    first, slash, last = text.partition("/")
    if not slash:
        day = read_day(first, parameter)
        return DateRange(day, day)
    bounds = DateRange(*(None if end == ".." else read_day(end, parameter) for end in (first, last)))
    if bounds == DateRange(None, None) or (bounds.first and bounds.last and bounds.first > bounds.last):
        raise _refused(
            parameter,
            f"{parameter}.order",
            f"Khoảng ngày trong {parameter} phải có ít nhất một đầu, và từ trước đến sau.",
            f"The range of days in {parameter} needs at least one end, the earlier first.",
        )
    return bounds


def read_bbox(text: str, crs: Crs = CRS84) -> tuple[BBox, ...]:
    """The box of a system in degrees, its numbers in the order of that, as west, south, east, north.

    Two boxes where it crosses the antimeridian. Raises BadParameter.
    """
    parts = text.split(",")
    if len(parts) != 4:
        hint = ("; dùng dấu chấm cho phần thập phân", "; use a decimal point") if ";" in text else ("", "")
        raise _refused(
            "bbox",
            "bbox.count",
            f"bbox cần đúng bốn số: tây,nam,đông,bắc{hint[0]}.",
            f"bbox needs exactly four numbers: west,south,east,north{hint[1]}.",
        )
    west, south, east, north = west_first([read_number(part, "bbox") for part in parts], crs)
    told = off_earth((west, east), (south, north), crs)
    if told:
        raise _refused("bbox", "bbox.range", f"bbox {told.vi}.", f"bbox is {told.en}.")
    if south > north:
        raise _refused("bbox", "bbox.order", "bbox: nam lớn hơn bắc.", "bbox: south is above north.")
    if west > east:
        return (west, south, 180.0, north), (-180.0, south, east, north)
    return ((west, south, east, north),)


def read_circle(text: str) -> Circle:
    """The circle `lon,lat,metres`. Raises BadParameter."""
    parts = text.split(",")
    if len(parts) != 3:
        raise _refused(
            "within",
            "within.count",
            "within cần ba số: kinh độ,vĩ độ,mét.",
            "within needs three numbers: lon,lat,metres.",
        )
    lon, lat, metres = (read_number(part, "within") for part in parts)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 0 <= metres <= MAX_RADIUS_M):
        raise _refused(
            "within",
            "within.range",
            f"within: kinh độ −180…180, vĩ độ −90…90, bán kính 0…{MAX_RADIUS_M} mét.",
            f"within: longitude −180…180, latitude −90…90, radius 0…{MAX_RADIUS_M} metres.",
        )
    return Circle(lon, lat, metres)


def read_position(values: Mapping[str, str]) -> tuple[float, float] | None:
    """The position `lon`, `lat` in degrees, None without both. Raises BadParameter for one alone or off the earth."""
    given = [name for name in ("lon", "lat") if name in values]
    if not given:
        return None
    if len(given) == 1:
        missing = "lat" if given == ["lon"] else "lon"
        raise _refused(missing, "position.half", "Cần cả lon và lat.", "Both lon and lat are needed.")
    lon, lat = read_number(values["lon"], "lon"), read_number(values["lat"], "lat")
    for name, value, most in (("lon", lon, 180), ("lat", lat, 90)):
        if not -most <= value <= most:
            raise _refused(
                name,
                f"{name}.range",
                f"{name} nằm trong −{most}…{most} độ.",
                f"{name} lies within −{most}…{most} degrees.",
            )
    return lon, lat


def read_words(text: str) -> tuple[str, ...]:
    """The search keys of the words in `text`, 2 to MAX_TEXT characters. Raises BadParameter."""
    words = tuple(search_key(text[: 2 * MAX_TEXT]).split())
    if not 2 <= len(text.strip()) <= MAX_TEXT or len("".join(words)) < 2 or len(words) > MAX_WORDS:
        raise _refused(
            "q",
            "q.length",
            f"q cần từ 2 đến {MAX_TEXT} ký tự, nhiều nhất {MAX_WORDS} từ.",
            f"q needs 2 to {MAX_TEXT} characters, {MAX_WORDS} words at most.",
        )
    return words


def _value(item: Field, text: str, using: str) -> Value:
    if item.filter == "dates":
        return read_range(text, item.name)
    if item.filter == "flag":
        if text not in ("true", "false"):
            raise _refused(
                item.name,
                f"{item.name}.flag",
                f"{item.name} là true hoặc false.",
                f"{item.name} is true or false.",
            )
        return text == "true"
    if item.filter == "competence":
        return read_competences(text, item.name)
    return read_codes(text, item.name, {code.code for code in item.choices.read(using)})


def read_competences(text: str, parameter: str) -> Competences:
    """What the text asks scope lines to be able to do, alternatives apart by `;`. Raises BadParameter where a part
    means nothing or there are too many.
    """
    parts = [part.strip() for part in text[: 2 * MAX_TEXT].split(";")]
    asked = tuple(read(part) for part in parts)
    if len(text) > MAX_TEXT or len(asked) > MAX_COMPETENCES or not all(asked):
        raise _refused(
            parameter,
            f"{parameter}.words",
            f"{parameter} cần từ 1 đến {MAX_COMPETENCES} phần có nghĩa, cách nhau bằng “;”, đến {MAX_TEXT} chữ.",
            f"{parameter} needs 1 to {MAX_COMPETENCES} meaningful parts, apart by “;”, up to {MAX_TEXT} characters.",
        )
    return Competences("; ".join(parts), asked)


def read_codes(text: str, parameter: str, known: set[str], *, listed: Both | None = None) -> tuple[str, ...]:
    """The codes that `text` lists with commas, each once, sorted. Raises BadParameter for one that is not known.

    `listed` tells where the codes stand when they are too many for a message.
    """
    codes = tuple(sorted(set(text.split(","))))
    if len(codes) > MAX_CODES:
        raise _refused(
            parameter,
            f"{parameter}.count",
            f"{parameter} nhận nhiều nhất {MAX_CODES} giá trị.",
            f"{parameter} takes {MAX_CODES} values at most.",
        )
    unknown = [code for code in codes if code not in known]
    if unknown:
        there = listed or _known_values(known)
        raise _refused(
            parameter,
            f"{parameter}.unknown",
            f"{parameter} không có giá trị “{unknown[0][:60]}”. {there.vi}",
            f"{parameter} has no value “{unknown[0][:60]}”. {there.en}",
        )
    return codes


def _known_values(known: set[str]) -> Both:
    more = ", …" if len(known) > _MAX_LISTED else ""
    listed = ", ".join(sorted(known)[:_MAX_LISTED]) + more
    return both(f"Giá trị có thể dùng: {listed}.", f"Known values: {listed}.")


def _unit_codes(values: Mapping[str, str], level: str, using: str, layer: Layer, day: date) -> tuple[str, ...]:
    """The codes asked for, each of a unit in force: today, or on that day where the layer is of units."""
    if level not in values:
        return ()
    in_force = AdministrativeUnit.objects.using(using).in_force(day if layer.units.by == "code" else None)
    units = in_force.filter(level=level).values_list("code", flat=True)
    if level == "province":
        return read_codes(values[level], level, set(units))
    asked = values[level].split(",")[: MAX_CODES + 1]
    return read_codes(values[level], level, set(units.filter(code__in=asked)), listed=_COMMUNES_ARE_AT)


def _refused(parameter: str, code: str, vi: str, en: str) -> BadParameter:
    return BadParameter(code, vi, en, parameter=parameter)
