"""Finished archives: which of them is served."""

from contextlib import suppress
from pathlib import Path

from django.conf import settings

from layers.layer import Layer
from tiles.versions import of_generation


def archive_of(layer: Layer) -> Path | None:
    """The layer's newest archive, or None.

    One of another program or declaration is none: it may show what is public no longer. Raises FileNotFoundError where
    archives are removed at this moment.
    """
    every = (settings.TILE_ARCHIVES / layer.name).glob("*/*.pmtiles")
    return max((path for path in every if of_generation(layer, path.parent.name)), key=_made_at, default=None)


def _made_at(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0.0
