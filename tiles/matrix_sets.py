"""The one tile matrix set, WebMercatorQuad, as the standard of tile matrix sets writes it (OGC 17-083r4, annex D)."""

from typing import Any

NAME = "WebMercatorQuad"
URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{NAME}"
CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
TITLE = "Google Maps Compatible for the World"
_LAST = 24
_EDGE_M, _CELL_M, _SCALE = 20037508.3427892, 156543.03392804097, 559082264.0287178

Json = dict[str, Any]


def matrix_set() -> Json:
    """The whole set, 25 matrices; a tileset says which of them it has."""
    return {
        "id": NAME,
        "title": TITLE,
        "uri": URI,
        "crs": CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(z) for z in range(_LAST + 1)],
    }


def limits(zooms: tuple[int, int]) -> list[Json]:
    """The matrices that a tileset has, each of them whole."""
    return [_limit(z) for z in range(zooms[0], zooms[1] + 1)]


def _matrix(z: int) -> Json:
    return {
        "id": str(z),
        "scaleDenominator": _SCALE / 2**z,
        "cellSize": _CELL_M / 2**z,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-_EDGE_M, _EDGE_M],
        "tileWidth": 256,
        "tileHeight": 256,
        "matrixWidth": 2**z,
        "matrixHeight": 2**z,
    }


def _limit(z: int) -> Json:
    last = 2**z - 1
    return {"tileMatrix": str(z), "minTileRow": 0, "maxTileRow": last, "minTileCol": 0, "maxTileCol": last}
