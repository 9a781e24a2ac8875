"""Tilesets of OGC API - Tiles (20-057): metadata of each layer's tiles, and the tiles by matrix, row and column."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from geodata.archipelagos import COUNTRY_VIEW
from geodata.crs import CRS84
from geodata.language import both
from layers.errors import BadParameter, NotFound
from layers.filters import parse, single_values
from layers.layer import Layer
from layers.public_address import absolute
from layers.query import reading
from layers.registry import get
from layers.scope import read_only
from tiles import matrix_sets
from tiles.answers import MVT
from tiles.matrix_sets import CRS, NAME, TITLE, URI, limits
from tiles.tile import read_tile
from tiles.tilejson import credit, tilejson
from tiles.views import public_tile_response

Json = dict[str, Any]

OWN = ("f", "lang")
TILING_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
_SETS, _JSON, _TILEJSON = "/ogc/tileMatrixSets", "application/json", "application/vnd.mapbox.tilejson+json"
# Filters of the address are carried on into those of the tiles.
_SAFE = ",/:"
CLUSTERS = both(
    "Ở mức thu nhỏ, các điểm gần nhau được gộp thành cụm có số đếm: để phân tích hãy dùng items hoặc WFS.",
    "At small scales near points are joined into clusters with a count: for analysis take items or WFS.",
)


@read_only
def all_matrix_sets(request: HttpRequest) -> HttpResponse:
    """The tile matrix sets that there are: one."""
    _json_only(request)
    listed = {"id": NAME, "title": TITLE, "uri": URI, "crs": CRS, "links": [_of_set(request, "self")]}
    return _answered({"tileMatrixSets": [listed]})


@read_only
def matrix_set(request: HttpRequest, name: str) -> HttpResponse:
    """The definition of a tile matrix set."""
    _json_only(request)
    _known(name)
    return _answered(matrix_sets.matrix_set())


@read_only
def tilesets(request: HttpRequest, layer: str) -> HttpResponse:
    """The tilesets of a collection: one, under the filters of the address (/req/tilesets-list/tileset-links)."""
    declared = _asked(request, layer)
    listed = {**_summary(declared), "links": [_to_tileset(request, declared), _of_set(request, TILING_SCHEME)]}
    here = _link("self", absolute(request, request.get_full_path()), _JSON, declared.title)
    return _answered({"links": [here], "tilesets": [listed]})


@read_only
def tileset(request: HttpRequest, layer: str, name: str) -> HttpResponse:
    """The metadata of a tileset (/req/tileset/description)."""
    declared = _asked(request, layer)
    _known(name)
    with reading(None, "page"):
        told = {**_summary(declared), "attribution": credit(), "layers": [_layer(declared)]}
    west, south, east, north = COUNTRY_VIEW
    return _answered(
        {
            **told,
            "description": f"{declared.description} {CLUSTERS}",
            "tileMatrixSetDefinition": absolute(request, f"{_SETS}/{NAME}"),
            "tileMatrixSetLimits": limits(declared.zooms),
            "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84.uri},
            "mediaTypes": [MVT],
            "links": _links(request, declared),
        }
    )


@read_only
def tile(request: HttpRequest, layer: str, name: str, z: str, y: str, x: str) -> HttpResponse:
    """A tile under the filters of the address: 200, with no bytes where it is empty (/req/core/tc-error)."""
    declared = get(layer)
    _known(name)
    if request.GET.get("f", "mvt") != "mvt":
        raise _no_form("mvt")
    response = public_tile_response(request, declared, read_tile(z, x, y, zooms=declared.zooms), also=OWN)
    if response.status_code == 204:
        response.status_code = 200
    return response


def _asked(request: HttpRequest, layer: str) -> Layer:
    """The layer, its filters in the address checked. Raises NotFound, BadParameter."""
    declared = get(layer)
    parse(declared, request.GET, also=OWN)
    _check_form(request)
    return declared


def _summary(layer: Layer) -> Json:
    return {"title": str(layer.title), "dataType": "vector", "crs": CRS, "tileMatrixSetURI": URI}


def _layer(layer: Layer) -> Json:
    """The layer inside the tiles, with the fields that they carry."""
    (shown,) = tilejson(layer, "/")["vector_layers"]
    fields = {name: {"type": kind.lower()} for name, kind in shown["fields"].items()}
    return {
        "id": layer.name,
        "title": str(layer.title),
        "dataType": "vector",
        "geometryType": "points" if layer.geometry == "point" else "polygons",
        "minTileMatrix": str(layer.zooms[0]),
        "maxTileMatrix": str(layer.zooms[1]),
        "propertiesSchema": {"type": "object", "properties": fields},
    }


def _links(request: HttpRequest, layer: Layer) -> list[Json]:
    asked = _filters(request)
    at = f"/ogc/collections/{layer.name}"
    tiles = f"{at}/tiles/{NAME}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{asked}"
    item = {
        **_link("item", absolute(request, "/").rstrip("/") + tiles, MVT, both("Một ô", "A tile")),
        "templated": True,
    }
    return [
        _to_tileset(request, layer),
        item,
        _of_set(request, TILING_SCHEME),
        _link("describedby", absolute(request, f"/tiles/{layer.name}.json") + asked, _TILEJSON, "TileJSON"),
        _link("collection", absolute(request, at), _JSON, layer.title),
    ]


def _to_tileset(request: HttpRequest, layer: Layer) -> Json:
    href = absolute(request, f"/ogc/collections/{layer.name}/tiles/{NAME}") + _filters(request)
    return _link("self", href, _JSON, layer.title)


def _of_set(request: HttpRequest, rel: str) -> Json:
    return _link(rel, absolute(request, f"{_SETS}/{NAME}"), _JSON, TITLE)


def _link(rel: str, href: str, media_type: str, title: object) -> Json:
    return {"rel": rel, "type": media_type, "title": str(title), "href": href}


def _filters(request: HttpRequest) -> str:
    """The filters of the address as a query, with its `?`; empty without any."""
    asked = request.GET.copy()
    for name in OWN:
        asked.pop(name, None)
    return f"?{asked.urlencode(safe=_SAFE)}" if asked else ""


def _json_only(request: HttpRequest) -> None:
    single_values(request.GET, known=set(OWN))
    _check_form(request)


def _check_form(request: HttpRequest) -> None:
    if request.GET.get("f", "json") != "json":
        raise _no_form("json")


def _no_form(known: str) -> BadParameter:
    return BadParameter("f.unknown", f"f ở đây chỉ là {known}.", f"f can only be {known} here.", parameter="f")


def _known(name: str) -> None:
    if name != NAME:
        raise NotFound(
            "tiles.matrix_set",
            f"Không có lưới ô “{name[:40]}”; chỉ có {NAME}.",
            f"There is no tile matrix set “{name[:40]}”, only {NAME}.",
        )


def _answered(body: Json) -> HttpResponse:
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = "no-cache", "*"
    return response
