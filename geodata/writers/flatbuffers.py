"""Tables of FlatBuffers, as far as FlatGeobuf needs them: written once, from the front to the back.

A table knows its fields by their slot. Every reference leads forward, so what it leads to is put behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from struct import calcsize, pack, pack_into

_SIZE_PREFIX = 4


@dataclass(frozen=True)
class Scalar:
    """A number of that format of `struct`."""

    format: str
    value: int | float


@dataclass(frozen=True)
class Numbers:
    """A vector of numbers, as its bytes: each takes `size` of them."""

    size: int
    content: bytes


Table = Mapping[int, "Value"]
Value = Scalar | Numbers | str | Table | Sequence[Table]


def message(root: Table) -> bytes:
    """The buffer of a root table with its size before it; offsets are aligned from the size on."""
    out = bytearray(_SIZE_PREFIX + 4)
    _refer(out, _SIZE_PREFIX, _table(out, root))
    _align(out, 8)
    pack_into("<I", out, 0, len(out) - _SIZE_PREFIX)
    return bytes(out)


def _table(out: bytearray, fields: Table) -> int:
    """Puts a table and all it refers to; gives where it begins."""
    slots = max(fields, default=-1) + 1
    _align(out, 8)
    listed = len(out)
    out += bytes(4 + 2 * slots)
    _align(out, 8)
    begin = len(out)
    out += pack("<i", begin - listed)
    references = []
    for slot, value in fields.items():
        form = value.format if isinstance(value, Scalar) else "I"
        _align(out, calcsize(f"<{form}"))
        pack_into("<H", out, listed + 4 + 2 * slot, len(out) - begin)
        if not isinstance(value, Scalar):
            references.append((len(out), value))
        out += pack(f"<{form}", value.value if isinstance(value, Scalar) else 0)
    pack_into("<HH", out, listed, 4 + 2 * slots, len(out) - begin)
    for place, value in references:
        _refer(out, place, _put(out, value))
    return begin


def _put(out: bytearray, value: Value) -> int:
    if isinstance(value, Mapping):
        return _table(out, value)
    if isinstance(value, str):
        return _vector(out, 1, len(value.encode()), value.encode() + b"\0")
    if isinstance(value, Numbers):
        return _vector(out, value.size, len(value.content) // value.size, value.content)
    at = _vector(out, 4, len(value), bytes(4 * len(value)))  # type: ignore[arg-type]
    for number, table in enumerate(value):  # type: ignore[arg-type, var-annotated]
        _refer(out, at + 4 + 4 * number, _table(out, table))
    return at


def _vector(out: bytearray, size: int, number: int, content: bytes) -> int:
    """Puts how many there are, then the content, aligned as its members want it."""
    _align(out, 4)
    if size == 8 and len(out) % 8 == 0:
        out += bytes(4)
    at = len(out)
    out += pack("<I", number) + content
    return at


def _refer(out: bytearray, place: int, to: int) -> None:
    pack_into("<I", out, place, to - place)


def _align(out: bytearray, size: int) -> None:
    out += bytes(-len(out) % size)
