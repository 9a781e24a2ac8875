"""Passes put together as PMTiles 3: tiles by ascending id, compressed by gzip, like tiles stored once."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from tiles.archive.passes import places, whole

BBox = tuple[float, float, float, float]


def write_archive(path: Path, passes: Sequence[tuple[int, Path]], bounds: BBox, metadata: dict) -> int:
    """Writes the archive of passes (zoom and file, by ascending zoom); gives how many tiles it holds.

    Nothing is written where they hold none. Memory grows with the number of tiles, by some hundred bytes each.
    """
    with whole(path) as file:
        writer = Writer(file)
        # The package keeps tiles in the system's folder of temporary files, which may be small, or in memory.
        writer.tile_f.close()
        with tempfile.TemporaryFile(dir=path.parent) as writer.tile_f:
            for zoom, each in passes:
                for number, body in _by_id(zoom, each):
                    writer.write_tile(number, body)
            if not writer.addressed_tiles:
                raise NothingToWrite
            writer.finalize(_header(bounds), metadata)
    return int(writer.addressed_tiles)


class NothingToWrite(Exception):
    """No tile holds anything: the format knows no empty archive."""


def _by_id(zoom: int, path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        for number, offset, length in sorted(_numbered(zoom, file)):
            file.seek(offset)
            yield number, file.read(length)


def _numbered(zoom: int, file: BinaryIO) -> Iterator[tuple[int, int, int]]:
    for x, y, offset, length in places(file):
        yield zxy_to_tileid(zoom, x, y), offset, length


def _header(bounds: BBox) -> dict:
    """What the package does not find out by itself: positions are whole numbers of 1e-7 degrees."""
    west, south, east, north = (round(side * 10_000_000) for side in bounds)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
    }
