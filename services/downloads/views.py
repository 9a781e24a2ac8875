"""`/data/{layer}.{form}`: a file of exactly what is filtered, sent while it is read."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from layers.access import User, access
from layers.counting import count
from layers.errors import BadParameter, NotFound
from layers.filters import parse
from layers.layer import Layer
from layers.pyramid import reading as pyramid
from layers.query import FeatureQuery, reading
from layers.registry import get
from layers.scope import caller, read_only
from services.downloads import names
from services.downloads.forms import FORMS, Contents, Form
from services.streaming.body import stream
from services.streaming.coding import accepts_gzip
from services.streaming.reading import Reader
from services.streaming.source import source


@read_only
def download(request: HttpRequest, layer: str, form: str) -> HttpResponseBase:
    """The rows that the filters of the address choose, as a file. Refusals come before its first byte."""
    declared, user, chosen = get(layer), caller(request), _form(form)
    bom = _bom(request, chosen)
    access(declared, user)
    packed = not chosen.packed and accepts_gzip(request.headers.get("Accept-Encoding", ""))
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # The coding is chosen: nothing on the way out may choose again.
    with reading(user, "download"):
        query = parse(declared, request.GET, user, also=names.OWN)
        body = iter(()) if request.method == "HEAD" else _body(request, declared, query, user, chosen, bom, packed)
    response = StreamingHttpResponse(body, content_type=chosen.media_type)
    if packed:
        response["Content-Encoding"] = "gzip"
    return _described(response, names.file_name(declared, query.day, request.GET, form), private=user is not None)


def _body(
    request: HttpRequest, layer: Layer, query: FeatureQuery, user: User, form: Form, bom: bool, packed: bool
) -> Iterator[bytes]:
    """The bytes of the file, the first of them made."""

    def write(reader: Reader) -> Iterator[bytes]:
        return form.write(_contents(request, layer, query, user, form, reader, bom))

    return stream(request, user, write, packed=packed)


def _contents(
    request: HttpRequest, layer: Layer, query: FeatureQuery, user: User, form: Form, reader: Reader, bom: bool
) -> Contents:
    return Contents(
        layer=layer,
        day=query.day,
        source=source(layer, query, user, geometry=form.geometry),
        reader=reader,
        about=lambda: names.about(layer, query, request.GET),
        members=lambda: names.members(layer, query, request.GET),
        matched=lambda: _matched(layer, query, user),
        bom=bom,
    )


def _matched(layer: Layer, query: FeatureQuery, user: User) -> int | None:
    """How many rows there are, where that is told at once: by the pyramid, or of a layer small enough to have none."""
    cheap = pyramid.serves(layer, query, user) or layer.pyramid is None
    return count(layer, query, user) if cheap else None


def _form(name: str) -> Form:
    if name not in FORMS:
        known = ", ".join(FORMS)
        raise NotFound(
            "form.unknown",
            f"Không có dạng “{name[:20]}”. Các dạng: {known}.",
            f"There is no form “{name[:20]}”: {known}.",
        )
    return FORMS[name]


def _bom(request: HttpRequest, form: Form) -> bool:
    """Whether CSV begins with a byte order mark, as spreadsheets want it; `bom=0` for programs that do not."""
    value = request.GET.get("bom")
    if value is not None and (value not in ("0", "1") or form.name != "csv"):
        raise BadParameter(
            "bom.flag", "bom là 0 hoặc 1, chỉ với CSV.", "bom is 0 or 1, and for CSV only.", parameter="bom"
        )
    return value != "0"


def _described(response: StreamingHttpResponse, name: str, *, private: bool) -> StreamingHttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    response["Accept-Ranges"] = "none"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "private, no-store" if private else "no-cache"
    if not private:
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Content-Disposition"
    return response
