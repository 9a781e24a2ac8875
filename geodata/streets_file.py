"""A file of streets: PMTiles 3 with vector tiles in the schema of OpenMapTiles or of Protomaps, read piece by piece.

Nothing here depends on settings: they are checked by it. What the file holds is never served as it is: see
`tiles.streets`.
"""

import html
import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from pmtiles.tile import (
    Compression,
    Entry,
    HeaderDict,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from geodata.language import Both, both

FIRST_ZOOM, LAST_ZOOM = 10, 16
"""Streets are drawn from the first on; tiles beyond the last are enlarged from it."""
OPENMAPTILES, PROTOMAPS = "openmaptiles", "protomaps"
# The layer of roads by which a schema is known, and the field that tells what each road is.
_KNOWN_BY = {OPENMAPTILES: ("transportation", "class"), PROTOMAPS: ("roads", "kind")}
# Both schemas are made from OpenStreetMap, whose licence (ODbL 1.0, 4.3) wants it named wherever it is shown.
OPENSTREETMAP = "© OpenStreetMap"

_HEADER_BYTES = 127
_MOST_STORED = 4 << 20
_MOST_UNPACKED = 8 << 20
_MOST_DIRECTORIES, _MOST_ENTRIES, _DEPTH = 16, 200_000, 4
_MOST_CREDIT = 300
_LONGEST_NUMBER = 70
_PACKED = (Compression.NONE, Compression.GZIP)
_TAG = re.compile(r"<[^>]*>")


class StreetsFault(Exception):
    """The file cannot be used; `told` says why."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.told: Both = both(vi, en)


class BrokenPart(ValueError):
    """A part of the file, a tile or the way to it, makes no sense or is larger than any honest one."""


class StreetsFile:
    """An open file. May be read by several threads at a time; closes when nobody has it any more.

    `path` is where it lies, `schema` is `OPENMAPTILES` or `PROTOMAPS`, `zooms` the first and the last zoom to be
    served, `bounds` west, south, east, north in degrees by the file's own account, `credit` plain text; `identity`
    changes with the file.
    """

    def __init__(self, path: Path) -> None:
        """Raises StreetsFault for what is no such file."""
        self.path = path
        try:
            self._file = path.open("rb")
            self._header = _header(self._bytes(0, _HEADER_BYTES))
        except (OSError, BrokenPart) as error:
            raise StreetsFault(
                "phải là đường dẫn của một tệp đọc được", "must be the path of a readable file"
            ) from error
        metadata = self._metadata()
        self.schema = _schema(metadata)
        self.credit = _credit(metadata)
        self.zooms = _zooms(self._header)
        self.bounds = _bounds(self._header)
        self.identity = identity(path)
        self._directory = lru_cache(maxsize=_MOST_DIRECTORIES)(self._read_directory)

    def tile(self, z: int, x: int, y: int) -> bytes:
        """The tile as the file has it, unpacked; empty where it has none. Raises BrokenPart."""
        found = self._find(zxy_to_tileid(z, x, y))
        if found is None:
            return b""
        stored = self._part(self._header["tile_data_offset"] + found.offset, found.length)
        return _plain(stored, self._header["tile_compression"])

    def _find(self, number: int) -> Entry | None:
        offset, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(_DEPTH):
            entry = find_tile(self._directory(offset, length), number)
            if entry is None or entry.run_length:
                return entry
            offset, length = self._header["leaf_directory_offset"] + entry.offset, entry.length
        raise BrokenPart("directories lie too deep")

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        return _entries(self._inner(offset, length))

    def _metadata(self) -> Mapping[str, Any]:
        try:
            read = json.loads(self._inner(self._header["metadata_offset"], self._header["metadata_length"]) or b"{}")
        except (BrokenPart, ValueError) as error:
            raise StreetsFault(
                "phải có phần mô tả (metadata) đọc được", "must have metadata that can be read"
            ) from error
        return read if isinstance(read, dict) else {}

    def _inner(self, offset: int, length: int) -> bytes:
        return _plain(self._part(offset, length), self._header["internal_compression"])

    def _part(self, offset: int, length: int) -> bytes:
        if length > _MOST_STORED:
            raise BrokenPart(f"{length} bytes in one part")
        found = self._bytes(offset, length)
        if len(found) != length:
            raise BrokenPart("the file ends too early")
        return found

    def _bytes(self, offset: int, length: int) -> bytes:
        try:
            return os.pread(self._file.fileno(), length, offset)
        except (OSError, OverflowError) as error:
            raise BrokenPart("the file does not answer") from error


def identity(path: Path) -> str:
    """What tells this state of the file from any other. Raises OSError."""
    told = path.stat()
    return f"{told.st_size:x}-{told.st_mtime_ns:x}-{told.st_ino:x}"


def _header(read: bytes) -> HeaderDict:
    try:
        header = deserialize_header(read.ljust(_HEADER_BYTES, b"\0"))
    except (MagicNumberNotFound, SpecVersionUnsupported, ValueError) as error:
        raise StreetsFault("phải là tệp PMTiles phiên bản 3", "must be a PMTiles file of version 3") from error
    if header["tile_type"] is not TileType.MVT:
        raise StreetsFault("phải chứa ô vectơ (MVT)", "must hold vector tiles (MVT)")
    if header["tile_compression"] not in _PACKED or header["internal_compression"] not in _PACKED:
        raise StreetsFault("phải nén bằng gzip hoặc không nén", "must be packed by gzip or not at all")
    return header


def _zooms(header: HeaderDict) -> tuple[int, int]:
    first, last = max(FIRST_ZOOM, header["min_zoom"]), min(LAST_ZOOM, header["max_zoom"])
    if first > last:
        raise StreetsFault(
            f"phải có mức thu phóng từ {FIRST_ZOOM} đến {LAST_ZOOM}",
            f"must have zooms between {FIRST_ZOOM} and {LAST_ZOOM}",
        )
    return first, last


def _bounds(header: HeaderDict) -> tuple[float, float, float, float]:
    """Of the file; of the world where it says nothing that could be."""
    west, south = header["min_lon_e7"] / 1e7, header["min_lat_e7"] / 1e7
    east, north = header["max_lon_e7"] / 1e7, header["max_lat_e7"] / 1e7
    sound = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if sound else (-180.0, -90.0, 180.0, 90.0)


def _schema(metadata: Mapping[str, Any]) -> str:
    """By the layer of roads and its field, as the metadata list them."""
    listed = metadata.get("vector_layers")
    layers = {each.get("id"): each for each in listed if isinstance(each, dict)} if isinstance(listed, list) else {}
    for schema, (layer, field) in _KNOWN_BY.items():
        if layer in layers and field in (layers[layer].get("fields") or {field: ""}):
            return schema
    raise StreetsFault(
        "phải theo lược đồ OpenMapTiles hoặc Protomaps phiên bản 4",
        "must follow the schema of OpenMapTiles or of Protomaps, version 4",
    )


def _credit(metadata: Mapping[str, Any]) -> str:
    """The file's attribution without its markup, with OpenStreetMap named in any case."""
    given = metadata.get("attribution")
    text = " ".join(html.unescape(_TAG.sub(" ", given)).split())[:_MOST_CREDIT] if isinstance(given, str) else ""
    return text if "openstreetmap" in text.lower() else " ".join(filter(None, (text, OPENSTREETMAP)))


def _entries(directory: bytes) -> list[Entry]:
    """The entries of an unpacked directory: four columns of numbers behind their count, by ascending number of tile."""
    numbers = _numbers(directory)
    count = next(numbers, 0)
    if count > _MOST_ENTRIES:
        raise BrokenPart(f"{count} entries in one directory")
    steps, runs, lengths, places = (list(islice(numbers, count)) for _ in range(4))
    if len(places) != count:
        raise BrokenPart("a directory ends too early")
    entries: list[Entry] = []
    for number, run, length, place in zip(accumulate(steps), runs, lengths, places, strict=True):
        # Nought is "right behind the one before".
        offset = place - 1 if place or not entries else entries[-1].offset + entries[-1].length
        entries.append(Entry(number, max(offset, 0), length, run))
    return entries


def _numbers(read: bytes) -> Iterator[int]:
    """Numbers of seven bits a byte, the lowest first; the highest bit says that more follow."""
    number = shift = 0
    for byte in read:
        number |= (byte & 0x7F) << shift
        shift += 7
        if shift > _LONGEST_NUMBER:
            raise BrokenPart("a number is too long")
        if byte < 0x80:
            yield number
            number = shift = 0


def _plain(stored: bytes, packed: Compression) -> bytes:
    """What was packed. Raises BrokenPart where it is damaged, or larger than a tile or a directory can honestly be."""
    if packed is Compression.NONE:
        return stored
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(stored, _MOST_UNPACKED)
    except zlib.error as error:
        raise BrokenPart("packed badly") from error
    if not unpacking.eof:
        raise BrokenPart("cut off, or too large unpacked")
    return plain
