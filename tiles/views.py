"""Tiles, TileJSON and the map's style over HTTP."""

import hashlib
from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation

from geodata.credits import ground_credits
from layers.describe import describe
from layers.filters import parse, read_codes, single_values
from layers.public_address import absolute
from layers.query import reading
from layers.registry import all_layers, get
from layers.scope import caller, is_staff_scope, read_only
from tiles.basemap import ZOOMS, edition, make_basemap_tile
from tiles.cache import public_tile
from tiles.mvt import make_tile
from tiles.style import Theme, style
from tiles.tile import read_tile
from tiles.tilejson import credit, joined, tilejson

MVT = "application/vnd.mapbox-vector-tile"


@read_only
def tile(request: HttpRequest, layer: str, z: str, x: str, y: str) -> HttpResponse:
    """One tile under the filters of the address: 200, 204 when empty, 304 when the caller has it."""
    declared = get(layer)
    address = read_tile(z, x, y, zooms=declared.zooms)
    user = caller(request)
    query = parse(declared, request.GET, user, also=("scope",))
    body = public_tile(declared, address, query) if user is None else make_tile(declared, address, query, user)
    return tile_response(request, body, private=is_staff_scope(request))


@read_only
def basemap_tile(request: HttpRequest, z: str, x: str, y: str) -> HttpResponse:
    """One tile of the base map."""
    single_values(request.GET, known=set())
    return tile_response(request, make_basemap_tile(read_tile(z, x, y, zooms=ZOOMS), edition()))


def tile_response(request: HttpRequest, body: bytes, *, private: bool = False) -> HttpResponse:
    """The answer with its ETag: the same bytes always have the same one."""
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    if not private and request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type=MVT, status=200 if body else 204)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-store" if private else "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


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
        response = JsonResponse(style(described, lang=lang, theme=theme, base_url=base_url, **credits))
    response["Access-Control-Allow-Origin"] = "*"
    return response
