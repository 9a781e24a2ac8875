"""Shapefile (ESRI, 1998) in a ZIP: names of ten letters, texts of 254 bytes, two gigabytes, and all that is lost told.

The table (.dbf) says at its head how many rows it has and how wide they are: both are asked for first, so it is sent
while it is read. The shapes, far smaller, wait in a temporary file, for their head says how many bytes follow.
"""

import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from struct import pack
from typing import BinaryIO

import numpy

from geodata import crs
from geodata.writers import wkb
from geodata.writers.archive import Archive
from geodata.writers.columns import Column, text_sql, values_sql

MEDIA_TYPE = "application/zip"
MOST_BYTES = 2_000_000_000
"""Bytes of a file in it: programs count them by signed numbers of 32 bits."""
MOST_TEXT = 254
"""Bytes that a text field holds."""
MOST_NAME = 10
_POINT, _POLYGON = 1, 5
_FIXED = {"date": ("D", 8, 0), "flag": ("L", 1, 0), "integer": ("N", 18, 0), "number": ("N", 24, 15)}
_HEAD = 100
_PIECE = 1 << 18


class TooLarge(Exception):
    """The rows do not fit into a Shapefile."""


@dataclass(frozen=True)
class Measure:
    """How many rows there are, and of each column how many bytes its longest text has."""

    rows: int
    longest: Sequence[int]


@dataclass(frozen=True)
class _Field:
    """A field of the table: its short name, its kind, how wide it is."""

    column: Column
    name: str
    kind: str
    width: int
    decimals: int


def measure_sql(columns: Sequence[Column]) -> str:
    """SQL of what `Measure` needs: the number of rows, then of each column the longest text in bytes."""
    longest = [
        "0" if column.kind in _FIXED else f"coalesce(max(octet_length({text_sql(column)})), 0)" for column in columns
    ]
    return ", ".join(["count(*)", *longest])


