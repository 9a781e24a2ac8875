"""Tiles of clusters from the sums of a pyramid: milliseconds, whatever the number of rows behind them."""

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache

from django.db.models import QuerySet

from layers.grid import BITS, key, keys_inside
from layers.layer import Layer
from layers.pyramid.reading import Source, asked_names, asked_values, source
from layers.pyramid.shape import BETWEEN, FINEST, LAST_ZOOM, level_of
from layers.query import FeatureQuery, matching, select
from tiles.mvt.fields import MIXED, class_codes, first_cluster_id, pixel, tile_fields
from tiles.mvt.statements import BY_INDEX, Statement, column, compiled, filled, names, run_prepared
from tiles.tile import EXTENT, Tile

# `mx`, `my` are the mean of a cell's members. They all stand at one point when the hash of each is that of the mean.
CELLS = """
sums AS ({sums}),
cells AS MATERIALIZED (
    SELECT cell >> {up} AS cell, sum(n)::bigint AS n, div(sum(x), sum(n))::bigint AS mx,
           div(sum(y), sum(n))::bigint AS my, sum(x) AS x, sum(y) AS y, sum(h) AS h, bit_xor(ids) AS id,
           min(cell) FILTER (WHERE n > 0) AS first, max(cell) FILTER (WHERE n > 0) AS last{classes}
    FROM sums GROUP BY 1 HAVING sum(n) > 0
)"""

# What is drawn of the cells (`drawn_cells`): of one tile, or of each `tile` (`many`).
DRAWN = """
groups AS (
    SELECT *, x = n * mx AND y = n * my AND h = n * (hashint8((mx << {bits}) | my)::bigint & 2147483647) AS at_one_point
    FROM {drawn_cells} WHERE n > 1
), drawn AS (
    SELECT {tile}features.id AS feature_id, {pixel} AS geom, {feature_columns},
           NULL::bigint AS count, NULL::integer AS expansion_zoom, NULL::integer AS place{no_classes}
    FROM {drawn_cells} AS one JOIN ({features}) AS features({feature_names}) ON features.id = one.id AND one.n = 1
    UNION ALL
    SELECT {tile}{first_id} + cell, {pixel}, {cluster_columns}, n,
           CASE WHEN NOT at_one_point THEN coalesce({parts_at}, {beyond}) END,
           CASE WHEN at_one_point THEN 1 END{class_columns}
    FROM groups
)"""

_CLUSTERS = f"""
WITH {CELLS}, {DRAWN}
SELECT (SELECT coalesce(sum(n), 0) FROM cells),
       (SELECT ST_AsMVT(drawn, '{{layer}}', {{extent}}, 'geom', 'feature_id') FROM drawn)
"""

# Along the keys of one level the members of a cluster lie between their first and their last cell: the highest bits in
# which those two differ tell the level at which the cluster parts, and so the zoom.
_PARTS_AT = "('{zooms}'::integer[])[width_bucket(first # last, '{powers}'::bigint[])]"
# Level by level, as long as all members lie in one cell: what has no members in between is read once, at a level with
# few sums, where a look at the finest level would pass by all that does not match.
_PARTS_BELOW = """
(WITH RECURSIVE step (level, first, last) AS (
    SELECT {level}, groups.cell, groups.cell
    UNION ALL
    SELECT level + {between}, {first}, {last} FROM step WHERE first = last AND level < {finest}
) SELECT ('{zooms}'::integer[])[level] FROM step WHERE first <> last)
"""
_END = """
(SELECT {least}(cell) FROM (
    ({standing} ORDER BY cell {order} LIMIT 1)
    UNION ALL ({coarse} AND n > 0 ORDER BY cell {order} LIMIT 1)
    UNION ALL SELECT cell >> {up} FROM ({fine} AND n > 0 AND {is_fine} ORDER BY cell {order} LIMIT 1) AS fine
) AS ends)
"""


def clusters_tile(layer: Layer, tile: Tile, query: FeatureQuery) -> tuple[int, bytes]:
    """How many rows lie in the tile, and its bytes: each cell a cluster, or its only member.

    For zooms up to LAST_ZOOM; of a question of communes, up to LAST_COMMUNE_ZOOM.
    """
    asked = asked_names(query)
    first, last = _keys(tile, source(layer, asked).grouping.level_for(tile.z))
    values = {**asked_values(layer, query), "first": first, "last": last}
    total, body = run_prepared(_statement(layer, asked, tile.z, query.day), values, planning=BY_INDEX)
    return int(total), bytes(body or b"")


def count_near(layer: Layer, tile: Tile) -> int:
    """How many rows lie in the tile, or, in one smaller than the finest cell, in the cell around it."""
    around = tile.ancestor(FINEST) if tile.z > FINEST else tile
    level = level_of(tile.z) if tile.z <= LAST_ZOOM else FINEST
    first, last = _keys(around, level)
    return int(run_prepared(_count(layer, level), {"first": first, "last": last}, planning=BY_INDEX)[0])


