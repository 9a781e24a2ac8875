"""Makes the archive of a layer: a pass for each zoom, all from one snapshot, then all of them put together.

A pass that is done stays on the disk under the version of what it shows. A run that broke off goes on with the pass it
was in, as long as the version is the same: then the passes of both are of one state of the data, and of one program.
"""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import translation

from geodata.language import both
from layers.errors import FeatureError
from layers.layer import Layer
from layers.query import map_day, reading
from tiles.archive.passes import write_pass
from tiles.archive.pmtiles import BBox, NothingToWrite, write_archive
from tiles.cache import LOCKS
from tiles.mvt.many import make_tiles
from tiles.tile import Tile
from tiles.tilejson import tilejson
from tiles.versions import of_generation, version_of

TOLD_EVERY_S = 10

Tell = Callable[[str], object]


class NotExported(FeatureError):
    """No archive was made, for a reason that the caller can do something about."""


def export(layer: Layer, maxzoom: int, tell: Tell) -> Path:
    """Makes the archive of the layer's zooms down to `maxzoom`; gives its path. Older archives of the layer go.

    `tell` takes lines about the progress. Raises NotExported for a zoom that the layer does not have, where another run
    is at this layer, and where nothing of the layer is public.
    """
    _require_zoom(layer, maxzoom)
    with _alone(layer):
        with reading(None, "job"):
            version, day = version_of(layer, Tile(0, 0, 0)), map_day("open")
            place = settings.TILE_ARCHIVES / layer.name / version
            _tell_of_others(layer, place.parent, tell)
            _remove_unfinished(place)
            passes = [(zoom, _pass(layer, zoom, day, place, tell)) for zoom in range(layer.zooms[0], maxzoom + 1)]
            bounds, metadata = _about(layer, maxzoom, version)
        return _put_together(place / f"{maxzoom}.pmtiles", passes, bounds, metadata, tell)


def _require_zoom(layer: Layer, maxzoom: int) -> None:
    first, last = layer.zooms
    if not first <= maxzoom <= last:
        raise NotExported(
            "maxzoom.range",
            f"maxzoom của lớp {layer.name} là từ {first} đến {last}.",
            f"maxzoom of the layer {layer.name} is {first} to {last}.",
            parameter="maxzoom",
        )


@contextmanager
def _alone(layer: Layer) -> Iterator[None]:
    """Refuses a second run beside one that is at the same layer. The system ends the lock however a run ends."""
    locks = settings.TILE_ARCHIVES / LOCKS
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / layer.name).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            told = both(
                f"Một lần xuất khác của lớp {layer.name} đang chạy.",
                f"Another export of the layer {layer.name} is running.",
            )
            raise NotExported("export.running", told.vi, told.en) from error
        yield


def _tell_of_others(layer: Layer, place: Path, tell: Tell) -> None:
    """Says so where this run takes the place of an archive that was made otherwise: perhaps it should not."""
    if any(not of_generation(layer, path.parent.name) for path in place.glob("*/*.pmtiles")):
        tell(
            "the archive that goes was made by another program or under other settings;"
            f" here MAP_DUE_SOON_DAYS={settings.DUE_SOON_DAYS}"
        )


def _remove_unfinished(place: Path) -> None:
    """Passes of another version: the data have changed since. Finished archives are served until the new one is."""
    for folder in place.parent.glob("*/passes"):
        if folder.parent != place:
            shutil.rmtree(folder)


def _pass(layer: Layer, zoom: int, day: date, place: Path, tell: Tell) -> Path:
    path = place / "passes" / str(zoom)
    if path.exists():
        tell(f"zoom {zoom}: made by an earlier run")
        return path
    began = time.monotonic()
    tiles = _Told(make_tiles(layer, zoom, day), lambda number: tell(f"zoom {zoom}: {number:,} tiles so far"))
    write_pass(path, tiles)
    size, took = path.stat().st_size / 1e6, time.monotonic() - began
    tell(f"zoom {zoom}: {tiles.number:,} tiles, {size:.1f} MB, {took:.1f} s")
    return path


class _Told:
    """Passes tiles on, counts them, and says now and then how many there were."""

    def __init__(self, tiles: Iterable[tuple[Tile, bytes]], tell: Callable[[int], object]) -> None:
        self.tiles, self.tell, self.number, self.told_at = tiles, tell, 0, time.monotonic()

    def __iter__(self) -> Iterator[tuple[Tile, bytes]]:
        for each in self.tiles:
            yield each
            self.number += 1
            if time.monotonic() - self.told_at > TOLD_EVERY_S:
                self.told_at = time.monotonic()
                self.tell(self.number)


def _about(layer: Layer, maxzoom: int, version: str) -> tuple[BBox, dict]:
    """The bounds of the layer, and what the archive says of itself: as the layer's TileJSON, in the first language."""
    with translation.override(settings.LANGUAGE_CODE):
        told = tilejson(layer, "")
    vector_layers = [{**each, "maxzoom": maxzoom} for each in told["vector_layers"]]
    metadata = {name: told[name] for name in ("name", "description", "attribution")}
    return tuple(told["bounds"]), {**metadata, "type": "overlay", "version": version, "vector_layers": vector_layers}


def _put_together(path: Path, passes: list[tuple[int, Path]], bounds: BBox, metadata: dict, tell: Tell) -> Path:
    try:
        number = write_archive(path, passes, bounds, metadata)
    except NothingToWrite as error:
        told = both("Lớp này không có nội dung công khai nào để xuất.", "Nothing of this layer is public to export.")
        raise NotExported("export.empty", told.vi, told.en) from error
    _remove_all_but(path)
    tell(f"{number:,} tiles, {path.stat().st_size / 1e6:.1f} MB: {path}")
    return path


def _remove_all_but(path: Path) -> None:
    """Passes, older archives and what runs that were cut off left behind."""
    for version in path.parent.parent.iterdir():
        if version != path.parent:
            shutil.rmtree(version)
    shutil.rmtree(path.parent / "passes")
    for other in path.parent.iterdir():
        if other != path:
            other.unlink()
