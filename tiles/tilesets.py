"""Tilesets of OGC API - Tiles (20-057): metadata of each layer's tiles, and the tiles by matrix, row and column.

The metadata is answered by `mapapp/tilesets.py`, in the forms that all documents of OGC API have.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse

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


def all_matrix_sets(request: HttpRequest) -> Json:
    """The tile matrix sets that there are: one. Raises BadParameter for whatever else is asked."""
    single_values(request.GET, known=set(OWN))
    listed = {"id": NAME, "title": TITLE, "uri": URI, "crs": CRS, "links": [_of_set(request, "self")]}
    return {"tileMatrixSets": [listed]}


def matrix_set(request: HttpRequest, name: str) -> Json:
    """The definition of a tile matrix set. Raises NotFound, BadParameter."""
    single_values(request.GET, known=set(OWN))
    _known(name)
    return matrix_sets.matrix_set()


def tilesets(request: HttpRequest, layer: str) -> Json:
    """The tilesets of a collection: one, under the filters of the address (/req/tilesets-list/tileset-links).

    Raises NotFound, BadParameter.
    """
    declared = _asked(request, layer)
    links = [_to_tileset(request, declared), _of_set(request, TILING_SCHEME)]
    return {"tilesets": [{**_summary(declared), "links": links}]}


def tileset(request: HttpRequest, layer: str, name: str) -> Json:
    """The metadata of a tileset (/req/tileset/description). Raises NotFound, BadParameter."""
    declared = _asked(request, layer)
    _known(name)
    with reading(None, "page"):
        told = {**_summary(declared), "attribution": credit(), "layers": [_layer(declared)]}
    west, south, east, north = COUNTRY_VIEW
    return {
        **told,
        "description": f"{declared.description} {CLUSTERS}",
        "tileMatrixSetDefinition": absolute(request, f"{_SETS}/{NAME}"),
        "tileMatrixSetLimits": limits(declared.zooms),
        "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84.uri},
        "mediaTypes": [MVT],
        "links": _links(request, declared),
    }


@read_only
def tile(request: HttpRequest, layer: str, name: str, z: str, y: str, x: str) -> HttpResponse:
    """A tile under the filters of the address: 200, with no bytes where it is empty (/req/core/tc-error)."""
    declared = get(layer)
    _known(name)
    if request.GET.get("f", "mvt") != "mvt":
        raise BadParameter("f.unknown", "f ở đây chỉ là mvt.", "f can only be mvt here.", parameter="f")
    response = public_tile_response(request, declared, read_tile(z, x, y, zooms=declared.zooms), also=OWN)
    if response.status_code == 204:
        response.status_code = 200
    return response


def _asked(request: HttpRequest, layer: str) -> Layer:
    """The layer, its filters in the address checked. Raises NotFound, BadParameter."""
    declared = get(layer)
    parse(declared, request.GET, also=OWN)
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


def _known(name: str) -> None:
    if name != NAME:
        raise NotFound(
            "tiles.matrix_set",
            f"Không có lưới ô “{name[:40]}”; chỉ có {NAME}.",
            f"There is no tile matrix set “{name[:40]}”, only {NAME}.",
        )
