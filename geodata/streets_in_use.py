"""The file of streets that `MAP_STREETS` names, as it lies on the disk at this moment."""

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from geodata.streets_file import StreetsFault, StreetsFile, identity


def streets() -> StreetsFile | None:
    """The file; None where none is named, or where the one that was there at the start can no longer be used."""
    with suppress(StreetsFault, OSError):
        return _opened(settings.STREETS, identity(settings.STREETS)) if settings.STREETS else None
    return None


def streets_are_missing() -> bool:
    """Whether a file is named that cannot be used."""
    return settings.STREETS is not None and streets() is None


def streets_credits() -> list[str]:
    """Whom a map has to name for its streets; empty without streets."""
    found = streets()
    return [found.credit] if found else []


@lru_cache(maxsize=1)
def _opened(path: Path, identity: str) -> StreetsFile:
    """Opened once for each state of the file."""
    return StreetsFile(path)
