"""Vector tiles (MVT 2.1): one statement of ST_AsMVT for each, made from the layer's declaration.

A point belongs to exactly one tile and one cell (`layers.grid`), so that counts add up over any zoom. Where the points
of a tile fit the budget they are features; where not, each cell is a cluster, or, of one member, the feature itself.
Of layers with a pyramid the clusters are read from its sums (`clusters`), else from the rows (`points`). Polygons come
from outlines simplified per zoom, drawn as one pixel at least (`areas`).
"""

from layers.access import User
from layers.layer import Layer
from layers.pyramid.reading import serves
from layers.pyramid.shape import LAST_ZOOM
from layers.query import FeatureQuery, reading
from tiles.mvt.areas import areas_tile
from tiles.mvt.clusters import clusters_tile
from tiles.mvt.points import points_tile
from tiles.tile import Tile


def make_tile(layer: Layer, tile: Tile, query: FeatureQuery, user: User = None) -> bytes:
    """The tile's bytes, uncompressed; empty when nothing of the layer that matches lies in it.

    Raises TooCostly beyond the time limit of tiles, and what `access` raises.
    """
    with reading(user, "tile"):
        if layer.geometry == "polygon":
            return areas_tile(layer, tile, query, user)
        summed = tile.z <= LAST_ZOOM and serves(layer, query, user)
        body = clusters_tile(layer, tile, query) if summed else None
        return points_tile(layer, tile, query, user) if body is None else body
