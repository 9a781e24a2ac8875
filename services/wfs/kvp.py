"""A question written as the parameters of an address, KVP (OGC 09-025r2, clauses 7 to 11)."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from gisserver.parsers.xml import NSElement
from pygeofilter import ast

from geodata.crs import CRS84, UnknownCrs, read_crs
from geodata.xml import Unreadable
from layers.axes import off_earth, west_first
from layers.numbers import read_number
from services.wfs.elements import read_element
from services.wfs.fes import Asked, property_name, read_filter, value_reference
from services.wfs.literals import box
from services.wfs.names import FES
from services.wfs.questions import Question, check_keys, descends, no_joins, presented, stored_id, type_name
from services.wfs.refusals import invalid, unparsed

_GROUP = re.compile(r"\(([^()]*)\)")
_FES_LANGUAGE = "urn:ogc:def:queryLanguage:OGC-FES:Filter"
_SELECTING = ("filter", "bbox", "resourceid", "cql_filter")


def read_kvp(values: dict[str, str], namespaces: Mapping[str, str]) -> Question:
    """What the parameters ask, their names in lower case. Raises Refusal."""
    if values.get("query", "").lstrip().startswith("<"):  # OWSLib's word for FILTER
        values = {**values, "filter": values.get("filter") or values["query"]}
    stored = values.get("storedquery_id", "")
    given = [name for name in _SELECTING if values.get(name)]
    if stored and given:
        raise invalid(
            given[0],
            "Truy vấn lưu sẵn không đi cùng bộ lọc khác.",
            "A stored query takes no other filter.",
        )
    if len(given) > 1:
        raise invalid(
            given[1],
            f"Chỉ dùng một trong: {', '.join(_SELECTING)}.",
            f"Only one of these can be given: {', '.join(_SELECTING)}.",
        )
    if values.get("filter_language", _FES_LANGUAGE) != _FES_LANGUAGE:
        raise invalid("filter_language", f"Chỉ có {_FES_LANGUAGE}.", f"There is {_FES_LANGUAGE} only.")
    if "aliases" in values:
        raise no_joins()
    names = _listed(values.get("typenames") or values.get("typename", ""), "typeNames")
    return Question(
        type_name=type_name(names, namespaces),
        properties=_properties(_listed(values.get("propertyname", ""), "propertyName"), namespaces),
        sort=_sort(_listed(values.get("sortby", ""), "sortBy"), namespaces),
        asked=_asked(values, namespaces),
        cql=values.get("cql_filter", ""),
        stored=stored_id(stored, {"id": values["id"]} if "id" in values else {}) if stored else "",
        value=value_reference(values.get("valuereference"), namespaces) or "",
        repeated=values,
        **presented({**values, "count": values.get("count") or values.get("maxfeatures", "")}),
    )


def _listed(text: str, locator: str) -> list[str]:
    """The members of a list with commas, which may stand in brackets. Raises Refusal for lists of lists (joins)."""
    groups = _GROUP.findall(text) if text.startswith("(") else [text]
    if len(groups) > 1:
        raise no_joins()
    listed = [one.strip() for one in (groups[0] if groups else "").split(",")] if text else []
    if not all(listed):
        raise invalid(locator, f"{locator} có phần rỗng.", f"{locator} has an empty part.")
    return listed


def _properties(names: list[str], namespaces: Mapping[str, str]) -> tuple[str, ...] | None:
    if not names or names == ["*"]:
        return None
    return tuple(dict.fromkeys(property_name(name, namespaces) for name in names))


def _sort(keys: list[str], namespaces: Mapping[str, str]) -> tuple[tuple[str, bool], ...]:
    check_keys(keys)
    split = [key.partition(" ") for key in keys]
    return tuple((property_name(name, namespaces), descends(said or "ASC")) for name, _, said in split)


def _asked(values: Mapping[str, str], namespaces: Mapping[str, str]) -> Asked:
    if values.get("filter"):
        return read_filter(_filter_element(values["filter"], namespaces))
    if values.get("bbox"):
        return Asked(tree=ast.GeometryIntersects(ast.Attribute("geom"), _box(values["bbox"])), parameter="bbox")
    if values.get("resourceid"):
        return Asked(resources=tuple(_listed(values["resourceid"], "resourceId")))
    return Asked()


def _filter_element(text: str, namespaces: Mapping[str, str]) -> NSElement:
    """The filter of an address. One that declares no namespace at all is of FES 2.0, as other servers take it."""
    text = text[1:-1] if text.startswith("(<") else text
    if text.startswith("<Filter") and "xmlns" not in text.partition(">")[0]:
        text = f'<Filter xmlns="{FES}"{text.removeprefix("<Filter")}'
    try:
        return read_element(_declaring(text, namespaces), namespaces)
    except Unreadable as error:
        raise unparsed("filter", *_why(error)) from error


def _declaring(text: str, namespaces: Mapping[str, str]) -> str:
    """Prefixes that NAMESPACES declared hold in the filter too, where it does not declare them itself."""
    head, bracket, rest = text.partition(">")
    used = set(re.findall(r"</?([\w.-]{1,40}):", text)) & set(namespaces)
    new = "".join(f" xmlns:{one}={quoteattr(namespaces[one])}" for one in sorted(used) if f"xmlns:{one}" not in text)
    return f"{head[:-1]}{new}/{bracket}{rest}" if head.endswith("/") else f"{head}{new}{bracket}{rest}"


def _why(error: Unreadable) -> tuple[str, str]:
    return (
        f"Không đọc được XML ({error.why}).",
        f"The XML cannot be read ({error.why}).",
    )


def _box(text: str):  # type: ignore[no-untyped-def]
    """`a,b,c,d` in the order of the system that stands fifth; without one longitude first."""
    parts = text.strip("()").split(",", 4)
    if len(parts) < 4:
        raise invalid("bbox", "bbox cần bốn số, rồi hệ tọa độ.", "bbox needs four numbers, then the system.")
    try:
        crs = read_crs(parts[4]) if len(parts) == 5 else CRS84
    except UnknownCrs as error:
        raise invalid("bbox", "bbox: không có hệ tọa độ này.", "bbox: this system is not offered.") from error
    corners = [read_number(part.strip(), "bbox") for part in parts[:4]]
    west, south, east, north = west_first(corners, crs)
    told = off_earth((west, east), (south, north), crs)
    if told:
        raise invalid("bbox", f"bbox {told.vi}.", f"bbox is {told.en}.")
    return box(corners, crs)
