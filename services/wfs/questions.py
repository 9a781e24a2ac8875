"""What GetFeature and GetPropertyValue ask, and what is read alike of KVP and XML (OGC 09-025r2, clauses 7 to 11)."""

from collections.abc import Mapping, Sized
from dataclasses import dataclass, field, replace

from gisserver.exceptions import OWSException
from gisserver.parsers.xml import parse_qname

from geodata.crs import Crs, UnknownCrs, read_crs
from layers.numbers import read_integer
from services.wfs.fes import Asked
from services.wfs.names import BY_ID, GML_TYPE
from services.wfs.refusals import Refusal, invalid, missing, not_offered

DEFAULT_COUNT = 10_000
"""Features of a page whose `count` is not asked for; GDAL and QGIS take it for the size of their pages."""
MAX_COUNT, MAX_START = 1_000_000, 1_000_000
RESOLVE = ("none", "local")
_MAX_SORT = 3


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


def of_resource(question: Question) -> Question:
    """The question for the feature of a stored query, asked by its resource id."""
    return replace(question, stored="", asked=Asked(resources=(question.stored,)))


def presented(values: Mapping[str, str]) -> dict:
    """In which system, how many, from where on, in which form: members of a Question. Raises Refusal."""
    return {"srs": _srs(values.get("srsname", "")), **paged(values)}


def paged(values: Mapping[str, str]) -> dict:
    """The same without a system."""
    result = values.get("resulttype", "results").lower()
    if result not in ("results", "hits"):
        raise invalid("resultType", "resultType là results hoặc hits.", "resultType is results or hits.")
    if values.get("resolve", "none") not in RESOLVE or values.get("resolvepath"):
        raise not_offered("resolve", "Không có liên kết để theo.", "There are no links to resolve.")
    count, start = values.get("count", ""), values.get("startindex", "")
    return {
        "count": read_integer(count, "count", least=0, most=MAX_COUNT, cut=True) if count else DEFAULT_COUNT,
        "start": _start(start) if start else 0,
        "hits": result == "hits",
        "output_format": values.get("outputformat") or GML_TYPE,
    }


def type_name(names: list[str], namespaces: Mapping[str, str]) -> str | None:
    """The one type of these names; None where none is named. Raises Refusal."""
    if len(names) > 1:
        raise no_joins()
    try:
        return parse_qname(names[0], namespaces) if names else None
    except (ValueError, OWSException) as error:
        raise invalid("typeNames", "Không có loại này.", "There is no such type.") from error


def stored_id(query: str, parameters: Mapping[str, str]) -> str:
    """The id that the one stored query asks for. Raises Refusal."""
    if query != BY_ID:
        raise invalid("storedQuery_id", f"Truy vấn lưu sẵn: {BY_ID}.", f"The stored query is {BY_ID}.")
    if not parameters.get("id"):
        raise missing("ID")
    if set(parameters) != {"id"}:
        raise invalid(sorted(set(parameters) - {"id"})[0][:40], "Chỉ nhận ID.", "ID is the only parameter.")
    return parameters["id"]


def descends(said: str) -> bool:
    """Whether an order is from the last on: WFS 2.0 writes ASC and DESC, WFS 1.1 A and D. Raises Refusal."""
    if said.strip().upper() not in ("ASC", "DESC", "A", "D"):
        raise invalid("sortBy", "Chiều sắp xếp là ASC hoặc DESC.", "The order is ASC or DESC.")
    return said.strip().upper().startswith("D")


def no_joins() -> Refusal:
    """The refusal of a request for several types."""
    return not_offered(
        "typeNames",
        "Mỗi yêu cầu hỏi một loại; không ghép loại.",
        "A request asks for one type; there are no joins.",
    )


def check_keys(keys: Sized) -> None:
    """Raises Refusal where an order has too many keys."""
    if len(keys) > _MAX_SORT:
        raise invalid("sortBy", f"Nhiều nhất {_MAX_SORT} khóa.", f"{_MAX_SORT} keys at most.")


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
