"""Small files of streets, made for a test: what both schemas hold, the wanted and what no map of ours may show."""

import gzip
from collections.abc import Iterable, Mapping
from math import log, pi, radians, tan
from pathlib import Path
from typing import Any

import numpy as np
from mapbox_vector_tile import encode
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from shapely import Geometry, LineString, Point, box, transform

from tiles.tile import EXTENT, Tile

Features = Mapping[str, list[tuple[Geometry, dict[str, Any]]]]

HA_NOI = (105.85, 21.03)
PHNOM_PENH = (104.92, 11.56)
OPEN_SEA = (108.3, 19.0)
HOANG_SA = (112.34, 16.83)
# Of Hoàng Sa's envelope the western edge, with sea on both sides.
EDGE = (111.19, 16.4)
ATTRIBUTION = (
    '<a href="https://example.org/" target="_blank">&copy; Maker</a> <a href="#">&copy; OpenStreetMap contributors</a>'
)


def tile_of(place: tuple[float, float], z: int) -> Tile:
    """The tile of a zoom that holds the place."""
    x, y = in_tile(Tile(0, 0, 0), *place)
    return Tile(z, int(x / EXTENT * 2**z), int(y / EXTENT * 2**z))


def in_tile(tile: Tile, lon: float, lat: float) -> tuple[float, float]:
    """The place in units of the tile from its north-western corner."""
    across = (lon + 180) / 360 * 2**tile.z
    down = (1 - log(tan(pi / 4 + radians(lat) / 2)) / pi) / 2 * 2**tile.z
    return (across - tile.x) * EXTENT, (down - tile.y) * EXTENT


def line(place: tuple[float, float], *, east: float = 0.002, north: float = 0.0) -> LineString:
    """A short line that begins at the place."""
    return LineString([place, (place[0] + east, place[1] + north)])


def area(place: tuple[float, float], size: float = 0.0005) -> Geometry:
    """A square whose south-western corner is the place."""
    return box(*place, place[0] + size, place[1] + size)


def encoded(tile: Tile, features: Features) -> bytes:
    """The features that touch the tile, as a vector tile."""
    here = box(*tile.bounds(margin=0.02))
    layers = [
        {"name": name, "features": [_feature(tile, *each) for each in held if each[0].intersects(here)]}
        for name, held in features.items()
    ]
    return bytes(encode([layer for layer in layers if layer["features"]], default_options={"y_coord_down": True}))


def _feature(tile: Tile, geometry: Geometry, properties: dict[str, Any]) -> dict[str, Any]:
    placed = transform(geometry, lambda places: np.array([in_tile(tile, *place) for place in places]))
    return {"geometry": placed, "properties": properties}


def write(
    path: Path,
    tiles: Mapping[Tile, bytes],
    layers: Mapping[str, Iterable[str]],
    *,
    packed: bool = True,
    metadata: Mapping[str, Any] | None = None,
    **header: Any,
) -> Path:
    """A PMTiles file of these tiles, which says that it has these layers with these fields."""
    with path.open("wb") as file:
        writer = Writer(file)
        by_number = {zxy_to_tileid(tile.z, tile.x, tile.y): body for tile, body in tiles.items()}
        for number in sorted(by_number):
            writer.write_tile(number, gzip.compress(by_number[number]) if packed else by_number[number])
        told = [{"id": name, "fields": dict.fromkeys(fields, "String")} for name, fields in layers.items()]
        usual = {"tile_type": TileType.MVT, "tile_compression": Compression.GZIP if packed else Compression.NONE}
        writer.finalize(
            {**usual, **header},
            {"vector_layers": told, "attribution": ATTRIBUTION} if metadata is None else dict(metadata),
        )
    return path


def openmaptiles() -> Features:
    """What is wanted and what is not, as OpenMapTiles has it."""
    return {
        "water": [
            (area(HA_NOI), {"class": "lake", "name": "Hồ Gươm"}),
            (area(OPEN_SEA, 0.3), {"class": "ocean", "name": "South China Sea"}),
            (area(HA_NOI, 0.01), {"class": "ocean"}),
            (area(HOANG_SA), {"class": "lake"}),
        ],
        "waterway": [(line(HA_NOI), {"class": "river", "name": "Sông Hồng", "name:zh": "红河"})],
        "water_name": [(Point(*HA_NOI), {"class": "sea", "name": "Biển Hoa Nam"})],
        "building": [(area(HA_NOI, 0.0002), {"render_height": 12}), (area(HOANG_SA, 0.0002), {})],
        "transportation": [
            (line(HA_NOI), {"class": "primary", "name": "secret"}),
            (line(HA_NOI, north=0.001), {"class": "motorway"}),
            (line(HA_NOI, north=0.002), {"class": "minor", "oneway": 1}),
            (line(HA_NOI, north=-0.001), {"class": "rail"}),
            (line(HA_NOI, east=0.3), {"class": "ferry"}),
            (line(PHNOM_PENH), {"class": "trunk"}),
            (line(HOANG_SA), {"class": "minor"}),
            (line((EDGE[0] - 0.05, EDGE[1]), east=0.1), {"class": "minor"}),
            (line((EDGE[0] - 0.05, EDGE[1]), east=0.01), {"class": "primary"}),
        ],
        "transportation_name": _streets(lambda kind: {"class": "primary" if kind == "major" else "minor"}),
        "boundary": [(line(HA_NOI), {"admin_level": 2, "maritime": 1, "name": "Nine-dash line"})],
        "place": _settlements(lambda kind: {"class": kind}),
        "poi": [(Point(*HA_NOI), {"class": "shop", "name": "Cửa hàng"})],
        "landuse": [(area(HA_NOI), {"class": "military"})],
    }


