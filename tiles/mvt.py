"""Vector tiles: one statement of ST_AsMVT around the rows that `layers.query.select` gives.

A point belongs to exactly one tile (west and north edge in, east and south out) and to one cell of it, both
found by the same multiplication by a power of two, so that counts add up over any zoom. Where the tile's
points fit the budget they are features; where not, each of CELLS × CELLS cells is a cluster, or, of one
member, the feature itself. Polygons come from outlines simplified per zoom, drawn as one pixel at least.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache, partial
from typing import Any, cast

from django.contrib.gis.db.models import GeometryField
from django.db import connections
from django.db.models import Func, Model, QuerySet

from geodata.functions import Latitude, Longitude
from layers.access import User, connection_for
from layers.layer import Field, Layer
from layers.query import FeatureQuery, columns, matching, reading, select
from tiles.outlines import outlines_sql
from tiles.tile import EXTENT, Tile

BUDGET = 1500
CELLS = 16
# Ids from here on are clusters: register rows stay below (4096 nodes of 2^40 ids).
FIRST_CLUSTER_ID = 2**52
# Two members closer than a cell of the deepest zoom (about 38 m) never part: their cluster is a place.
DEEPEST_ZOOM = 16
# A hair wider than the tile: rounding in degrees must not lose a point that the exact test in SQL would keep.
SEARCH_MARGIN = 1e-6
POLYGON_BUFFER = 64

_POINTS = """
WITH near({near_names}) AS ({near}),
placed AS (
    SELECT *, (lon + 180) / 360 AS u, 0.5 - ln(tan(pi() / 4 + radians(lat) / 2)) / (2 * pi()) AS v FROM near
), here AS MATERIALIZED (
    SELECT * FROM placed WHERE floor(u * %(across)s) = %(x)s AND floor(v * %(across)s) = %(y)s
), total AS (
    SELECT count(*) AS members FROM here
), cells AS (
    SELECT floor(u * %(fine)s)::bigint AS cx, floor(v * %(fine)s)::bigint AS cy, count(*) AS n, min(id) AS first,
           avg(u) AS u, avg(v) AS v, {parts_at} AS parts_at{sums}
    FROM here WHERE (SELECT members FROM total) > %(budget)s GROUP BY 1, 2
), single AS (
    SELECT id, u, v{kept} FROM here WHERE (SELECT members FROM total) <= %(budget)s
    UNION ALL SELECT first, u, v{kept} FROM cells WHERE n = 1
), drawn AS (
    SELECT single.id AS feature_id, {pixel} AS geom, {feature_columns},
           NULL::bigint AS count, NULL::integer AS expansion_zoom, NULL::integer AS place{no_classes}
    FROM single JOIN ({features}) AS features({feature_names}) USING (id)
    UNION ALL
    SELECT %(cluster)s + cx * %(fine)s::bigint + cy, {pixel}, {cluster_columns},
           n, CASE WHEN parts_at <= %(deepest)s THEN parts_at END, CASE WHEN parts_at > %(deepest)s THEN 1 END{classes}
    FROM cells WHERE n > 1
)
SELECT ST_AsMVT(drawn, %(layer)s, %(extent)s, 'geom', 'feature_id') FROM drawn
"""

_PIXEL = (
    "ST_MakePoint(least(greatest(floor((u * %(across)s - %(x)s) * %(extent)s), 0), %(extent)s - 1),"
    " least(greatest(floor((v * %(across)s - %(y)s) * %(extent)s), 0), %(extent)s - 1))"
)

# Positions as whole numbers of 2^-30 of the world; the highest bit in which two differ tells the zoom at which
# they part: a cell of zoom z is the first z + 4 bits (CELLS = 16).
_PARTS_ON_AXIS = (
    "CASE WHEN floor(min({axis}) * 1073741824.0) = floor(max({axis}) * 1073741824.0) THEN 99 ELSE 26 - floor(log(2,"
    " (floor(min({axis}) * 1073741824.0)::bigint # floor(max({axis}) * 1073741824.0)::bigint)::numeric)) END"
)
_PARTS_AT = f"greatest(%(z)s + 1, least({_PARTS_ON_AXIS.format(axis='u')}, {_PARTS_ON_AXIS.format(axis='v')}))::integer"

_AREAS = """
WITH features({feature_names}) AS ({features}),
drawn AS (
    SELECT features.id AS feature_id, {feature_columns},
           coalesce(
               ST_AsMVTGeom(mercator, ST_TileEnvelope(%(z)s, %(x)s, %(y)s), %(extent)s, %(buffer)s, true),
               ST_AsMVTGeom(ST_Expand(ST_Centroid(mercator), %(pixel)s), ST_TileEnvelope(%(z)s, %(x)s, %(y)s),
                            %(extent)s, %(buffer)s, true)
           ) AS geom
    FROM features JOIN {outlines} AS outline ON outline.unit_id = features.id,
         LATERAL (SELECT ST_Transform(outline.geom, 3857) AS mercator) AS transformed
    WHERE outline.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)
)
SELECT ST_AsMVT(drawn, %(layer)s, %(extent)s, 'geom', 'feature_id') FROM drawn WHERE geom IS NOT NULL
"""
WORLD_M = 40075016.685578488


@dataclass(frozen=True)
class Statement:
    """SQL with named parameters; all are bound but those of the tile's own address."""

    sql: str
    bound: Mapping[str, object]


