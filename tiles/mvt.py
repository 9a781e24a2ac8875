"""Vector tiles: one statement of ST_AsMVT around the rows that `layers.query.select` gives.

A point belongs to exactly one tile (west and north edge in, east and south out) and to one cell of it, both
found by the same multiplication by a power of two, so that counts add up over any zoom. Where the tile's
points fit the budget they are features; where not, each of CELLS × CELLS cells is a cluster, or, of one
member, the feature itself. Polygons come from outlines simplified per zoom, drawn as one pixel at least.
"""

from typing import cast

from django.contrib.gis.geos import Polygon
from django.db import connections
from django.db.models import Model, QuerySet

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
    SELECT id, u, v FROM here WHERE (SELECT members FROM total) <= %(budget)s
    UNION ALL SELECT first, u, v FROM cells WHERE n = 1
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


def make_tile(layer: Layer, tile: Tile, query: FeatureQuery, user: User = None) -> bytes:
    """The tile's bytes (MVT 2.1, uncompressed); empty when nothing of the layer that matches lies in it.

    Raises TooCostly beyond the time limit of tiles, and what `access` raises.
    """
    with reading(user, "tile"):
        return _points(layer, tile, query, user) if layer.geometry == "point" else _areas(layer, tile, query, user)


def _points(layer: Layer, tile: Tile, query: FeatureQuery, user: User) -> bytes:
    shown = _tile_fields(layer, user)
    grouped = tuple(name for name in ("geom_accuracy", layer.style.classes, layer.weight) if name)
    near = _near(matching(layer, query, user), tile)
    positions = select(layer, query, user, fields=grouped, rows=near)
    names = list(positions.query.values_select) + list(positions.query.annotation_select)
    positions = positions.annotate(lon=Longitude("geom"), lat=Latitude("geom")).values_list(*names, "lon", "lat")
    features = select(layer, query, user, fields=tuple(item.name for item in shown), rows=near)
    return _run(
        _points_sql(layer, user, grouped, shown),
        {"near": positions, "features": features},
        {
            "fine": float(tile.across * CELLS),
            "cluster": FIRST_CLUSTER_ID + (tile.z << 41),
            "deepest": DEEPEST_ZOOM,
        },
        layer,
        tile,
    )


def _points_sql(layer: Layer, user: User, grouped: tuple[str, ...], shown: tuple[Field, ...]) -> str:
    codes = layer.class_field.codes.codes() if layer.class_field else ()
    near_names = ["id", *(f'"{item.name}"' for item in columns(layer, user, fields=grouped)), "lon", "lat"]
    sums = [
        "CASE WHEN min(geom_accuracy) = max(geom_accuracy) THEN min(geom_accuracy) ELSE 'mixed' END AS geom_accuracy",
        *([f'sum("{layer.weight}") AS "{layer.weight}"'] if layer.weight else []),
        *(f'nullif(count(*) FILTER (WHERE "{layer.style.classes}" = \'{code}\'), 0) AS "n_{code}"' for code in codes),
    ]
    carried = {"geom_accuracy", layer.weight}
    return _fill(
        _POINTS,
        near_names=", ".join(near_names),
        parts_at=_PARTS_AT,
        sums="".join(f", {item}" for item in sums),
        pixel=_PIXEL,
        no_classes="".join(f', NULL::bigint AS "n_{code}"' for code in codes),
        classes="".join(f', "n_{code}"' for code in codes),
        feature_names=_names(shown),
        feature_columns=_columns(shown),
        cluster_columns=", ".join(f'"{item.name}"' if item.name in carried else "NULL" for item in shown),
    )


def _areas(layer: Layer, tile: Tile, query: FeatureQuery, user: User) -> bytes:
    shown = _tile_fields(layer, user)
    west, south, east, north = tile.bounds(margin=POLYGON_BUFFER / EXTENT)
    sql = _fill(
        _AREAS,
        feature_names=_names(shown),
        feature_columns=_columns(shown),
        outlines=outlines_sql(cast(type[Model], layer.outlines), tile.z, connection_for(user)),
    )
    parameters = {
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "buffer": POLYGON_BUFFER,
        "pixel": WORLD_M / tile.across / 512 / 2,
    }
    features = select(layer, query, user, fields=tuple(item.name for item in shown))
    return _run(sql, {"features": features}, parameters, layer, tile)


def _near(rows: QuerySet, tile: Tile) -> QuerySet:
    """The rows whose box touches the tile's: what the spatial index finds. The exact test follows in SQL."""
    return rows.filter(geom__bboverlaps=Polygon.from_bbox(tile.bounds(margin=SEARCH_MARGIN)))


def _tile_fields(layer: Layer, user: User) -> tuple[Field, ...]:
    return columns(layer, user, fields=tuple(item.name for item in layer.fields if item.tile))


def _names(shown: tuple[Field, ...]) -> str:
    return ", ".join(["id", *(f'"{item.name}"' for item in shown)])


def _columns(shown: tuple[Field, ...]) -> str:
    """The features' columns; a list of codes becomes text, its codes joined by `;`."""
    return ", ".join(
        f'array_to_string(features."{item.name}", \';\') AS "{item.name}"'
        if item.gathered
        else f'features."{item.name}"'
        for item in shown
    )


def _fill(statement: str, **parts: str) -> str:
    """The statement with its parts in place; the compiled querysets are filled in by `_run`."""
    for name, part in parts.items():
        statement = statement.replace(f"{{{name}}}", part)
    return statement


def _run(sql: str, querysets: dict[str, QuerySet], parameters: dict, layer: Layer, tile: Tile) -> bytes:
    using = next(iter(querysets.values())).db
    bound = {
        **parameters,
        "z": tile.z,
        "x": tile.x,
        "y": tile.y,
        "across": float(tile.across),
        "budget": BUDGET,
    }
    bound |= {"layer": layer.name, "extent": EXTENT}
    with connections[using].cursor() as cursor:
        for name, rows in querysets.items():
            inner, values = rows.query.get_compiler(using=using).as_sql()
            keys = [f"{name}_{number}" for number in range(len(values))]
            bound |= dict(zip(keys, values, strict=True))
            sql = sql.replace(f"{{{name}}}", inner % tuple(f"%({key})s" for key in keys))
        cursor.execute(sql, bound)
        return bytes(cursor.fetchone()[0])