def row_sql(columns: Sequence[Column], *, geometry_sql: str) -> str:
    """SQL of a row's values, geometry (as WKB) first."""
    return values_sql(columns, dict.fromkeys(_FIXED, ""), geometry_sql=geometry_sql)


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Of each column its name in the file: ten letters, the same for the same columns.

    The words beside codes end with `_l`; where two would be alike, the later one ends with a digit.
    """
    made: dict[str, str] = {}
    for name in names:
        word = f"{name.removesuffix('_label')[: MOST_NAME - 2]}_l" if name.endswith("_label") else name[:MOST_NAME]
        number = 1
        while word in made.values():
            number += 1
            word = f"{word[: MOST_NAME - 1]}{number}"
        made[name] = word
    return made


def write(
    columns: Sequence[Column],
    chunks: Iterable[Sequence[Sequence[object]]],
    *,
    table: str,
    points: bool,
    system: int,
    about: Sequence[tuple[str, str]],
    titles: Mapping[str, str],
    measure: Measure,
) -> Iterator[bytes]:
    """The ZIP piece by piece; `titles` are what the columns are called, `system` is the EPSG code. Raises TooLarge."""
    names = short_names([column.name for column in columns])
    fields = [_field(one, names[one.name], longest) for one, longest in zip(columns, measure.longest, strict=True)]
    width = 1 + sum(field.width for field in fields)
    least = 28 * measure.rows + _HEAD if points else 0
    if max(width * measure.rows, least) > MOST_BYTES:
        raise TooLarge
    return _written(fields, chunks, table, points, system, _notes(fields, about, titles, measure), measure.rows)


def _written(
    fields: Sequence[_Field],
    chunks: Iterable[Sequence[Sequence[object]]],
    table: str,
    points: bool,
    system: int,
    notes: str,
    rows: int,
) -> Iterator[bytes]:
    archive = Archive()
    archive.put(f"{table}.cpg", "UTF-8")
    archive.put(f"{table}.prj", crs.esri_wkt(system))
    archive.put(f"{table}.txt", notes)
    makers = [_maker(field) for field in fields]
    with tempfile.TemporaryFile() as file:
        shapes = _Shapes(file, points=points)
        with archive.open(f"{table}.dbf") as member:
            member.write(_table_head(fields, rows))
            for chunk in chunks:
                member.write(b"".join([_record(makers, row) for row in chunk]))
                shapes.add(row[0] for row in chunk)
                yield archive.taken()
            member.write(b"\x1a")
        shapes.end()
        with archive.open(f"{table}.shp") as member:
            file.seek(0)
            while piece := file.read(_PIECE):
                member.write(piece)
                yield archive.taken()
    with archive.open(f"{table}.shx") as member:
        member.write(shapes.index())
    yield archive.end()


def _field(column: Column, name: str, longest: int) -> _Field:
    kind, width, decimals = _FIXED.get(column.kind) or ("C", max(1, min(longest, MOST_TEXT)), 0)
    return _Field(column, name, kind, width, decimals)


def _table_head(fields: Sequence[_Field], rows: int) -> bytes:
    width = 1 + sum(field.width for field in fields)
    # The day of the last change is part of the head; a fixed one keeps the same rows the same file.
    head = pack("<BBBBIHH20x", 3, 126, 1, 1, rows, 32 + 32 * len(fields) + 1, width)
    listed = [pack("<11sc4xBB14x", f.name.encode(), f.kind.encode(), f.width, f.decimals) for f in fields]
    return head + b"".join(listed) + b"\r"


def _record(makers: Sequence[Callable[[object], bytes]], row: Sequence[object]) -> bytes:
    return b" " + b"".join([make(value) for make, value in zip(makers, row[1:], strict=True)])


def _maker(field: _Field) -> Callable[[object], bytes]:
    """What makes the cell of a value."""
    width = field.width
    if field.kind == "C":
        return lambda value: _cut("" if value is None else str(value), width).ljust(width)
    if field.kind == "N":
        return lambda value: (b"" if value is None else repr(value).encode()).rjust(width)
    if field.kind == "L":
        return lambda value: b"?" if value is None else b"T" if value else b"F"
    return lambda value: value.strftime("%Y%m%d").rjust(8, "0").encode() if isinstance(value, date) else b" " * width


def _cut(text: str, width: int) -> bytes:
    """As much of the text as fits, no letter cut in two."""
    content = text.encode()
    return content if len(content) <= width else content[:width].decode(errors="ignore").encode()


class _Shapes:
    """The shapes in a file, and where each of them begins."""

    def __init__(self, file: BinaryIO, *, points: bool) -> None:
        self._file, self._points = file, points
        self._lengths = array("I")
        self._box = [float("inf"), float("inf"), float("-inf"), float("-inf")]
        self._written = _HEAD
        file.write(bytes(_HEAD))

    def add(self, shapes: Iterable[object]) -> None:
        """Puts shapes behind the others. Raises TooLarge."""
        for shape in shapes:
            content = pack("<I", 0) if shape is None else self._content(bytes(shape))  # type: ignore[call-overload]
            self._lengths.append(len(content))
            self._written += 8 + len(content)
            self._file.write(pack(">II", len(self._lengths), len(content) // 2) + content)
        if self._written > MOST_BYTES:
            raise TooLarge

    def end(self) -> None:
        """Writes the head, now that all is known."""
        self._file.seek(0)
        self._file.write(self._head(self._written))

    def index(self) -> bytes:
        """The file that says where each shape begins."""
        listed, at = bytearray(), _HEAD
        for length in self._lengths:
            listed += pack(">II", at // 2, length // 2)
            at += 8 + length
        return self._head(_HEAD + len(listed)) + bytes(listed)

    def _head(self, length: int) -> bytes:
        box = self._box if self._box[0] <= self._box[2] else [0.0] * 4
        kind = _POINT if self._points else _POLYGON
        return pack(">I20xI", 9994, length // 2) + pack("<II8d", 1000, kind, *box, 0, 0, 0, 0)

    def _content(self, shape: bytes) -> bytes:
        if self._points:
            xy = wkb.point(shape)
            self._widen(numpy.frombuffer(xy, "<f8").reshape(1, 2))
            return pack("<I", _POINT) + xy
        rings = [_turned(ring, number == 0) for rings in wkb.polygons(shape) for number, ring in enumerate(rings)]
        points = b"".join(rings)
        box = self._widen(numpy.frombuffer(points, "<f8").reshape(-1, 2))
        begins = [sum(len(ring) for ring in rings[:number]) // 16 for number in range(len(rings))]
        head = pack("<I4dII", _POLYGON, *box, len(rings), len(points) // 16)
        return head + pack(f"<{len(begins)}I", *begins) + points

    def _widen(self, points: numpy.ndarray) -> list[float]:
        """The box of these points; that of the file takes them in."""
        (west, south), (east, north) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        old = self._box
        self._box = [min(old[0], west), min(old[1], south), max(old[2], east), max(old[3], north)]
        return [west, south, east, north]


def _turned(ring: bytes, outer: bool) -> bytes:
    """The ring as Shapefiles want it: outer ones clockwise, holes the other way."""
    points = numpy.frombuffer(ring, "<f8").reshape(-1, 2)
    x, y = (points - points[0]).T
    clockwise = bool(numpy.dot(x[:-1], y[1:]) - numpy.dot(x[1:], y[:-1]) < 0)
    return ring if clockwise == outer else points[::-1].tobytes()


def _notes(
    fields: Sequence[_Field], about: Sequence[tuple[str, str]], titles: Mapping[str, str], measure: Measure
) -> str:
    """What the file cannot say itself: what it is, the columns' full names, which texts were cut."""
    lines = [f"{term}: {said}" for term, said in about]
    lines += ["", f"{'Shapefile':<{MOST_NAME}}  name"]
    for field, longest in zip(fields, measure.longest, strict=True):
        cut = f"  [cut at {MOST_TEXT} bytes; the longest has {longest}]" if longest > MOST_TEXT else ""
        title = titles.get(field.column.name, "")
        lines.append(f"{field.name:<{MOST_NAME}}  {field.column.name}{f': {title}' if title else ''}{cut}")
    return "\r\n".join(lines) + "\r\n"
