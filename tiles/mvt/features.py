"""Tiles of single features: for tiles that are known to fit the budget, read in one pass over the index."""

from functools import lru_cache

from layers.grid import BITS, x_of, y_of
from layers.layer import Layer
from layers.query import FeatureQuery, matching
from tiles.mvt import points
from tiles.mvt.fields import pixel, tile_fields
from tiles.mvt.statements import Statement, TileBox, column, compiled, filled, run_prepared, sides
from tiles.tile import EXTENT, Tile

_FEATURES = """
SELECT ST_AsMVT(drawn, '{layer}', {extent}, 'geom', 'feature_id') FROM (
    SELECT id AS feature_id, {pixel} AS geom, {feature_columns}
    FROM (SELECT *, {x} AS x, {y} AS y FROM ({near}) AS near({near_names}) OFFSET 0) AS placed
    WHERE x >> {inside} = %(tile_x)s AND y >> {inside} = %(tile_y)s
) AS drawn
"""


def features_tile(layer: Layer, tile: Tile, query: FeatureQuery) -> bytes:
    """The tile's bytes, with every point that the public sees as a feature of its own, however many there are."""
    values = {**sides(tile.reach(margin=points.SEARCH_MARGIN)), "tile_x": tile.x, "tile_y": tile.y}
    return bytes(run_prepared(_statement(layer, query, tile.z), values, planning=points.planning(query))[0])


@lru_cache(maxsize=512)
def _statement(layer: Layer, query: FeatureQuery, zoom: int) -> Statement:
    shown = points.carried(layer, None, gathered=True)
    rows = matching(layer, query).filter(geom__bboverlaps=TileBox())
    sql = filled(
        _FEATURES,
        layer=layer.name,
        extent=str(EXTENT),
        pixel=pixel("x", "y", zoom),
        feature_columns=", ".join(column(item, "placed") for item in tile_fields(layer, None)),
        x=x_of("lon"),
        y=y_of("lat"),
        near_names=points.names_beside(layer, None, shown),
        inside=str(BITS - zoom),
    )
    return compiled(sql, {"near": points.positions(layer, query, None, shown, rows)}, {})
