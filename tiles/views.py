"""Tiles, their versions, archives of them, TileJSON and the map's style over HTTP."""

import hashlib
from collections.abc import Iterable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import translation

from geodata.credits import ground_credits
from layers.describe import describe
from layers.errors import BadParameter, Busy, NotFound
from layers.filters import parse, read_codes, single_values
from layers.layer import Layer
from layers.public_address import absolute
from layers.query import FeatureQuery, reading
from layers.registry import all_layers, get
from layers.scope import caller, read_only
from tiles.answers import FOREVER, MVT, known_tag, not_modified, stored_tile
from tiles.archive.ranges import file_answer, handed_over, is_for_handing_over
from tiles.archive.stored import archive_of
from tiles.basemap import ZOOMS, edition, make_basemap_tile
from tiles.blocks import read_blocks
from tiles.cache import Kept, kept, public_tile, question_of
from tiles.mvt import make_tile
from tiles.streets.serving import shown_streets
from tiles.streets.style import with_streets
from tiles.style import Theme, style
from tiles.tile import Tile, read_tile
from tiles.tilejson import credit, joined, tilejson
from tiles.versions import FORM, day_of, of_generation, version_of, versions_of

PMTILES = "application/vnd.pmtiles"


@read_only
def tile(request: HttpRequest, layer: str, z: str, x: str, y: str) -> HttpResponse:
    """One tile under the filters of the address: 200, 204 when empty, 304 when the caller has it."""
    declared = get(layer)
    address = read_tile(z, x, y, zooms=declared.zooms)
    user = caller(request)
    if user is not None:
        query = parse(declared, request.GET, user, also=("scope",))
        return tile_response(request, make_tile(declared, address, query, user), private=True)
    return public_tile_response(request, declared, address, also=("scope",))


def public_tile_response(request: HttpRequest, layer: Layer, tile: Tile, *, also: Iterable[str]) -> HttpResponse:
    """The public tile under the filters of the address; names in `also` are left alone. Always fresh.

    Whether the caller has it already follows from its version: no data are touched, nor the stored bytes.
    """
    version = version_of(layer, tile)
    query = parse(layer, request.GET, also=also, today=day_of(version))
    question = question_of(query)
    tag = known_tag(request, version, question)
    if tag:
        response = not_modified(tag)
    else:
        response = stored_tile(request, public_tile(layer, tile, query, version=version), question)
    response["Cache-Control"] = "no-cache"
    return response


@read_only
def tile_of_version(request: HttpRequest, layer: str, version: str, z: str, x: str, y: str) -> HttpResponse:
    """The tile of a version, for ever the same; 307 to the always fresh address where the version is over and gone."""
    declared = get(layer)
    address = read_tile(z, x, y, zooms=declared.zooms)
    query = parse(declared, request.GET)
    found = _of_version(declared, version, address, query)
    if found is None:
        return _to_the_fresh_one(request, layer, z, x, y)
    response = stored_tile(request, found, question_of(query))
    response["Cache-Control"] = FOREVER
    return response


def _of_version(layer: Layer, version: str, tile: Tile, query: FeatureQuery) -> Kept | None:
    """The tile of that version: stored, or, if it is the current one, made now; None for any other."""
    if not FORM.fullmatch(version):
        raise BadParameter(
            "version.form",
            f"Phiên bản “{version[:60]}” không do /tiles/{layer.name}/versions cấp.",
            f"The version “{version[:60]}” is none that /tiles/{layer.name}/versions gives.",
            parameter="version",
        )
    if not of_generation(layer, version):
        return None
    found = kept(layer, version, tile, query)
    if found is None and version == version_of(layer, tile):
        found = public_tile(layer, tile, query)
    return found if found and found.version == version else None


def _to_the_fresh_one(request: HttpRequest, layer: str, z: str, x: str, y: str) -> HttpResponse:
    asked = f"?{request.META['QUERY_STRING']}" if request.GET else ""
    response = HttpResponse(status=307)
    del response["Content-Type"]
    response["Location"] = reverse("tile", args=(layer, z, x, y)) + asked
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = "no-store", "*"
    return response