class Side(Enum):
    """A side of the tile's box, in degrees: stands among a compiled queryset's values until a tile is asked for."""

    WEST = "west"
    SOUTH = "south"
    EAST = "east"
    NORTH = "north"


class TileBox(Func):
    """The box of whichever tile the statement is run for, in EPSG:4326."""

    output_field = GeometryField(srid=4326)

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list]:
        return "ST_MakeEnvelope(%s, %s, %s, %s, 4326)", list(Side)


def make_tile(layer: Layer, tile: Tile, query: FeatureQuery, user: User = None) -> bytes:
    """The tile's bytes (MVT 2.1, uncompressed); empty when nothing of the layer that matches lies in it.

    Raises TooCostly beyond the time limit of tiles, and what `access` raises.
    """
    with reading(user, "tile"):
        return _points(layer, tile, query, user) if layer.geometry == "point" else _areas(layer, tile, query, user)


def _points(layer: Layer, tile: Tile, query: FeatureQuery, user: User) -> bytes:
    compiled = _public_points_statement if user is None else partial(_points_statement, user=user)
    own = {
        "fine": float(tile.across * CELLS),
        "cluster": FIRST_CLUSTER_ID + (tile.z << 41),
        **_sides(tile.bounds(margin=SEARCH_MARGIN)),
    }
    return _run(compiled(layer, query), tile, user, own)


@lru_cache(maxsize=512)
def _public_points_statement(layer: Layer, query: FeatureQuery) -> Statement:
    """The public's statement of a question: compiling costs more than most tiles."""
    return _points_statement(layer, query, user=None)


def _points_statement(layer: Layer, query: FeatureQuery, *, user: User) -> Statement:
    grouped = tuple(name for name in ("geom_accuracy", layer.style.classes, layer.weight) if name)
    extra = tuple(item.name for item in _tile_fields(layer, user) if item.name not in grouped)
    near = matching(layer, query, user).filter(geom__bboverlaps=TileBox())
    positions = select(layer, query, user, fields=grouped, rows=near)
    names = list(positions.query.values_select) + list(positions.query.annotation_select)
    positions = positions.annotate(lon=Longitude("geom"), lat=Latitude("geom")).values_list(*names, "lon", "lat")
    features = select(layer, query, user, fields=extra, rows=matching(layer, query, user))
    bound = {"budget": BUDGET, "deepest": DEEPEST_ZOOM, "layer": layer.name, "extent": EXTENT}
    return _compile(_points_sql(layer, user, grouped, extra), {"near": positions, "features": features}, bound)