def protomaps() -> Features:
    """The same as Protomaps has it."""
    settlements = {
        "town": {"kind": "locality", "kind_detail": "town"},
        "village": {"kind": "locality", "kind_detail": "village"},
        "suburb": {"kind": "neighbourhood", "kind_detail": "suburb"},
        "country": {"kind": "country"},
        "state": {"kind": "region"},
        "island": {"kind": "island"},
    }
    return {
        "earth": [(area(HA_NOI), {"kind": "earth"}), (Point(*HA_NOI), {"kind": "island", "name": "Woody Island"})],
        "water": [
            (area(HA_NOI), {"kind": "lake", "name": "Hồ Gươm"}),
            (area(OPEN_SEA, 0.3), {"kind": "ocean"}),
            (area(HA_NOI, 0.01), {"kind": "ocean"}),
            (Point(*HA_NOI), {"kind": "sea", "name": "Biển Hoa Nam"}),
            (line(HA_NOI), {"kind": "river", "name": "Sông Hồng", "name:zh": "红河"}),
            (area(HOANG_SA), {"kind": "lake"}),
        ],
        "buildings": [
            (area(HA_NOI, 0.0002), {"kind": "building", "height": 12}),
            (Point(*HA_NOI), {"kind": "address", "addr_housenumber": "7"}),
            (area(HOANG_SA, 0.0002), {"kind": "building"}),
        ],
        "roads": [
            (line(HA_NOI), {"kind": "major_road", "kind_detail": "primary"}),
            (line(HA_NOI, north=0.001), {"kind": "highway", "kind_detail": "motorway"}),
            (line(HA_NOI, north=0.002), {"kind": "minor_road", "oneway": "yes"}),
            (line(HA_NOI, north=-0.001), {"kind": "rail"}),
            (line(HA_NOI, east=0.3), {"kind": "ferry"}),
            (line(PHNOM_PENH), {"kind": "major_road", "kind_detail": "trunk"}),
            (line(HOANG_SA), {"kind": "minor_road"}),
            (line((EDGE[0] - 0.05, EDGE[1]), east=0.1), {"kind": "minor_road"}),
            (line((EDGE[0] - 0.05, EDGE[1]), east=0.01), {"kind": "major_road"}),
            *_streets(lambda kind: {"kind": f"{kind}_road"}),
        ],
        "boundaries": [(line(HA_NOI), {"kind": "country", "name": "Nine-dash line", "disputed": True})],
        "places": _settlements(settlements.__getitem__),
        "pois": [(Point(*HA_NOI), {"kind": "shop", "name": "Cửa hàng"})],
        "landuse": [(area(HA_NOI), {"kind": "military"})],
    }


def _streets(of_kind) -> list[tuple[Geometry, dict[str, Any]]]:  # type: ignore[no-untyped-def]
    """Streets with their names: two that may be shown and others that may not."""
    return [
        (line(HA_NOI, north=0.0005), {**of_kind("major"), "name": "Phố Hàng Bài", "name:en": "Hang Bai Street"}),
        (line(HA_NOI, north=0.0006), {**of_kind("minor"), "name": "金龙路", "name:vi": "Đường Kim Long"}),
        (line(HA_NOI, north=0.0007), {**of_kind("minor"), "name": "金龙路"}),
        (line(HA_NOI, north=0.0008), {**of_kind("minor"), "name": "Đường Nansha"}),
        (line(PHNOM_PENH, north=0.001), {**of_kind("minor"), "name": "Monivong"}),
    ]


def _settlements(of_kind) -> list[tuple[Geometry, dict[str, Any]]]:  # type: ignore[no-untyped-def]
    """Settlements: two that may be shown and others that may not."""
    place = Point(*HA_NOI)
    return [
        (place, {**of_kind("town"), "name": "Thị trấn Thử", "name:zh": "试验", "capital": 4, "iso_a2": "VN"}),
        (place, {**of_kind("suburb"), "name": "試", "name:vi": "Khu Mới"}),
        (place, {**of_kind("village"), "name": "Xisha"}),
        (place, {**of_kind("village"), "name": "Деревня"}),
        (place, {**of_kind("island"), "name": "Woody Island"}),
        (place, {**of_kind("island"), "name": "Đảo Thử"}),
        (place, {**of_kind("country"), "name": "Trung Quốc"}),
        (place, {**of_kind("state"), "name": "Quảng Tây"}),
        (Point(*PHNOM_PENH), {**of_kind("town"), "name": "Phnom Penh"}),
        (Point(*OPEN_SEA), {**of_kind("village"), "name": "Làng Biển"}),
        (Point(*HOANG_SA), {**of_kind("village"), "name": "Làng Chài"}),
    ]


SCHEMAS = {
    "openmaptiles": (openmaptiles, {"transportation": ("class",), "water": ("class",)}),
    "protomaps": (protomaps, {"roads": ("kind", "kind_detail"), "water": ("kind",)}),
}
PLACES = (HA_NOI, PHNOM_PENH, OPEN_SEA, HOANG_SA, EDGE)


def written(path: Path, schema: str, *, zooms: Iterable[int] = (4, 6, 10, 12, 14)) -> Path:
    """A file of the schema with the tiles of these zooms around all `PLACES`."""
    features, layers = SCHEMAS[schema]
    tiles = {tile_of(place, zoom) for place in PLACES for zoom in zooms}
    return write(path, {tile: encoded(tile, features()) for tile in tiles}, layers)
