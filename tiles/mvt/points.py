"""Tiles of points from the rows themselves: features where they fit the budget, else clusters of cells."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet
from mapbox_vector_tile import encode

from geodata.functions import Latitude, Longitude
from layers.access import User
from layers.grid import BITS, x_of, y_of
from layers.layer import Layer
from layers.query import FeatureQuery, columns, matching, select
from tiles.mvt.fields import MIXED, class_codes, first_cluster_id, pixel, tile_fields
from tiles.mvt.statements import (
    ANEW,
    BY_INDEX,
    Statement,
    TileBox,
    column,
    compiled,
    filled,
    names,
    run,
    run_prepared,
    sides,
)
from tiles.tile import EXTENT, Tile

BUDGET = 1500
# So many rows are read for the sake of the few among them that match: it takes no longer than a tile of clusters.
WORTH_READING = 10_000
CELL_BITS = 4  # 16 x 16 cells a tile
# Two members closer than a cell of the deepest zoom (about 38 m) never part: their cluster is a place.
DEEPEST_ZOOM = 16
# A hair wider than the tile: rounding in degrees must not lose a point that the exact test in SQL would keep.
SEARCH_MARGIN = 1e-6
# Of a large layer, under filters that its pyramid does not know, so many rows are read for a tile and no more.
MOST_READ = 100_000

# What is drawn of the rows that are `here`: of one tile, or of each `tile` (`many`).
DRAWN = """
cells AS (
    SELECT {tile}x >> {cell} AS cx, y >> {cell} AS cy, count(*) AS n, min(id) AS first,
           div(sum(x), count(*))::bigint AS x, div(sum(y), count(*))::bigint AS y, {parts_at} AS parts_at{sums}
    FROM here WHERE {members} > %(budget)s GROUP BY {tile}cx, cy
), single AS (
    SELECT {tile}id, x, y{kept} FROM here WHERE {members} <= %(budget)s
    UNION ALL SELECT {tile}first, x, y{kept} FROM cells WHERE n = 1
), drawn AS (
    SELECT {tile}single.id AS feature_id, {pixel} AS geom, {feature_columns},
           NULL::bigint AS count, NULL::integer AS expansion_zoom, NULL::integer AS place{no_classes}
    FROM single {joined}
    UNION ALL
    SELECT {tile}{first_id} + (cx << {level}) + cy, {pixel}, {cluster_columns},
           n, CASE WHEN parts_at <= {deepest} THEN parts_at END, CASE WHEN parts_at > {deepest} THEN 1 END{classes}
    FROM cells WHERE n > 1
)"""

_POINTS = f"""
WITH near({{near_names}}) AS {{kept_apart}} ({{near}}{{limit}}),
placed AS (
    SELECT *, {{x}} AS x, {{y}} AS y FROM near OFFSET 0
), here AS MATERIALIZED (
    SELECT * FROM placed WHERE x >> {{inside}} = %(tile_x)s AND y >> {{inside}} = %(tile_y)s
), total AS (
    SELECT count(*) AS members FROM here
), {DRAWN}
SELECT (SELECT members FROM total), {{read}},
       (SELECT ST_AsMVT(drawn, '{{layer}}', {{extent}}, 'geom', 'feature_id') FROM drawn)
"""
_FEATURES = "JOIN ({features}) AS features({feature_names}) USING (id)"

# The highest bit in which two positions differ tells the zoom at which they part: a cell of a zoom is its first bits.
_PARTS_ON_AXIS = (
    "CASE WHEN min({axis}) = max({axis}) THEN 99"
    f" ELSE {BITS - CELL_BITS} - floor(log(2, (min({{axis}}) # max({{axis}}))::numeric)) END"
)
_PARTS_AT = f"greatest({{next}}, least({_PARTS_ON_AXIS.format(axis='x')}, {_PARTS_ON_AXIS.format(axis='y')}))::integer"

_ALIKE = f"CASE WHEN min(geom_accuracy) = max(geom_accuracy) THEN min(geom_accuracy) ELSE '{MIXED}' END"


@dataclass(frozen=True)
class Kind:
    """What the text of a statement depends on, beside the question."""

    zoom: int
    limited: bool


def points_tile(layer: Layer, tile: Tile, query: FeatureQuery, user: User) -> bytes:
    """The tile's bytes. Where a large layer holds too many rows to be read, the MVT layer `meta` says so beside them.

    Exact for whatever the pyramid knows (its zooms end where rows are few enough).
    """
    limited = layer.pyramid is not None and (user is not None or not query.asks_codes_only)
    kind = Kind(tile.z, limited)
    own = {
        **sides(tile.reach(margin=SEARCH_MARGIN)),
        "tile_x": tile.x,
        "tile_y": tile.y,
        "budget": BUDGET,
    }
    if user is None:
        members, read, body = run_prepared(_public_statement(layer, query, kind), own, planning=planning(query))
    else:
        members, read, body = run(_statement(layer, query, kind, user=user), user, own)
    return bytes(body or b"") + (_meta(members) if read > MOST_READ else b"")


def planning(query: FeatureQuery) -> str:
    """How a statement of this question is planned: a tile's box is always narrow, other filters may be anything."""
    return BY_INDEX if query == FeatureQuery(day=query.day) else ANEW


