"""What whole files there are of a layer or table: made for which day, how many rows, how large, with which checksum."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from layers.layer import Layer
from layers.query import columns

MANIFEST = "manifest.json"
logger = logging.getLogger("map.jobs")


@dataclass(frozen=True)
class Whole:
    """One file: its size in bytes and its SHA-256 in hexadecimal digits."""

    form: str
    file: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The files of one layer or table, all of one moment. `columns` are the public fields at that time."""

    day: date
    made_at: str
    rows: int
    columns: tuple[str, ...]
    run: str
    files: Mapping[str, Whole]

    def path(self, layer: Layer, form: str) -> Path:
        """Where the file of that form lies. Raises KeyError."""
        return folder(layer) / self.run / self.files[form].file


def folder(layer: Layer) -> Path:
    """Where the files of a layer or table lie."""
    return Path(settings.FULL_FILES) / layer.name


def public_columns(layer: Layer) -> tuple[str, ...]:
    """What the files of today's declaration may show."""
    return tuple(item.name for item in columns(layer))


def manifest_of(layer: Layer) -> Manifest | None:
    """What there is of the layer; None where nothing is, or where the files show other fields than are public now.

    A manifest that is damaged is as none, and the log says so: the next run makes another.
    """
    try:
        made = _read(folder(layer) / MANIFEST)
    except FileNotFoundError:
        return None
    except (AttributeError, KeyError, TypeError, ValueError):
        logger.exception("the manifest of the whole files of %s is damaged", layer.name)
        return None
    return made if made.columns == public_columns(layer) else None


def _read(path: Path) -> Manifest:
    told = json.loads(path.read_text(encoding="utf-8"))
    files = {one["form"]: Whole(**one) for one in told["files"]}
    return Manifest(
        date.fromisoformat(told["day"]), told["made_at"], told["rows"], tuple(told["columns"]), told["run"], files
    )


def write_manifest(layer: Layer, manifest: Manifest) -> None:
    """From here on these are the files of the layer: readers find the old ones or the new ones, never some of both."""
    told = {**asdict(manifest), "day": manifest.day.isoformat(), "files": _listed(list(manifest.files.values()))}
    unfinished = folder(layer) / f"{MANIFEST}.part"
    unfinished.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    unfinished.replace(folder(layer) / MANIFEST)


def _listed(files: Sequence[Whole]) -> list[dict]:
    return [asdict(one) for one in files]
