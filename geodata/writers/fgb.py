"""FlatGeobuf 3, written forward only: a header, then a feature behind the other, without an index.

An index stands before the features and is known at the end only. Readers work without one: GDAL, QGIS and the
JavaScript library read such a file from the front, also while it comes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from struct import pack

from geodata import crs
from geodata.writers import wkb
from geodata.writers.columns import Column, values_sql
from geodata.writers.flatbuffers import Numbers, Scalar, Table, Value, message

MEDIA_TYPE = "application/flatgeobuf"
_MAGIC = b"fgb\x03fgb\x00"
_POINT, _POLYGON, _MULTIPOLYGON = 1, 3, 6
# Their numbers in the format's list of types.
_TYPES = {"flag": 2, "integer": 7, "number": 10, "text": 11, "list": 11, "date": 13}
_TABLES_PACKED = {"flag": "<HB", "integer": "<Hq", "number": "<Hd"}


def row_sql(columns: Sequence[Column], *, geometry_sql: str) -> str:
    """SQL of a row's values, geometry (as WKB) first."""
    return values_sql(columns, {"integer": "::bigint", "flag": ""}, geometry_sql=geometry_sql)


def write(
    columns: Sequence[Column],
    chunks: Iterable[Sequence[Sequence[object]]],
    *,
    table: str,
    points: bool,
    system: int,
    about: Sequence[tuple[str, str]],
    rows: int | None,
) -> Iterator[bytes]:
    """The file piece by piece; `system` is the EPSG code, `rows` how many there are where that is known."""
    yield _MAGIC + message(_header(columns, table, points, system, about, rows or 0))
    geometry_of = _point if points else _area
    packers = [_packer(number, column) for number, column in enumerate(columns)]
    for chunk in chunks:
        yield b"".join(_feature(geometry_of, packers, row) for row in chunk)


Packer = Callable[[object], bytes]


def _packer(number: int, column: Column) -> Packer:
    """What makes the bytes of a value: the column's number, then the value."""
    form = _TABLES_PACKED.get(column.kind)
    if form:
        return lambda value: pack(form, number, value)
    head = pack("<H", number)

    def text(value: object) -> bytes:
        content = str(value).encode()
        return head + len(content).to_bytes(4, "little") + content

    return text


def _feature(geometry_of: Callable[[bytes | None], bytes], packers: Sequence[Packer], row: Sequence[object]) -> bytes:
    """The feature's buffer: its geometry, then its properties as the last vector of it."""
    given = zip(packers, row[1:], strict=True)
    properties = b"".join([pack_value(value) for pack_value, value in given if value is not None])
    before = geometry_of(None if row[0] is None else bytes(row[0]))  # type: ignore[call-overload]
    body = before + len(properties).to_bytes(4, "little") + properties
    body += bytes(-(4 + len(body)) % 8)
    return len(body).to_bytes(4, "little") + body


def _open(feature: Table) -> bytes:
    """The buffer of a feature without the properties that are its last vector, and without its size."""
    made = message({**feature, 1: Numbers(1, b"\xff" * 4)})
    # What follows the mark is padding: the vector is the last thing that a feature refers to.
    return made[4 : made.rindex(b"\x04\0\0\0\xff\xff\xff\xff")]


def _point_feature(xy: bytes) -> bytes:
    return _open({0: {1: Numbers(8, xy)}})


_MARK = b"\xaa" * 16
_OF_A_POINT = _point_feature(_MARK)
_BEFORE_XY, _AFTER_XY = _OF_A_POINT.split(_MARK)
_OF_NOWHERE = _open({})


def _point(shape: bytes | None) -> bytes:
    return _OF_NOWHERE if shape is None else _BEFORE_XY + wkb.point(shape) + _AFTER_XY


def _area(shape: bytes | None) -> bytes:
    if shape is None:
        return _OF_NOWHERE
    parts = [_polygon(rings) for rings in wkb.polygons(shape)]
    return _open({0: {6: Scalar("B", _MULTIPOLYGON), 7: parts}})


def _polygon(rings: Sequence[bytes]) -> Table:
    ends, end = [], 0
    for ring in rings:
        end += len(ring) // 16
        ends.append(end)
    several = {0: Numbers(4, pack(f"<{len(ends)}I", *ends))} if len(ends) > 1 else {}
    return {**several, 1: Numbers(8, b"".join(rings)), 6: Scalar("B", _POLYGON)}


def _header(
    columns: Sequence[Column], table: str, points: bool, system: int, about: Sequence[tuple[str, str]], rows: int
) -> Table:
    title, description = about[0]
    return {
        0: table,
        2: Scalar("B", _POINT if points else _MULTIPOLYGON),
        7: [{0: column.name, 1: Scalar("B", _TYPES[column.kind])} for column in columns],
        8: Scalar("Q", rows),
        9: Scalar("H", 0),
        10: _system(system),
        11: title,
        12: "\n".join([description, *(f"{term}: {said}" for term, said in about[1:])]),
    }


def _system(code: int) -> Table:
    """By its code, where that is enough: see `geodata.crs.wkt`."""
    named: dict[int, Value] = {0: "EPSG", 1: Scalar("i", code)} if code not in crs.VN2000_CODES else {}
    return {**named, 2: crs.name(code), 4: crs.wkt(code)}
