"""Keeps the stored tiles within their bound, and removes what nobody may be served any more, archives too."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from layers.registry import all_layers
from tiles.cache import LOCKS
from tiles.versions import of_generation

# Down to this part of the bound, so that not every sweep finds something to remove.
LEFT = 0.9

File = tuple[float, int, Path]


def sweep() -> int:
    """Removes tiles of layers or generations that are no more, then those used longest ago; gives the bytes left."""
    for root in (settings.TILE_CACHE, settings.TILE_ARCHIVES):
        _remove_closed(root)
    files = sorted(_files(settings.TILE_CACHE))
    size = sum(each for _, each, _ in files)
    bound = settings.TILE_CACHE_MB * 2**20
    if size > bound:
        size -= _remove_oldest(files, size - bound * LEFT)
    return size


def _remove_closed(root: Path) -> None:
    """A layer that was closed, or shows less now, leaves no file behind that a web server could go on serving."""
    layers = {layer.name: layer for layer in all_layers()}
    for folder in _folders(root):
        layer = layers.get(folder.name)
        for version in _folders(folder):
            if layer is None or not of_generation(layer, version.name):
                shutil.rmtree(version, ignore_errors=True)


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [each for each in folder.iterdir() if each.is_dir() and each.name != LOCKS]


def _files(root: Path) -> Iterator[File]:
    """Every stored file: when it was last used, its bytes on the disk, its path."""
    for folder in _folders(root):
        for path in folder.rglob("*"):
            with suppress(FileNotFoundError):
                told = path.stat()
                if path.is_file():
                    # A web server reads without a word to us: the file system notes that.
                    yield max(told.st_mtime, told.st_atime), told.st_blocks * 512, path


def _remove_oldest(files: list[File], surplus: float) -> int:
    removed = 0
    for _, size, path in files:
        if removed >= surplus:
            break
        path.unlink(missing_ok=True)
        _remove_empty(path.parent)
        removed += size
    return removed


def _remove_empty(folder: Path) -> None:
    """The folder and those above it as long as nothing is left in them."""
    with suppress(OSError):
        while folder != settings.TILE_CACHE:
            folder.rmdir()
            folder = folder.parent
