"""Vector tiles (MVT 2.1): one statement of ST_AsMVT for each, made from the layer's declaration.

A point belongs to exactly one tile and one cell (`layers.grid`), so that counts add up over any zoom. Where the points
of a tile fit the budget they are features; where not, each cell is a cluster, or, of one member, the feature itself.
Of layers with a pyramid the clusters are read from its sums (`clusters`), else from the rows (`points`). Polygons come
from outlines simplified per zoom, drawn as one pixel at least (`areas`).
"""

from layers.access import User
from layers.layer import Layer
from layers.pyramid.reading import asked_names, count, serves
from layers.pyramid.shape import LAST_COMMUNE_ZOOM, LAST_ZOOM
from layers.query import FeatureQuery, reading
from tiles.mvt import points
from tiles.mvt.areas import areas_tile
from tiles.mvt.clusters import clusters_tile, count_near
from tiles.mvt.features import features_tile
from tiles.tile import Tile


def make_tile(layer: Layer, tile: Tile, query: FeatureQuery, user: User = None) -> bytes:
    """The tile's bytes, uncompressed; empty when nothing of the layer that matches lies in it.

    Raises TooCostly beyond the time limit of tiles, and what `access` raises.
    """
    with reading(user, "tile"):
        return draw_tile(layer, tile, query, user)


def draw_tile(layer: Layer, tile: Tile, query: FeatureQuery, user: User = None) -> bytes:
    """The same inside a `reading` of the caller's own."""
    if layer.geometry == "polygon":
        return areas_tile(layer, tile, query, user)
    if not serves(layer, query, user):
        return points.points_tile(layer, tile, query, user)
    return _of_communes(layer, tile, query) if query.communes else _by_sums(layer, tile, query)


def _by_sums(layer: Layer, tile: Tile, query: FeatureQuery) -> bytes:
    """Features where all that stands there fits the budget, or what matches does and lies among few others."""
    there = count_near(layer, tile)
    if there <= points.BUDGET:
        return features_tile(layer, tile, query) if there else b""
    if tile.z > LAST_ZOOM:
        return points.points_tile(layer, tile, query, None)
    total, clusters = clusters_tile(layer, tile, query)
    few = asked_names(query) and total <= points.BUDGET and there <= points.WORTH_READING
    return features_tile(layer, tile, query) if few and total else clusters


def _of_communes(layer: Layer, tile: Tile, query: FeatureQuery) -> bytes:
    """Communes have an index of their own; below LAST_COMMUNE_ZOOM a tile holds few enough of their rows."""
    if tile.z > LAST_COMMUNE_ZOOM:
        return points.points_tile(layer, tile, query, None)
    total, clusters = clusters_tile(layer, tile, query)
    there = count(layer, FeatureQuery(day=query.day, communes=query.communes)) if total <= points.BUDGET else 0
    few = total <= points.BUDGET and there <= points.WORTH_READING
    return features_tile(layer, tile, query) if few and total else clusters
