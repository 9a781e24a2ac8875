"""The base map as vector tiles of our own: other land, water, roads, borders, Viet Nam's units and all labels.

No name, unit or colour of another state lies inside the archipelagos' envelopes (domain, section 6.1); the
features are cut when they are loaded.
"""

from functools import lru_cache

from django.db import connections

from geodata.models import LoadedSource, UnitOutline
from layers.query import reading
from tiles.outlines import outlines_sql
from tiles.tile import EXTENT, Tile

ZOOMS = (0, 12)
BUFFER = 64
COMMUNES_FROM = 9
LABELS_OF_COMMUNES_FROM = 10

_FEATURES = """
SELECT ST_AsMVT(drawn, %(name)s, %(extent)s, 'geom', 'id') FROM (
    SELECT id, kind, name_vi, name_en, rank, ST_AsMVTGeom(
               ST_Transform(ST_ClipByBox2D(geom, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)),
                            3857),
               ST_TileEnvelope(%(z)s, %(x)s, %(y)s), %(extent)s, %(buffer)s, true) AS geom
    FROM geodata_basemapfeature
    WHERE kind = ANY(%(kinds)s) AND min_zoom <= %(z)s AND max_zoom >= %(z)s
      AND geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
) AS drawn WHERE geom IS NOT NULL
"""

_UNITS = """
SELECT ST_AsMVT(drawn, %(name)s, %(extent)s, 'geom', 'id') FROM (
    SELECT unit.id, unit.kind, ST_AsMVTGeom(ST_Transform(outline.geom, 3857),
               ST_TileEnvelope(%(z)s, %(x)s, %(y)s), %(extent)s, %(buffer)s, true) AS geom
    FROM geodata_administrativeunit unit JOIN {outlines} AS outline ON outline.unit_id = unit.id
    WHERE unit.level = %(level)s AND unit.valid_to IS NULL
      AND outline.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
) AS drawn WHERE geom IS NOT NULL
"""

_LABELS = """
SELECT ST_AsMVT(drawn, 'labels', %(extent)s, 'geom', 'id') FROM (
    SELECT id, kind, name_vi, name_en, rank, ST_AsMVTGeom(ST_Transform(point, 3857),
               ST_TileEnvelope(%(z)s, %(x)s, %(y)s), %(extent)s, 0, false) AS geom
    FROM (
        SELECT id, level AS kind, name_vi, name_en, 0 AS rank, label_point AS point
        FROM geodata_administrativeunit
        WHERE valid_to IS NULL AND (level = 'province' OR (level = 'commune' AND %(z)s >= %(communes_from)s))
        UNION ALL
        SELECT 1000000 + id, CASE WHEN kind IN ('place', 'country') THEN kind WHEN rank = 0 THEN 'sea'
                                  WHEN rank = 1 THEN 'archipelago' ELSE 'island' END,
               name_vi, name_en, rank, geom
        FROM geodata_basemapfeature
        WHERE kind IN ('label', 'place', 'country') AND min_zoom <= %(z)s AND max_zoom >= %(z)s
    ) AS named WHERE point && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
) AS drawn WHERE geom IS NOT NULL
"""


def edition() -> str:
    """Names the loaded boundaries and base map: tiles of one edition never change."""
    rows = LoadedSource.objects.using("open").order_by("name").values_list("name", "checksum", "loaded_at")
    return repr(list(rows))


@lru_cache(maxsize=4096)
def make_basemap_tile(tile: Tile, edition: str) -> bytes:
    """The base map's tile with the MVT layers land, water, roads, railways, borders, provinces, communes, labels.

    Kept in memory per edition: the base map changes only when it is loaded anew.
    """
    with reading(None, "tile"), connections["open"].cursor() as cursor:
        parts = [_layer(cursor, sql, tile, **values) for sql, values in _layers(tile)]
    return b"".join(parts)  # an MVT is its layers one behind the other


def _layers(tile: Tile) -> list[tuple[str, dict[str, object]]]:
    units = _UNITS.replace("{outlines}", outlines_sql(UnitOutline, tile.z, "open"))
    drawn: list[tuple[str, dict[str, object]]] = [
        (_FEATURES, {"name": "land", "kinds": ["land"]}),
        (units, {"name": "provinces", "level": "province"}),
        (_FEATURES, {"name": "water", "kinds": ["river", "lake"]}),
        (_FEATURES, {"name": "roads", "kinds": ["road_primary", "road_secondary"]}),
        (_FEATURES, {"name": "railways", "kinds": ["railway"]}),
        (_FEATURES, {"name": "borders", "kinds": ["boundary"]}),
        (_LABELS, {"communes_from": LABELS_OF_COMMUNES_FROM}),
    ]
    if tile.z >= COMMUNES_FROM:
        drawn.append((units, {"name": "communes", "level": "commune"}))
    return drawn


def _layer(cursor, sql: str, tile: Tile, **values: object) -> bytes:  # type: ignore[no-untyped-def]
    west, south, east, north = tile.bounds(margin=BUFFER / EXTENT)
    box = {"west": west, "south": south, "east": east, "north": north}
    address = {"z": tile.z, "x": tile.x, "y": tile.y, "extent": EXTENT, "buffer": BUFFER}
    cursor.execute(sql, {**values, **address, **box})
    return bytes(cursor.fetchone()[0] or b"")