@cache
def _count(layer: Layer, level: int) -> Statement:
    return Statement(f"SELECT coalesce(sum(n), 0) FROM ({source(layer, ()).rows('n', level=level)}) AS found", {})


def _keys(tile: Tile, level: int) -> tuple[int, int]:
    return keys_inside(key(tile.z, tile.x, tile.y), level - tile.z)


@lru_cache(maxsize=512)
def _statement(layer: Layer, asked: tuple[str, ...], zoom: int, day: date) -> Statement:
    """The statement of all tiles of a zoom under these filters, whatever their values."""
    found = source(layer, asked)
    sql = filled(_CLUSTERS, tile="", drawn_cells="cells", **parts(layer, found, zoom))
    return compiled(sql, {"features": features(layer, day)}, {})


def features(layer: Layer, day: date) -> QuerySet:
    """What tiles carry of each of the public's rows, to be joined to cells of one member."""
    every = FeatureQuery(day=day)
    shown = tuple(item.name for item in tile_fields(layer, None))
    return select(layer, every, fields=shown, rows=matching(layer, every))


def parts(layer: Layer, found: Source, zoom: int) -> dict[str, str]:
    """The parts of the text that follow from the layer and the sums it is read from."""
    codes, shown, read = class_codes(layer), tile_fields(layer, None), found.grouping.level_for(zoom)
    classes = "".join(
        f', nullif(sum(n) FILTER (WHERE class = {number}), 0) AS "n_{code}"' for number, code in enumerate(codes, 1)
    )
    return {
        "sums": found.rows(f'cell, n, x, y, h, ids, "{layer.style.classes}" AS class', level=read),
        "up": str(2 * (read - level_of(zoom))),
        "bits": str(BITS),
        "classes": classes,
        "pixel": pixel("mx", "my", zoom),
        "feature_columns": ", ".join(column(item, "features") for item in shown),
        "feature_names": names(shown),
        "no_classes": "".join(f', NULL::bigint AS "n_{code}"' for code in codes),
        "first_id": str(first_cluster_id(zoom)),
        "cluster_columns": ", ".join(f"'{MIXED}'" if item.name == "geom_accuracy" else "NULL" for item in shown),
        "class_columns": "".join(f', "n_{code}"' for code in codes),
        "parts_at": _parts_at(found, zoom),
        "beyond": str(_zoom_showing(_known_level(found, zoom) + 1, zoom)),
        "layer": layer.name,
        "extent": str(EXTENT),
    }


def _parts_at(found: Source, zoom: int) -> str:
    """SQL of the zoom at which a cluster parts; NULL where that is deeper than the sums know."""
    shown, known = level_of(zoom), _known_level(found, zoom)
    if shown == known:
        return "NULL::integer"
    if found.grouping.found_by != "cell":
        steps = range(known - shown)
        zooms = (_zoom_showing(known - step, zoom) for step in steps)
        return filled(_PARTS_AT, zooms=_array(zooms), powers=_array(4**step for step in steps))
    return filled(
        _PARTS_BELOW,
        level=str(shown),
        finest=str(known),
        between=str(BETWEEN),
        first=_end(found, "min", "ASC"),
        last=_end(found, "max", "DESC"),
        zooms=_array(_zoom_showing(level, zoom) for level in range(1, known + 1)),
    )


def _known_level(found: Source, zoom: int) -> int:
    """How deep the sums tell clusters apart: sums found by cells to the finest, others as deep as they are read."""
    return found.grouping.levels[-1] if found.grouping.found_by == "cell" else found.grouping.level_for(zoom)


def _end(found: Source, least: str, order: str) -> str:
    """SQL of the first or the last cell of the next level in which a cluster has members."""
    first, last = f"(step.first << {2 * BETWEEN})", f"((step.first + 1) << {2 * BETWEEN}) - 1"
    up = f"(2 * ({FINEST - BETWEEN} - step.level))"
    return filled(
        _END,
        least=least,
        order=order,
        up=up,
        standing=found.among(found.grouping.table, "cell", first=first, last=last),
        coarse=found.among(found.grouping.coarse, "cell", first=first, last=last),
        fine=found.fine("cell", up=up, first=first, last=last),
        is_fine=f"step.level >= {found.grouping.coarse_levels[-1]}",
    )


def _zoom_showing(level: int, zoom: int) -> int:
    """The first zoom beyond `zoom` that shows cells of `level` or finer; below the pyramid all are finer than its."""
    return next(z for z in range(zoom + 1, LAST_ZOOM + 2) if z > LAST_ZOOM or level_of(z) >= level)


def _array(numbers: Iterable[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"
