"""The public's tiles as files, compressed once, shared by all processes and by a web server in front.

A tile lies at `{layer}/{version}/{z}/{x}/{y}.mvt.gz`, the address under which it never changes; with filters the digest
of the question stands before `.mvt`, an empty tile is a file `.204`, and `.mvt.br` stands beside what is asked for
often. Files are written whole or not at all. Of one tile only one is made at a time, over all threads and processes:
who comes second waits for a lock on a file, which the system releases however its holder ends, and finds the tile made.
Empty tiles are kept without filters only: of questions that find nothing there is no end.
Only what the public sees comes here: tiles of the staff are never kept.
"""

import fcntl
import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from time import monotonic, sleep, time
from typing import BinaryIO

from django.conf import settings

from layers.errors import Busy, TooCostly
from layers.layer import Layer
from layers.query import FeatureQuery, reading, too_costly
from tiles.coding import by_brotli, by_gzip, unpacked
from tiles.mvt import draw_tile
from tiles.tile import Tile
from tiles.versions import day_of, version_of

# Of a process, which asks at long intervals only for what it has in memory.
OFTEN = 2
REFUSED_FOR_S = 10
# Beyond the time limit of a tile: who waits for one that costs too much shall be told that.
WAIT_LONGER_S, LOOK_AGAIN_S = 2, 0.01
LOCKS, LOCK_FILES = ".locks", 1024
# The time of a file's last use is written down so often at most: reading a tile should not write to the disk.
USE_NOTED_S = 3600
_WITH_QUESTION = re.compile(r"[0-9]+\.[0-9a-f]{24}\.", re.ASCII)

logger = logging.getLogger("map.tiles")
_compressing = ThreadPoolExecutor(1, thread_name_prefix="brotli")
_asked: dict[str, int] = {}


@dataclass(frozen=True)
class Kept:
    """A tile of a version: its bytes by gzip (empty: the tile is), and the file they lie in without its endings.

    `made` are the bytes as they are, where they were made just now.
    """

    version: str
    gzipped: bytes
    stem: str
    made: bytes = b""

    @property
    def plain(self) -> bytes:
        """The tile itself."""
        return self.made or (unpacked(self.gzipped) if self.gzipped else b"")

    def by_brotli(self) -> bytes | None:
        """The same by brotli, where somebody asks for this tile often enough; else None, and the asking counts."""
        try:
            return Path(f"{self.stem}.mvt.br").read_bytes()
        except FileNotFoundError:
            _count(self)
            return None


def public_tile(layer: Layer, tile: Tile, query: FeatureQuery, *, version: str = "") -> Kept:
    """The tile as the public sees it at this moment; of `version`, where the caller has just asked for that.

    Raises TooCostly beyond the time limit of tiles, and Busy where others are still at it for longer than that.
    """
    version = version or version_of(layer, tile)
    return kept(layer, version, tile, query) or _made_once(layer, version, tile, query)


def kept(layer: Layer, version: str, tile: Tile, query: FeatureQuery) -> Kept | None:
    """The stored tile of that version, or None."""
    stem = _stem(layer, version, tile, query)
    for name in (f"{stem}.mvt.gz", f"{stem}.204"):
        with suppress(FileNotFoundError), Path(name).open("rb") as file:
            _note_use(name, os.fstat(file.fileno()).st_mtime)
            return Kept(version, file.read(), stem)
    return None


def question_of(query: FeatureQuery) -> str:
    """A digest of the filters, "" without any. The day is not part of it: it stands in the version."""
    text = _asked_by(query)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest() if text != _NOTHING else ""


def is_of_question(name: str) -> bool:
    """Whether the stored file of this name is a tile with filters."""
    return _WITH_QUESTION.match(name) is not None


def _asked_by(query: FeatureQuery) -> str:
    asked = {each.name: getattr(query, each.name) for each in fields(query) if each.name != "day"}
    return repr({**asked, "values": sorted(query.values.items())})


