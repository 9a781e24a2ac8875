"""`/data/{layer}.{form}`: a file of exactly what is filtered, sent while it is read."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from geodata.crs import CRS84, Crs
from layers.access import User, access
from layers.counting import count
from layers.errors import BadParameter, NotFound
from layers.filters import parse
from layers.layer import Layer
from layers.pyramid import reading as pyramid
from layers.query import FeatureQuery, reading
from layers.registry import dataset
from layers.scope import caller, read_only
from services.downloads import names
from services.downloads.forms import FORMS, Contents, Form, forms_of
from services.downloads.systems import bad_system, read_system
from services.streaming.body import stream
from services.streaming.coding import accepts_gzip
from services.streaming.reading import Reader
from services.streaming.source import source


@dataclass(frozen=True)
class _Asked:
    """What a request wants: rows of a layer or table, for whom, in which form and system."""

    layer: Layer
    user: User
    form: Form
    crs: Crs
    bom: bool


@read_only
def download(request: HttpRequest, layer: str, form: str) -> HttpResponseBase:
    """The rows that the filters of the address choose, as a file. Refusals come before its first byte."""
    asked = _asked(request, layer, form)
    access(asked.layer, asked.user)
    packed = not asked.form.packed and accepts_gzip(request.headers.get("Accept-Encoding", ""))
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # The coding is chosen: nothing on the way out may choose again.
    with reading(asked.user, "download"):
        query = parse(asked.layer, request.GET, asked.user, also=names.OWN)
        body = iter(()) if request.method == "HEAD" else _body(request, query, asked, packed=packed)
    response = StreamingHttpResponse(body, content_type=asked.form.media_type)
    if packed:
        response["Content-Encoding"] = "gzip"
    name = names.file_name(asked.layer, query.day, request.GET, form, asked.crs)
    return _described(response, name, private=asked.user is not None)


def _asked(request: HttpRequest, layer: str, form: str) -> _Asked:
    declared = dataset(layer)
    chosen = _form(form, declared)
    return _Asked(declared, caller(request), chosen, crs=_crs(request, declared, chosen), bom=_bom(request, chosen))


def _body(request: HttpRequest, query: FeatureQuery, asked: _Asked, *, packed: bool) -> Iterator[bytes]:
    """The bytes of the file, the first of them made."""

    def write(reader: Reader) -> Iterator[bytes]:
        return asked.form.write(_contents(request, query, asked, reader))

    return stream(request, asked.user, write, packed=packed)


def _contents(request: HttpRequest, query: FeatureQuery, asked: _Asked, reader: Reader) -> Contents:
    layer, user = asked.layer, asked.user
    geometry = asked.form.geometry if layer.geometry else ""
    return Contents(
        layer=layer,
        day=query.day,
        source=source(layer, query, user, geometry=geometry, crs=asked.crs),
        reader=reader,
        about=lambda: names.about(layer, query, request.GET, asked.crs),
        members=lambda: names.members(layer, query, request.GET),
        matched=lambda: _matched(layer, query, user),
        bom=asked.bom,
        crs=asked.crs,
    )


def _matched(layer: Layer, query: FeatureQuery, user: User) -> int | None:
    """How many rows there are, where that is told at once: by the pyramid, or of a layer small enough to have none.

    Tables may be of any size, and have none.
    """
    cheap = pyramid.serves(layer, query, user) or (layer.pyramid is None and bool(layer.geometry))
    return count(layer, query, user) if cheap else None


def _form(name: str, layer: Layer) -> Form:
    known = ", ".join(form.name for form in forms_of(layer))
    if name not in FORMS:
        raise NotFound(
            "form.unknown",
            f"Không có dạng “{name[:20]}”. Các dạng: {known}.",
            f"There is no form “{name[:20]}”: {known}.",
        )
    if not FORMS[name].suits_layer(layer):
        raise NotFound(
            "form.geometry",
            f"Bảng {layer.name} không có hình học, nên không có dạng {name}. Các dạng: {known}.",
            f"The table {layer.name} has no geometry, so there is no {name} of it: {known}.",
        )
    return FORMS[name]


def _crs(request: HttpRequest, layer: Layer, form: Form) -> Crs:
    """The system of the coordinates. Raises BadParameter where the layer or the form has none, or not this one."""
    if "crs" not in request.GET:
        return CRS84
    if not layer.geometry:
        raise bad_system("crs.table", "Bảng này không có tọa độ.", "This table has no coordinates.")
    crs = read_system(request.GET["crs"])
    if crs != CRS84 and not form.systems:
        raise bad_system(
            "crs.form",
            f"{form.title.vi} chỉ có tọa độ WGS 84. Tải dạng khác, chẳng hạn GeoJSON hoặc GeoPackage.",
            f"{form.title.en} has coordinates of WGS 84 only. Take another form, such as GeoJSON or GeoPackage.",
        )
    return crs


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