def _meta(shown: int) -> bytes:
    """The MVT layer that says how many rows are drawn of at least how many: one point at the tile's centre."""
    told = {"shown": shown, "total": shown, "total_is": "at_least"}
    middle = {"geometry": f"POINT({EXTENT // 2} {EXTENT // 2})", "properties": told}
    return encode([{"name": "meta", "features": [middle]}], default_options={"extents": EXTENT})


@lru_cache(maxsize=512)
def _public_statement(layer: Layer, query: FeatureQuery, kind: Kind) -> Statement:
    """The public's statement of a question: compiling costs more than most tiles."""
    return _statement(layer, query, kind, user=None)


def _statement(layer: Layer, query: FeatureQuery, kind: Kind, *, user: User) -> Statement:
    near_names = carried(layer, user, gathered=False)
    extra = tuple(item.name for item in tile_fields(layer, user) if item.name not in near_names)
    near = matching(layer, query, user).filter(geom__bboverlaps=TileBox())
    features = select(layer, query, user, fields=extra, rows=matching(layer, query, user))
    sql = filled(
        _POINTS,
        tile="",
        members="(SELECT members FROM total)",
        joined=_FEATURES if extra else "",
        feature_names=names(columns(layer, user, fields=extra)),
        kept_apart="MATERIALIZED" if kind.limited else "",
        limit=f" LIMIT {MOST_READ + 1}" if kind.limited else "",
        read="(SELECT count(*) FROM near)" if kind.limited else "0",
        **parts(layer, kind.zoom, user, near_names),
    )
    rows = {"near": positions(layer, query, user, near_names, near)}
    return compiled(sql, rows | ({"features": features} if extra else {}), {})


def carried(layer: Layer, user: User, *, gathered: bool) -> tuple[str, ...]:
    """The fields that stand beside each position: what features carry, and what clusters count and add up.

    Without `gathered` those are left out that are put together from scope lines: only features are worth that.
    """
    shown = (item.name for item in tile_fields(layer, user) if gathered or not item.of_many_lines)
    needed = ("geom_accuracy", layer.style.classes, layer.weight)
    return tuple(dict.fromkeys([*shown, *(name for name in needed if name)]))


def positions(layer: Layer, query: FeatureQuery, user: User, fields: tuple[str, ...], rows: QuerySet) -> QuerySet:
    """The rows as tuples: id, the named fields in the order of declaration, lon, lat."""
    found = select(layer, query, user, fields=fields, rows=rows)
    known = list(found.query.values_select) + list(found.query.annotation_select)
    return found.annotate(lon=Longitude("geom"), lat=Latitude("geom")).values_list(*known, "lon", "lat")


def names_beside(layer: Layer, user: User, fields: tuple[str, ...]) -> str:
    """The columns of `positions`, named."""
    return f"{names(columns(layer, user, fields=fields))}, lon, lat"


def parts(layer: Layer, zoom: int, user: User, near: tuple[str, ...]) -> dict[str, str]:
    """The parts of the text that follow from the layer. The fields `near` stand beside each position."""
    codes, shown = class_codes(layer), tile_fields(layer, user)
    ordered = columns(layer, user, fields=near)
    summed = {
        "geom_accuracy": _ALIKE,
        layer.weight: f'sum("{layer.weight}")::bigint',
    }
    kept = [f'{summed.get(item.name, f"""min("{item.name}")""")} AS "{item.name}"' for item in ordered]
    counts = [
        f'nullif(count(*) FILTER (WHERE "{layer.style.classes}" = \'{code}\'), 0) AS "n_{code}"' for code in codes
    ]
    inside = BITS - zoom
    return {
        "near_names": names_beside(layer, user, near),
        "x": x_of("lon"),
        "y": y_of("lat"),
        "parts_at": filled(_PARTS_AT, next=str(zoom + 1)),
        "sums": "".join(f", {item}" for item in [*kept, *counts]),
        "kept": "".join(f', "{item.name}"' for item in ordered),
        "pixel": pixel("x", "y", zoom),
        "inside": str(inside),
        "cell": str(inside - CELL_BITS),
        "level": str(zoom + CELL_BITS),
        "first_id": str(first_cluster_id(zoom)),
        "deepest": str(DEEPEST_ZOOM),
        "layer": layer.name,
        "extent": str(EXTENT),
        "no_classes": "".join(f', NULL::bigint AS "n_{code}"' for code in codes),
        "classes": "".join(f', "n_{code}"' for code in codes),
        "feature_columns": ", ".join(column(item, "single" if item.name in near else "features") for item in shown),
        "cluster_columns": ", ".join(f'"{item.name}"' if item.name in summed else "NULL" for item in shown),
    }