_NOTHING = _asked_by(FeatureQuery(day=date.min))


def _made_once(layer: Layer, version: str, tile: Tile, query: FeatureQuery) -> Kept:
    """The tile that another made meanwhile under the version that was asked for, or else the tile made now."""
    with _alone(layer, tile, query):
        found = kept(layer, version, tile, query)
        if found:
            return found
        refused = Path(_stem(layer, version, tile, query) + ".422")
        if _is_new(refused):
            raise too_costly()
        try:
            return _make(layer, tile, query)
        except TooCostly:
            _write(str(refused), b"")
            raise


def _is_new(refused: Path) -> bool:
    """Whether those who waited shall be refused with the one they waited for, rather than try in turn."""
    with suppress(FileNotFoundError):
        return time() - refused.stat().st_mtime < REFUSED_FOR_S
    return False


def _make(layer: Layer, tile: Tile, query: FeatureQuery) -> Kept:
    """Makes the tile and stores it under the version of the very snapshot that it was made in.

    After a commit that may be a newer version than was asked for, and made already by who held the lock before.
    """
    with reading(None, "tile"):
        version = version_of(layer, tile)
        found = kept(layer, version, tile, query)
        if found:
            return found
        body = draw_tile(layer, tile, query if query.on else replace(query, day=day_of(version)))
    gzipped = by_gzip(body) if body else b""
    made = Kept(version, gzipped, _stem(layer, version, tile, query), body)
    if body or not question_of(query):
        _write(made.stem + (".mvt.gz" if body else ".204"), made.gzipped)
    return made


@contextmanager
def _alone(layer: Layer, tile: Tile, query: FeatureQuery) -> Iterator[None]:
    """Waits until nobody else makes this tile. Some others share its lock: there is a fixed number of them."""
    key = f"{layer.name} {tile} {question_of(query)}".encode()
    number = int.from_bytes(hashlib.blake2b(key, digest_size=4).digest(), "big") % LOCK_FILES
    locks = settings.TILE_CACHE / LOCKS
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / str(number)).open("ab") as lock:
        _wait_for(lock)
        yield


def _wait_for(lock: BinaryIO) -> None:
    """Raises Busy once whoever holds the lock has taken longer than a tile may: a caller is not kept for ever."""
    until = monotonic() + settings.QUERY_LIMITS_MS["tile"] / 1000 + WAIT_LONGER_S
    while True:
        with suppress(BlockingIOError):
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if monotonic() > until:
            raise Busy(
                "tile.busy",
                "Ô bản đồ này đang được tạo. Thử lại sau ít giây.",
                "This tile is being made. Try again in a few seconds.",
            )
        sleep(LOOK_AGAIN_S)


def _stem(layer: Layer, version: str, tile: Tile, query: FeatureQuery) -> str:
    question = question_of(query)
    end = f".{question}" if question else ""
    return f"{settings.TILE_CACHE}/{layer.name}/{version}/{tile.z}/{tile.x}/{tile.y}{end}"


def _write(name: str, content: bytes) -> None:
    """The file, whole. A full disk costs the next caller the making, not this one his answer."""
    folder = Path(name).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o644)
        Path(file.name).replace(name)
    except OSError:
        logger.exception("a tile could not be stored")


def _note_use(name: str, noted: float) -> None:
    if time() - noted > USE_NOTED_S:
        with suppress(OSError):
            os.utime(name)


def _count(tile: Kept) -> None:
    """Has a tile compressed by brotli, in the background, once it was asked for often by this process."""
    if len(_asked) > 10_000:
        _asked.clear()
    _asked[tile.stem] = _asked.get(tile.stem, 0) + 1
    if _asked[tile.stem] == OFTEN:
        _compressing.submit(_compress, tile)


def _compress(tile: Kept) -> None:
    _write(f"{tile.stem}.mvt.br", by_brotli(tile.plain))
