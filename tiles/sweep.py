"""Removes stored tiles that are over, those beyond the bound, and what nobody may be served any more, archives too."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from layers.query import map_day
from layers.registry import all_layers
from tiles.cache import LOCKS, is_of_question
from tiles.versions import day_of, of_generation

# Down to this part of the bound, so that not every sweep finds something to remove.
LEFT = 0.9
# What a folder takes, and a file at least, an empty one too.
LEAST_BYTES = 4096


class File(NamedTuple):
    """A stored file. They go in this order: first those of questions with filters, of which there is no end."""

    without_filters: bool
    used_at: float
    size: int
    path: Path


def remove_over() -> int:
    """Removes what is of a layer or generation that is no more, and tiles of other days; gives how many versions.

    A layer that was closed, or shows less now, leaves no file behind that a web server could go on serving. Each
    version is of one day of the map: what was withdrawn goes from versions that are over with the day.
    """
    today = map_day()
    tiles, archives = _versions(settings.TILE_CACHE), _versions(settings.TILE_ARCHIVES)
    over = [each for each in archives if _is_closed(each)]
    over += [each for each in tiles if _is_closed(each) or day_of(each.name) != today]
    for version in over:
        shutil.rmtree(version, ignore_errors=True)
    return len(over)


def keep_within_bound() -> int:
    """Removes the stored tiles used longest ago that are beyond the bound; gives the bytes left."""
    files: list[File] = []
    folders = 0
    for version in _versions(settings.TILE_CACHE):
        for folder, _, names in os.walk(version):
            folders += 1
            files += _files(folder, names)
    size = sum(file.size for file in files) + folders * LEAST_BYTES
    bound = settings.TILE_CACHE_MB * 2**20
    if size > bound:
        size -= _remove_first(sorted(files), size - bound * LEFT)
    return size


def _is_closed(version: Path) -> bool:
    layer = next((layer for layer in all_layers() if layer.name == version.parent.name), None)
    return layer is None or not of_generation(layer, version.name)


def _versions(root: Path) -> list[Path]:
    return [version for layer in _folders(root) for version in _folders(layer)]


def _folders(folder: Path) -> list[Path]:
    with suppress(FileNotFoundError):
        return [each for each in folder.iterdir() if each.is_dir() and each.name != LOCKS]
    return []


def _files(folder: str, names: list[str]) -> Iterator[File]:
    for name in names:
        path = Path(folder, name)
        with suppress(FileNotFoundError):
            told = path.stat()
            # A web server reads without a word to us: the file system notes that.
            used_at, size = max(told.st_mtime, told.st_atime), max(told.st_blocks * 512, LEAST_BYTES)
            yield File(not is_of_question(name), used_at, size, path)


def _remove_first(files: list[File], surplus: float) -> int:
    """Removes files in their order until so many bytes are gone; gives how many are."""
    removed = 0
    for file in files:
        if removed >= surplus:
            break
        file.path.unlink(missing_ok=True)
        removed += file.size + LEAST_BYTES * _remove_empty(file.path.parent)
    return removed


def _remove_empty(folder: Path) -> int:
    """Removes the folder and those above it as long as nothing is left in them; gives how many."""
    removed = 0
    with suppress(OSError):
        while folder != settings.TILE_CACHE:
            folder.rmdir()
            folder, removed = folder.parent, removed + 1
    return removed
