"""The parameters that the API takes, as OpenAPI 3 says them."""

from typing import Any

from geodata.language import both
from layers.codes import FixedCodes, TableCodes
from layers.cql2.limits import MAX_LENGTH
from layers.filters import CQL2, FIRST_DAY, LAST_DAY, MAX_CODES, MAX_RADIUS_M, MAX_TEXT
from layers.layer import Field, Layer
from layers.order import sortable
from layers.units import COMMUNES, PROVINCES

Json = dict[str, Any]

_RANGE = r"^(\.\.|\d{4}-\d{2}-\d{2})(/(\.\.|\d{4}-\d{2}-\d{2}))?$"


def parameter(
    name: str, schema: Json, description: object = "", *, required: bool = False, where: str = "query"
) -> Json:
    """One parameter; a list is written with commas."""
    described: Json = {"name": name, "in": where, "required": required, "schema": schema}
    if schema["type"] == "array":
        described |= {"style": "form", "explode": False}
    return {**described, "description": str(description)} if description else described


def language() -> Json:
    return parameter("lang", {"type": "string", "enum": ["vi", "en"], "default": "vi"})


def scope() -> Json:
    """`staff`, for who is signed in."""
    said = both(
        "Dữ liệu người đã đăng nhập được xem; chưa đăng nhập: 401", "What the signed-in caller may see; else 401"
    )
    return parameter("scope", {"type": "string", "enum": ["staff"]}, said)


def limit(default: int, most: int) -> Json:
    """How many; more than the most is cut to it, so it is no maximum of the schema."""
    said = both(f"Số lớn hơn {most} được hạ xuống {most}.", f"A number above {most} is cut to {most}.")
    return parameter("limit", {"type": "integer", "minimum": 1, "default": default}, said)


def cursor() -> Json:
    said = both("Lấy từ liên kết next của trang trước.", "From the link next of the page before.")
    return parameter("cursor", {"type": "string"}, said)


def order(layer: Layer) -> Json:
    """The field that orders the rows."""
    names = [f"{sign}{item.name}" for item in sortable(layer) for sign in ("", "-")]
    said = both(
        "Thứ tự; “-” là xếp ngược, không có giá trị đứng cuối.", "The order; “-” reverses it, no value is last."
    )
    return parameter("sortby", {"type": "string", "enum": names}, said)


def position(*, required: bool = True) -> list[Json]:
    """Where to measure from."""
    degrees = (("lon", 180, both("Kinh độ", "Longitude")), ("lat", 90, both("Vĩ độ", "Latitude")))
    return [
        parameter(name, {"type": "number", "minimum": -most, "maximum": most}, said, required=required)
        for name, most, said in degrees
    ]


def tasks() -> list[Json]:
    """What is to be done, and the shared filters beside it."""
    said = both("việc cần làm, cách nhau bằng “;”", "what is to be done, apart by “;”")
    flag = both("vị trí chỉ để tính khoảng cách", "the position is only measured from")
    return [
        parameter("competence", {"type": "string", "maxLength": MAX_TEXT}, said, required=True),
        *_units(),
        _bbox(),
        _within(),
        day(),
        parameter("viewpoint", {"type": "boolean"}, flag),
    ]


def words(*, required: bool = False) -> Json:
    said = both("Các từ phải có, không cần dấu.", "Words that must occur; accents may be left out.")
    return parameter("q", {"type": "string", "minLength": 2, "maxLength": MAX_TEXT}, said, required=required)


def day() -> Json:
    said = both(
        f"Tình trạng pháp lý của ngày đó, từ {FIRST_DAY} đến {LAST_DAY}.",
        f"The legal state of that day, {FIRST_DAY} to {LAST_DAY}.",
    )
    return parameter("on", {"type": "string", "format": "date"}, said)


def of_check() -> list[Json]:
    """What the check of a number takes."""
    texts = {
        "number": both("Số, hoặc nội dung đã quét từ mã QR", "The number, or what was scanned from a QR code"),
        "item": both(
            "Mã hoặc tên loại phương tiện đo, số sản xuất, hoặc các từ của một dòng phạm vi",
            "Code or name of a device type, a serial number, or words of a scope line",
        ),
        "body": both("Một lựa chọn trong which", "A choice out of which"),
    }
    number, item, body = (
        parameter(name, {"type": "string"}, said, required=name == "number") for name, said in texts.items()
    )
    signed = both("1: kèm bản có chữ ký số", "1: with a signed copy")
    return [number, day(), item, body, parameter("signed", {"type": "string", "enum": ["0", "1"]}, signed)]


def facet_names(layer: Layer) -> Json:
    """Which filters to count."""
    names = ["province", "commune", *(item.name for item in layer.filters if item.counted)]
    return parameter("only", _list({"type": "string", "enum": names}), both("Chỉ các bộ lọc này", "These filters only"))


def filters_of(layer: Layer) -> list[Json]:
    """All filters of a layer: the shared ones, then its own."""
    shared = [*_units(), _bbox(), _within(), words(), *([day()] if layer.dated else []), _condition()]
    return [*shared, *map(_filter, layer.filters)]


def _condition() -> Json:
    said = both("điều kiện bằng CQL2 (OGC 21-065r2)", "a condition in CQL2 text (OGC 21-065r2)")
    return parameter(CQL2, {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH}, said)


def _filter(item: Field) -> Json:
    if item.filter == "dates":
        said = both("một ngày, hoặc từ/đến, “..” là để ngỏ", "a day, or from/to with .. for an open end")
        return parameter(item.name, {"type": "string", "pattern": _RANGE}, f"{item.title}: {said}")
    if item.filter == "flag":
        return parameter(item.name, {"type": "boolean"}, item.title)
    if item.filter == "competence":
        said = both("việc cần làm, “;” nghĩa là hoặc", "what is to be done, “;” means or")
        return parameter(item.name, {"type": "string", "maxLength": MAX_TEXT}, f"{item.title}: {said}")
    return parameter(item.name, _list(_code(item.choices)), item.title)


def _units() -> list[Json]:
    return [
        parameter("province", _list(_code(PROVINCES)), both("Mã tỉnh, thành phố", "Codes of provinces")),
        parameter("commune", _list(_code(COMMUNES)), both("Mã xã, phường, đặc khu", "Codes of communes")),
    ]


def _code(codes: FixedCodes | TableCodes | None) -> Json:
    """A code with its list, unless that is too long to send (communes)."""
    if codes is None or not getattr(codes, "inline", True):
        return {"type": "string"}
    return {"type": "string", "enum": [one.code for one in codes.read("open")]}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": MAX_CODES}


def _bbox() -> Json:
    said = both("tây,nam,đông,bắc bằng độ", "west,south,east,north in degrees")
    return parameter("bbox", {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}, said)


def _within() -> Json:
    said = both(f"kinh độ,vĩ độ,mét (đến {MAX_RADIUS_M})", f"lon,lat,metres (up to {MAX_RADIUS_M})")
    return parameter("within", {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}, said)
