"""Tiles of polygons, from outlines as coarse as the zoom allows."""

from typing import cast

from django.db.models import Model

from layers.access import User, connection_for
from layers.layer import Layer
from layers.query import FeatureQuery, select
from tiles.mvt.fields import tile_fields
from tiles.mvt.statements import column, compiled, filled, names, run, sides
from tiles.outlines import outlines_sql
from tiles.tile import EXTENT, Tile

BUFFER = 64
WORLD_M = 40075016.685578488

# The part of an area (`mercator`) that is drawn in the tile x, y; NULL where there is none.
GEOMETRY = """
coalesce(
    ST_AsMVTGeom(mercator, ST_TileEnvelope(%(z)s, {x}, {y}), %(extent)s, %(buffer)s, true),
    ST_AsMVTGeom(ST_Expand(ST_Centroid(mercator), %(pixel)s), ST_TileEnvelope(%(z)s, {x}, {y}),
                 %(extent)s, %(buffer)s, true)
)"""

_AREAS = f"""
WITH features({{feature_names}}) AS ({{features}}),
drawn AS (
    SELECT features.id AS feature_id, {{feature_columns}}, {GEOMETRY} AS geom
    FROM features JOIN {{outlines}} AS outline ON outline.unit_id = features.id,
         LATERAL (SELECT ST_Transform(outline.geom, 3857) AS mercator) AS transformed
    WHERE outline.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
)
SELECT ST_AsMVT(drawn, %(layer)s, %(extent)s, 'geom', 'feature_id') FROM drawn WHERE geom IS NOT NULL
"""


def areas_tile(layer: Layer, tile: Tile, query: FeatureQuery, user: User) -> bytes:
    """The tile's bytes: each area that comes near it, clipped, those smaller than a pixel as one pixel."""
    shown = tile_fields(layer, user)
    sql = filled(
        _AREAS,
        x="%(x)s",
        y="%(y)s",
        feature_names=names(shown),
        feature_columns=", ".join(column(item, "features") for item in shown),
        outlines=outlines_sql(cast(type[Model], layer.outlines), tile.z, connection_for(user)),
    )
    features = select(layer, query, user, fields=tuple(item.name for item in shown))
    bound = {"layer": layer.name, **values_of(tile.z)}
    own = {"x": tile.x, "y": tile.y}
    box = sides(tile.bounds(margin=BUFFER / EXTENT))
    return bytes(run(compiled(sql, {"features": features}, bound), user, {**own, **box})[0])


def values_of(zoom: int) -> dict[str, float]:
    """The parameters of the geometry that are the same for all tiles of a zoom."""
    return {"z": zoom, "extent": EXTENT, "buffer": BUFFER, "pixel": WORLD_M / (1 << zoom) / 512 / 2}
