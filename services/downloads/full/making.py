"""Makes the whole files of a layer or table: all forms from one snapshot, public rows only, in the first language."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.http import QueryDict
from django.utils import translation

from geodata.crs import CRS84
from layers.access import connection_for
from layers.errors import Conflict, TooCostly
from layers.layer import Layer
from layers.query import FeatureQuery, map_day, reading
from services.downloads import names
from services.downloads.forms import Contents, Form, forms_of
from services.downloads.full.manifest import Manifest, Whole, folder, manifest_of, public_columns, write_manifest
from services.streaming.reading import Reader
from services.streaming.source import source

Tell = Callable[[str], object]


def export(layer: Layer, tell: Tell) -> Manifest:
    """Makes the files of the layer in place of those of the run before; gives what there is then.

    `tell` takes lines about the progress. A form that cannot hold so many rows is left out, and told. Raises Conflict
    where another run is at this layer.
    """
    with _alone(layer), translation.override(settings.LANGUAGE_CODE):
        run = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        before = manifest_of(layer)
        _remove_all_but(before.run if before else "", layer)
        place = folder(layer) / run
        place.mkdir(parents=True, exist_ok=True)
        with reading(None, "job"), Reader(None, limit="job") as reader:
            _may_rest()
            query = FeatureQuery(day=map_day("open"))
            files, rows = _files(layer, query, reader, place, tell)
        manifest = Manifest(
            query.day, datetime.now(UTC).isoformat(timespec="seconds"), rows, public_columns(layer), run, files
        )
        write_manifest(layer, manifest)
        _remove_all_but(run, layer)
    return manifest


@contextmanager
def _alone(layer: Layer) -> Iterator[None]:
    """Refuses a second run beside one that is at the same layer. The system ends the lock however a run ends."""
    folder(layer).mkdir(parents=True, exist_ok=True)
    with (folder(layer) / ".lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            vi, en = f"Tệp của {layer.name} đang được tạo.", f"The files of {layer.name} are being made."
            raise Conflict("export.running", vi, en) from error
        yield


def _may_rest() -> None:
    """The connection that gave the snapshot has nothing to do while the reader reads, however long that takes."""
    with connections[connection_for(None)].cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def _files(layer: Layer, query: FeatureQuery, reader: Reader, place: Path, tell: Tell) -> tuple[dict[str, Whole], int]:
    files, rows = {}, 0
    for form in forms_of(layer):
        contents = _contents(layer, query, form, reader)
        try:
            rows = rows or contents.counted()
            files[form.name] = _write(form, contents, place / f"{layer.name}.{form.name}")
        except TooCostly as error:
            tell(f"{layer.name}.{form.name}: {error.message.en}")
            continue
        tell(f"{layer.name}.{form.name}: {rows:,} rows, {files[form.name].size / 1e6:.1f} MB")
    return files, rows


def _contents(layer: Layer, query: FeatureQuery, form: Form, reader: Reader) -> Contents:
    nothing = QueryDict()
    geometry = form.geometry if layer.geometry else ""
    return Contents(
        layer=layer,
        day=query.day,
        source=source(layer, query, None, geometry=geometry),
        reader=reader,
        about=lambda: names.about(layer, query, nothing, CRS84),
        members=lambda: names.members(layer, query, nothing),
        matched=lambda: reader.value(*_count(layer, query)),
    )


def _count(layer: Layer, query: FeatureQuery) -> tuple[str, tuple]:
    counted = source(layer, query, None, geometry="")
    return counted.count()


def _write(form: Form, contents: Contents, path: Path) -> Whole:
    """Raises TooCostly and what else fails, and leaves nothing then."""
    checksum, size = hashlib.sha256(), 0
    try:
        with path.open("wb") as file:
            for piece in form.write(contents):
                file.write(piece)
                checksum.update(piece)
                size += len(piece)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Whole(form.name, path.name, size, checksum.hexdigest())


def _remove_all_but(run: str, layer: Layer) -> None:
    """Earlier runs, and what runs that failed or were cut off left behind."""
    for other in folder(layer).iterdir():
        if other.is_dir() and other.name != run:
            shutil.rmtree(other)