def _points_sql(layer: Layer, user: User, grouped: tuple[str, ...], extra: tuple[str, ...]) -> str:
    """The statement's text. What grouping needs of a row is computed once, beside its position."""
    codes = layer.class_field.codes.codes() if layer.class_field else ()
    ordered = columns(layer, user, fields=grouped)
    summed = {
        "geom_accuracy": "CASE WHEN min(geom_accuracy) = max(geom_accuracy) THEN min(geom_accuracy) ELSE 'mixed' END",
        layer.weight: f'sum("{layer.weight}")::bigint',
    }
    kept = [f'{summed.get(item.name, f"""min("{item.name}")""")} AS "{item.name}"' for item in ordered]
    counts = [
        f'nullif(count(*) FILTER (WHERE "{layer.style.classes}" = \'{code}\'), 0) AS "n_{code}"' for code in codes
    ]
    shown = _tile_fields(layer, user)
    return _fill(
        _POINTS,
        near_names=", ".join(["id", *(f'"{item.name}"' for item in ordered), "lon", "lat"]),
        parts_at=_PARTS_AT,
        sums="".join(f", {item}" for item in [*kept, *counts]),
        kept="".join(f', "{item.name}"' for item in ordered),
        pixel=_PIXEL,
        no_classes="".join(f', NULL::bigint AS "n_{code}"' for code in codes),
        classes="".join(f', "n_{code}"' for code in codes),
        feature_names=_names(columns(layer, user, fields=extra)),
        feature_columns=", ".join(_column(item, "features" if item.name in extra else "single") for item in shown),
        cluster_columns=", ".join(f'"{item.name}"' if item.name in summed else "NULL" for item in shown),
    )


def _areas(layer: Layer, tile: Tile, query: FeatureQuery, user: User) -> bytes:
    shown = _tile_fields(layer, user)
    sql = _fill(
        _AREAS,
        feature_names=_names(shown),
        feature_columns=", ".join(_column(item, "features") for item in shown),
        outlines=outlines_sql(cast(type[Model], layer.outlines), tile.z, connection_for(user)),
    )
    features = select(layer, query, user, fields=tuple(item.name for item in shown))
    bound = {"layer": layer.name, "extent": EXTENT, "buffer": POLYGON_BUFFER}
    own = {"pixel": WORLD_M / tile.across / 512 / 2, **_sides(tile.bounds(margin=POLYGON_BUFFER / EXTENT))}
    return _run(_compile(sql, {"features": features}, bound), tile, user, own)


def _sides(box: tuple[float, float, float, float]) -> dict[str, float]:
    return dict(zip((side.value for side in Side), box, strict=True))


def _tile_fields(layer: Layer, user: User) -> tuple[Field, ...]:
    return columns(layer, user, fields=tuple(item.name for item in layer.fields if item.tile))


def _names(shown: tuple[Field, ...]) -> str:
    return ", ".join(["id", *(f'"{item.name}"' for item in shown)])


def _column(item: Field, source: str) -> str:
    """One of the features' columns; a list of codes becomes text, its codes joined by `;`."""
    if item.gathered:
        return f'array_to_string({source}."{item.name}", \';\') AS "{item.name}"'
    return f'{source}."{item.name}"'


def _fill(statement: str, **parts: str) -> str:
    """The statement with its parts in place; the compiled querysets are filled in by `_run`."""
    for name, part in parts.items():
        statement = statement.replace(f"{{{name}}}", part)
    return statement


def _compile(sql: str, querysets: Mapping[str, QuerySet], bound: Mapping[str, object]) -> Statement:
    """The text with the querysets in place, their values as named parameters (the sides of the tile's box by name)."""
    values_by_name = dict(bound)
    for name, rows in querysets.items():
        inner, values = rows.query.get_compiler(using=rows.db).as_sql()
        keys = [value.value if isinstance(value, Side) else f"{name}_{n}" for n, value in enumerate(values)]
        values_by_name |= {key: value for key, value in zip(keys, values, strict=True) if not isinstance(value, Side)}
        sql = sql.replace(f"{{{name}}}", inner % tuple(f"%({key})s" for key in keys))
    return Statement(sql, values_by_name)


def _run(statement: Statement, tile: Tile, user: User, own: Mapping[str, object]) -> bytes:
    address = {"z": tile.z, "x": tile.x, "y": tile.y, "across": float(tile.across)}
    with connections[connection_for(user)].cursor() as cursor:
        cursor.execute(statement.sql, {**statement.bound, **address, **own})
        return bytes(cursor.fetchone()[0])
