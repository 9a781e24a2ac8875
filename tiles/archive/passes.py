"""The tiles of one zoom in a file, in the order in which the database gave them: what a run that broke off had done."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import Struct
from typing import BinaryIO

from tiles.coding import by_gzip
from tiles.tile import Tile

# Before each tile: its column, its row, its length.
_HEAD = Struct("<III")


def write_pass(path: Path, tiles: Iterable[tuple[Tile, bytes]]) -> None:
    """The tiles, compressed by gzip."""
    with whole(path) as file:
        for tile, body in tiles:
            packed = by_gzip(body)
            file.write(_HEAD.pack(tile.x, tile.y, len(packed)) + packed)


def places(file: BinaryIO) -> Iterator[tuple[int, int, int, int]]:
    """Where each tile of a pass lies: column, row, offset, length."""
    while head := file.read(_HEAD.size):
        x, y, length = _HEAD.unpack(head)
        yield x, y, file.tell(), length
        file.seek(length, os.SEEK_CUR)


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which is there under its name once all of it is on the disk. Nobody else may write it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    try:
        with unfinished.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
