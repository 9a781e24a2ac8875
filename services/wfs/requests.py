"""What GetFeature and GetPropertyValue ask, read alike from KVP and from XML (OGC 09-025r2, clauses 7 to 11)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import quoteattr

from gisserver.exceptions import OWSException
from gisserver.parsers.ows import BaseOwsRequest, KVPRequest
from gisserver.parsers.xml import NSElement, parse_qname
from pygeofilter import ast

from geodata.crs import CRS84, Crs, UnknownCrs, read_crs
from geodata.xml import Unreadable
from layers.axes import off_earth, west_first
from layers.numbers import read_integer, read_number
from services.wfs.elements import read_element
from services.wfs.fes import Asked, property_name, read_filter
from services.wfs.literals import box
from services.wfs.names import BY_ID, FES, GML_TYPE, WFS, local
from services.wfs.refusals import Refusal, invalid, missing, not_offered, unparsed

DEFAULT_COUNT = 10_000
"""Features of a page whose `count` is not asked for; GDAL and QGIS take it for the size of their pages."""
MAX_COUNT, MAX_START = 1_000_000, 1_000_000
_MAX_SORT = 3
_GROUP = re.compile(r"\(([^()]*)\)")
_FES_LANGUAGE = "urn:ogc:def:queryLanguage:OGC-FES:Filter"
_SELECTING = ("filter", "bbox", "resourceid", "cql_filter")


@dataclass(frozen=True)
class Question:
    """Which features of which type are asked for, how many, and how they shall be written.

    `stored` is the id that GetFeatureById asks for. `value` is the property of GetPropertyValue. `repeated` are the
    parameters that ask the same again, None where that needs more than an address.
    """

    type_name: str | None
    srs: Crs | None
    properties: tuple[str, ...] | None
    sort: tuple[tuple[str, bool], ...]
    asked: Asked
    cql: str
    count: int
    start: int
    hits: bool
    output_format: str
    stored: str
    value: str
    repeated: dict[str, str] | None = field(compare=False, default=None)


@dataclass
class GetFeature(BaseOwsRequest):
    """The operation's request; the library gives its own part."""

    question: Question

    @classmethod
    def from_kvp_request(cls, kvp: KVPRequest) -> "GetFeature":
        values = {name.lower(): value for name, value in kvp.params.items()}
        return cls(**cls.base_kvp_init_parameters(kvp), question=_of_kvp(values, kvp.ns_aliases))

    @classmethod
    def from_xml(cls, element: NSElement) -> "GetFeature":
        return cls(**cls.base_xml_init_parameters(element), question=_of_xml(element))


class GetPropertyValue(GetFeature):
    """The same for the values of one property."""

    @classmethod
    def from_kvp_request(cls, kvp: KVPRequest) -> "GetFeature":
        return _with_value(super().from_kvp_request(kvp))

    @classmethod
    def from_xml(cls, element: NSElement) -> "GetFeature":
        return _with_value(super().from_xml(element))


def _with_value(request: GetFeature) -> GetFeature:
    if not request.question.value:
        raise missing("valueReference")
    return request


def _of_kvp(values: dict[str, str], namespaces: Mapping[str, str]) -> Question:
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
        raise _no_joins()
    names = _listed(values.get("typenames") or values.get("typename", ""), "typeNames")
    return Question(
        type_name=_type_name(names, namespaces),
        properties=_properties(_listed(values.get("propertyname", ""), "propertyName"), namespaces),
        sort=_sort(_listed(values.get("sortby", ""), "sortBy"), namespaces),
        asked=_asked(values, namespaces),
        cql=values.get("cql_filter", ""),
        stored=_stored(stored, {"id": values["id"]} if "id" in values else {}) if stored else "",
        value=property_name(values["valuereference"], namespaces) if values.get("valuereference") else "",
        repeated=values,
        **_presented({**values, "count": values.get("count") or values.get("maxfeatures", "")}),
    )


