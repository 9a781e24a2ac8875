"""What other sites show of an address of ours: title, picture, and the address that search engines keep."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from layers.layer import Layer
from layers.public_address import absolute
from mapapp.addresses import in_language, with_query
from mapapp.sharing.addresses import with_state
from mapapp.sharing.picture import PREVIEW

_RECORD_ZOOM = 13


@dataclass(frozen=True)
class Preview:
    """Full addresses: of this page in its state, of the page as such (both languages), and of its picture."""

    url: str
    canonical: str
    vi: str
    en: str
    image: str
    width: int = PREVIEW[0]
    height: int = PREVIEW[1]


def map_preview(request: HttpRequest) -> Preview:
    """Of the map in the state of the address; search engines keep the map as such."""
    return _preview(request, "/", with_state("/picture.png", request.GET))


def record_preview(request: HttpRequest, layer: Layer, record: dict, *, at_home: bool) -> Preview:
    """Of a record: the map round it. A record that is an area shows its layer, a household's place its layer too."""
    state = QueryDict(mutable=True)
    if record["geometry"]["type"] == "Point" and not at_home:
        lon, lat = record["geometry"]["coordinates"]
        state["at"] = f"{_RECORD_ZOOM}/{lat:.5f}/{lon:.5f}"
    state["layers"] = layer.name
    if not at_home:
        state["select"] = f"{layer.name}/{record['id']}"
    if "lang" in request.GET:
        state["lang"] = request.GET["lang"]
    return _preview(request, f"/{layer.name}/{record['id']}", with_query("/picture.png", state))


def _preview(request: HttpRequest, path: str, image: str) -> Preview:
    vi, en = (absolute(request, in_language(path, language)) for language in ("vi", "en"))
    canonical = en if request.LANGUAGE_CODE == "en" else vi  # type: ignore[attr-defined]
    return Preview(absolute(request, request.get_full_path()), canonical, vi, en, absolute(request, image))
