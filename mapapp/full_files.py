"""`/data/full/{name}.{form}`: whole files that lie ready, with ranges, entity tags and checksums."""

from base64 import b64encode
from functools import partial
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from layers.errors import NotFound
from layers.filters import single_values
from layers.registry import dataset
from layers.scope import read_only
from services.downloads.forms import FORMS
from services.downloads.full.manifest import manifest_of
from services.streaming.body import carried
from tiles.archive.ranges import file_answer, handed_over, is_for_handing_over


@read_only
def full_file(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """The file, or a range of it. Raises NotFound where there is none yet, or none that may be shown; Busy."""
    single_values(request.GET, known=set())
    layer = dataset(name)
    made = manifest_of(layer)
    if made is None or form not in made.files:
        raise _none()
    try:
        response = _sent(request, made.path(layer, form), FORMS[form].media_type)
    except FileNotFoundError as error:  # a new run has taken its place at this moment
        raise _none() from error
    checksum = b64encode(bytes.fromhex(made.files[form].sha256)).decode()
    response["Repr-Digest"] = f"sha-256=:{checksum}:"
    response["Content-Disposition"] = f'attachment; filename="{layer.name}_{made.day}.{form}"'
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _sent(request: HttpRequest, path: Path, media_type: str) -> HttpResponseBase:
    """By nginx where one in front sends files; else with a place, and for a time, as other downloads are."""
    if is_for_handing_over(request):
        return handed_over(path, media_type, folder=settings.FULL_FILES, known_as="full")
    return file_answer(request, path, media_type, carry=partial(carried, request))


def _none() -> NotFound:
    return NotFound(
        "full.none",
        "Chưa có tệp trọn bộ này. Địa chỉ không có “full” luôn tạo được tệp.",
        "There is no such whole file yet. The address without “full” always makes one.",
    )