def _of_xml(element: NSElement) -> Question:
    if len(element) != 1:
        raise _no_joins() if len(element) else missing("Query")
    query = element[0]
    values = {name.lower(): value for name, value in element.attrib.items()}
    if local(query.tag, WFS) == "StoredQuery":
        parameters = {one.attrib.get("name", "").lower(): (one.text or "").strip() for one in query}
        stored = _stored(query.attrib.get("id", ""), parameters)
        return Question(None, None, None, (), Asked(), "", stored=stored, value=_value(element), **_paged(values))
    if local(query.tag, WFS) != "Query":
        raise unparsed("Query", "Cần wfs:Query hoặc wfs:StoredQuery.", "wfs:Query or wfs:StoredQuery is wanted.")
    if "aliases" in query.attrib:
        raise _no_joins()
    properties, filters, sort = _parts(query)
    return Question(
        type_name=_type_name(query.attrib.get("typeNames", "").split(), query.ns_aliases),
        properties=tuple(properties) or None,
        sort=tuple(sort),
        asked=read_filter(filters[0]) if filters else Asked(),
        cql="",
        stored="",
        value=_value(element),
        repeated=None if filters else _repeated(element, query, properties, sort),
        **_presented({**values, "srsname": query.attrib.get("srsName", "")}),
    )


def _parts(query: NSElement) -> tuple[list[str], list[NSElement], list[tuple[str, bool]]]:
    """The properties, the filter and the order of a `wfs:Query`."""
    properties = [property_name(one.text, one.ns_aliases) for one in query if local(one.tag, WFS) == "PropertyName"]
    filters = [one for one in query if local(one.tag, FES) == "Filter"]
    orders = [one for one in query if local(one.tag, FES) == "SortBy"]
    if len(filters) > 1 or len(orders) > 1 or len(properties) + len(filters) + len(orders) != len(query):
        raise unparsed(
            "Query",
            "Query chứa PropertyName, một Filter, một SortBy.",
            "A Query has PropertyName, one Filter and one SortBy.",
        )
    sort = [_sorted_by(one) for order in orders for one in order]
    if len(sort) > _MAX_SORT:
        raise _too_many_keys()
    return properties, filters, sort


def _sorted_by(element: NSElement) -> tuple[str, bool]:
    reference, direction = element.find(f"{{{FES}}}ValueReference"), element.find(f"{{{FES}}}SortOrder")
    if local(element.tag, FES) != "SortProperty" or reference is None:
        raise unparsed("sortBy", "SortBy chứa SortProperty.", "A SortBy has SortProperty.")
    said = "ASC" if direction is None else direction.text or ""
    return property_name(reference.text, reference.ns_aliases), _descends(said)


def _repeated(
    element: NSElement, query: NSElement, properties: list[str], sort: list[tuple[str, bool]]
) -> dict[str, str]:
    """The same as KVP, without a filter."""
    shared = {name.lower(): value for name, value in element.attrib.items() if name != "handle"}
    values = {
        **shared,
        "request": local(element.tag, WFS),
        "typenames": query.attrib.get("typeNames", "").rpartition(":")[2],
        "srsname": query.attrib.get("srsName", ""),
        "propertyname": ",".join(properties),
        "sortby": ",".join(f"{name} {'DESC' if down else 'ASC'}" for name, down in sort),
    }
    return {name: value for name, value in values.items() if value}


def _value(element: NSElement) -> str:
    said = element.attrib.get("valueReference")
    return property_name(said, element.ns_aliases) if said else ""


def _presented(values: Mapping[str, str]) -> dict:
    return {"srs": _srs(values.get("srsname", "")), **_paged(values)}


def _paged(values: Mapping[str, str]) -> dict:
    """How many, from where on, in which form."""
    result = values.get("resulttype", "results").lower()
    if result not in ("results", "hits"):
        raise invalid("resultType", "resultType là results hoặc hits.", "resultType is results or hits.")
    if values.get("resolve", "none") not in ("none", "local") or values.get("resolvepath"):
        raise not_offered("resolve", "Không có liên kết để theo.", "There are no links to resolve.")
    count, start = values.get("count", ""), values.get("startindex", "")
    return {
        "count": read_integer(count, "count", least=0, most=MAX_COUNT, cut=True) if count else DEFAULT_COUNT,
        "start": _start(start) if start else 0,
        "hits": result == "hits",
        "output_format": values.get("outputformat") or GML_TYPE,
    }