@read_only
def tile_versions(request: HttpRequest, layer: str) -> HttpResponse:
    """The version of each tile named in `blocks`, all of one moment: {"blocks": {"z/x/y": version}}.

    A tile below zoom 12 is answered with the version it shares with its ancestor there.
    """
    declared = get(layer)
    values = single_values(request.GET, known={"blocks"})
    asked = read_blocks(values.get("blocks", ""), declared)
    found = versions_of(declared, list(asked.values()))
    response = JsonResponse({"layer": layer, "blocks": {name: found[tile] for name, tile in asked.items()}})
    return _tagged(request, response, response.content)


@read_only
def basemap_tile(request: HttpRequest, z: str, x: str, y: str) -> HttpResponse:
    """One tile of the base map."""
    single_values(request.GET, known=set())
    return tile_response(request, make_basemap_tile(read_tile(z, x, y, zooms=ZOOMS), edition()))


def tile_response(request: HttpRequest, body: bytes, *, private: bool = False) -> HttpResponse:
    """A tile that is not stored."""
    response = HttpResponse(body, content_type=MVT, status=200 if body else 204)
    return _tagged(request, response, body, private=private)


def _tagged(request: HttpRequest, response: HttpResponse, body: bytes, *, private: bool = False) -> HttpResponse:
    """The answer with its ETag: the same bytes always have the same one. 304 where the caller has them."""
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    if not private and request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        response = HttpResponse(status=304)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-store" if private else "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@read_only
def archive(request: HttpRequest, layer: str) -> HttpResponseBase:
    """The layer's public tiles as one PMTiles file, by ranges of its bytes: as they were when it was made."""
    declared = get(layer)
    single_values(request.GET, known=set())
    try:
        response = _archive(request, declared)
    except FileNotFoundError as error:
        raise Busy(
            "archive.replaced",
            f"Tệp PMTiles của lớp {layer} đang được thay. Thử lại sau ít giây.",
            f"The PMTiles file of the layer {layer} is being replaced. Try again in a few seconds.",
        ) from error
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = "no-cache", "*"
    response["Access-Control-Expose-Headers"] = "ETag, Content-Range, Content-Length"
    return response


def _archive(request: HttpRequest, layer: Layer) -> HttpResponseBase:
    path = archive_of(layer)
    if path is None:
        raise NotFound(
            "archive.none",
            f"Chưa có tệp PMTiles của lớp {layer.name}: máy chủ tạo tệp bằng manage.py export_tiles {layer.name}.",
            f"There is no PMTiles file of the layer {layer.name} yet: manage.py export_tiles {layer.name} makes one.",
        )
    if is_for_handing_over(request):
        return handed_over(path, PMTILES, folder=settings.TILE_ARCHIVES, known_as="archives")
    return file_answer(request, path, PMTILES)


@read_only
def layer_tilejson(request: HttpRequest, layer: str) -> JsonResponse:
    """TileJSON 3.0 of a layer, filters of the address carried on into its tiles' address."""
    declared = get(layer)
    parse(declared, request.GET)
    with reading(None, "page"):
        response = JsonResponse(tilejson(declared, absolute(request, "/"), request.GET.urlencode()))
    response["Access-Control-Allow-Origin"] = "*"
    return response


@read_only
def map_style(request: HttpRequest) -> JsonResponse:
    """The MapLibre style of all public layers, in the theme and language asked for."""
    values = single_values(request.GET, known={"theme", "lang"})
    lang = read_codes(values.get("lang", "vi"), "lang", {"vi", "en"})[0]
    theme = cast(Theme, read_codes(values.get("theme", "light"), "theme", {"light", "dark"})[0])
    with translation.override(lang), reading(None, "page"):
        described = [describe(layer) for layer in all_layers()]
        base_url = absolute(request, "/").rstrip("/")
        credits = {"credit": credit(), "ground_credit": joined(ground_credits())}
        made = style(described, lang=lang, theme=theme, base_url=base_url, **credits)
        shown = shown_streets(base_url)
        response = JsonResponse(with_streets(made, shown, theme) if shown else made)
    response["Access-Control-Allow-Origin"] = "*"
    return response