def _start(text: str) -> int:
    start = read_integer(text, "startIndex", least=0, most=MAX_START + 1, cut=True)
    if start > MAX_START:
        raise invalid(
            "startIndex",
            f"startIndex đến {MAX_START}. Cần hơn: lọc theo id, hoặc tải cả lớp ở /data/.",
            f"startIndex goes to {MAX_START}. For more, filter by id, or download the whole layer at /data/.",
        )
    return start


def _srs(name: str) -> Crs | None:
    """None where no system is named."""
    try:
        return read_crs(name) if name else None
    except UnknownCrs as error:
        raise invalid(
            "srsName",
            "Không có hệ tọa độ này. Các hệ: GetCapabilities.",
            "This system of coordinates is not offered. Those that are: GetCapabilities.",
        ) from error


def _listed(text: str, locator: str) -> list[str]:
    """The members of a list with commas, which may stand in brackets. Raises Refusal for lists of lists (joins)."""
    groups = _GROUP.findall(text) if text.startswith("(") else [text]
    if len(groups) > 1:
        raise _no_joins()
    listed = [one.strip() for one in (groups[0] if groups else "").split(",")] if text else []
    if not all(listed):
        raise invalid(locator, f"{locator} có phần rỗng.", f"{locator} has an empty part.")
    return listed


def _type_name(names: list[str], namespaces: Mapping[str, str]) -> str | None:
    if len(names) > 1:
        raise _no_joins()
    try:
        return parse_qname(names[0], namespaces) if names else None
    except (ValueError, OWSException) as error:
        raise invalid("typeNames", "Không có loại này.", "There is no such type.") from error


def _properties(names: list[str], namespaces: Mapping[str, str]) -> tuple[str, ...] | None:
    if not names or names == ["*"]:
        return None
    return tuple(dict.fromkeys(property_name(name, namespaces) for name in names))


def _sort(keys: list[str], namespaces: Mapping[str, str]) -> tuple[tuple[str, bool], ...]:
    if len(keys) > _MAX_SORT:
        raise _too_many_keys()
    split = [key.partition(" ") for key in keys]
    return tuple((property_name(name, namespaces), _descends(said or "ASC")) for name, _, said in split)


def _descends(said: str) -> bool:
    """WFS 2.0 writes ASC and DESC, WFS 1.1 A and D."""
    if said.strip().upper() not in ("ASC", "DESC", "A", "D"):
        raise invalid("sortBy", "Chiều sắp xếp là ASC hoặc DESC.", "The order is ASC or DESC.")
    return said.strip().upper().startswith("D")


def _asked(values: Mapping[str, str], namespaces: Mapping[str, str]) -> Asked:
    if values.get("filter"):
        return read_filter(_filter_element(values["filter"], namespaces))
    if values.get("bbox"):
        return Asked(tree=ast.GeometryIntersects(ast.Attribute("geom"), _box(values["bbox"])))
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


def _stored(query: str, parameters: Mapping[str, str]) -> str:
    """The id that the one stored query asks for."""
    if query != BY_ID:
        raise invalid("storedQuery_id", f"Truy vấn lưu sẵn: {BY_ID}.", f"The stored query is {BY_ID}.")
    if not parameters.get("id"):
        raise missing("ID")
    if set(parameters) != {"id"}:
        raise invalid(sorted(set(parameters) - {"id"})[0][:40], "Chỉ nhận ID.", "ID is the only parameter.")
    return parameters["id"]


def _no_joins() -> Refusal:
    return not_offered(
        "typeNames",
        "Mỗi yêu cầu hỏi một loại; không ghép loại.",
        "A request asks for one type; there are no joins.",
    )


def _too_many_keys() -> Refusal:
    return invalid("sortBy", f"Nhiều nhất {_MAX_SORT} khóa.", f"{_MAX_SORT} keys at most.")


def of_resource(question: Question) -> Question:
    """The question for the feature of a stored query, asked by its resource id."""
    return replace(question, stored="", asked=Asked(resources=(question.stored,)))
