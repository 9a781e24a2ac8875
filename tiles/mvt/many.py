"""All of the public's unfiltered tiles of a zoom, one or two statements for all of them: what archives are made of.

The texts are those of single tiles (`clusters`, `points`, `areas`), grouped by `tile`: its column and row as one
number. So each tile holds what `make_tile` gives for it.
"""

from collections.abc import Iterator
from datetime import date
from typing import cast

from django.db import connections
from django.db.models import Model

from layers.access import connection_for
from layers.grid import BITS
from layers.layer import Layer
from layers.pyramid.reading import source
from layers.pyramid.shape import LAST_ZOOM, level_of
from layers.query import FeatureQuery, matching, select
from tiles.mvt import areas, clusters, points
from tiles.mvt.fields import class_codes, tile_fields
from tiles.mvt.statements import Side, Statement, TileBox, column, compiled, filled, names
from tiles.outlines import outlines_sql
from tiles.tile import BEYOND, EXTENT, Tile

# So many tiles are fetched at once, of some hundred kB at most: memory stays small, whatever the number of tiles.
FETCHED = 64

# The rows of a tile must come one behind the other: a hash table of tiles would hold them all at once.
_SETTINGS = "SET LOCAL work_mem = '128MB'; SET LOCAL cursor_tuple_fraction = 1; SET LOCAL enable_hashagg = off"

_ENCODED = """
SELECT tile, ST_AsMVT(one, '{layer}', {extent}, 'geom', 'feature_id')
FROM drawn, LATERAL (SELECT {drawn_columns}) AS one GROUP BY tile
"""

_CLUSTERS = f"""
WITH {clusters.CELLS}, crowded AS MATERIALIZED (
    SELECT * FROM (
        SELECT *, sum(n) OVER (PARTITION BY tile) AS members
        FROM (SELECT *, {{tile_of_mean}} AS tile FROM cells) AS placed
    ) AS counted WHERE members > %(budget)s
), {clusters.DRAWN}
{_ENCODED}
"""

_POINTS = f"""
WITH {{near}},
placed AS (
    SELECT *, {{x}} AS x, {{y}} AS y FROM near OFFSET 0
), here AS MATERIALIZED (
    SELECT *, count(*) OVER (PARTITION BY tile) AS members
    FROM (SELECT *, {{tile_of_point}} AS tile FROM placed) AS placed {{kept_apart}}
), {points.DRAWN}
{_ENCODED}
"""
_EVERY_ROW = "near({near_names}) AS ({rows})"

# Only rows of tiles that fit the budget, as the sums know them: each such tile with the box that its rows lie in.
_ROWS_OF_FEW = """
few AS (
    SELECT *, CASE WHEN x = 0 THEN -{beyond} ELSE (x - {margin}) / {across} * 360 - 180 END AS west,
           CASE WHEN x = {across} - 1 THEN {beyond} ELSE (x + 1 + {margin}) / {across} * 360 - 180 END AS east,
           CASE WHEN y = {across} - 1 THEN -{beyond} ELSE {south} END AS south,
           CASE WHEN y = 0 THEN {beyond} ELSE {north} END AS north
    FROM (SELECT div(sum(x), sum(n))::bigint >> {inside} AS x, div(sum(y), sum(n))::bigint >> {inside} AS y
          FROM ({sums}) AS sums GROUP BY cell >> {above} HAVING sum(n) BETWEEN 1 AND %(budget)s) AS tiles
), near(few, {near_names}) AS (
    SELECT few.x << 32 | few.y, found.* FROM few, LATERAL ({rows}) AS found
)"""
_LATITUDE = "degrees(atan(sinh(pi() * (1 - 2 * ({row}) / {across}))))"

_AREAS = f"""
WITH features({{feature_names}}) AS ({{features}}),
outlined AS MATERIALIZED (
    SELECT features.*, mercator, {{box}}
    FROM features JOIN {{outlines}} AS outline ON outline.unit_id = features.id,
         LATERAL (SELECT ST_Transform(outline.geom, 3857) AS mercator) AS transformed
), cut AS (
    SELECT column_x << 32 | row_y AS tile, id AS feature_id, {{feature_columns}}, {areas.GEOMETRY} AS geom
    FROM outlined AS features, generate_series(first_x, last_x) AS column_x, generate_series(first_y, last_y) AS row_y
), drawn AS (
    SELECT * FROM cut WHERE geom IS NOT NULL
)
{_ENCODED}
"""
# The columns and rows of the tiles that the box of an area touches, buffers included.
_BOX = """
greatest(floor((ST_XMin(mercator) / {world} + 0.5) * {across} - {buffer}), 0)::bigint AS first_x,
least(floor((ST_XMax(mercator) / {world} + 0.5) * {across} + {buffer}), {across} - 1)::bigint AS last_x,
greatest(floor((0.5 - ST_YMax(mercator) / {world}) * {across} - {buffer}), 0)::bigint AS first_y,
least(floor((0.5 - ST_YMin(mercator) / {world}) * {across} + {buffer}), {across} - 1)::bigint AS last_y
"""


def make_tiles(layer: Layer, zoom: int, day: date) -> Iterator[tuple[Tile, bytes]]:
    """All tiles of a zoom that hold something, each once, in no order, as the public sees them on `day`, the map's.

    To be read inside `reading(None, "job")`, which says of which moment they are; the day must be that moment's. The
    rest of that transaction is planned for large statements.
    """
    for statement in _statements(layer, zoom, day):
        for tile, body in _rows(statement):
            yield Tile(zoom, tile >> 32, tile & 0xFFFFFFFF), bytes(body)


def _statements(layer: Layer, zoom: int, day: date) -> list[Statement]:
    query = FeatureQuery(day=day)
    if layer.geometry == "polygon":
        return [_areas(layer, zoom, query)]
    if layer.pyramid is None or zoom > LAST_ZOOM:
        return [_points(layer, zoom, query)]
    return [_clusters(layer, zoom, query), _points_of_few(layer, zoom, query)]


def _rows(statement: Statement) -> Iterator[tuple[int, bytes]]:
    """What the statement gives, fetched little by little."""
    connection = connections[connection_for(None)]
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement.sql, statement.bound)
        while found := cursor.fetchmany(FETCHED):
            yield from found


def _clusters(layer: Layer, zoom: int, query: FeatureQuery) -> Statement:
    """The tiles with more points than the budget, from the sums of the pyramid."""
    level = level_of(zoom)
    sql = filled(
        _CLUSTERS,
        tile="tile, ",
        drawn_cells="crowded",
        tile_of_mean=_tile("mx", "my", zoom),
        drawn_columns=_drawn(layer),
        **clusters.parts(layer, source(layer, ()), zoom),
    )
    bound = {"first": 4**level, "last": 2 * 4**level - 1, "budget": points.BUDGET}
    return compiled(sql, {"features": clusters.features(layer, query.day)}, bound)


def _points(layer: Layer, zoom: int, query: FeatureQuery) -> Statement:
    """All tiles, from all rows."""
    sql = _text_of_points(layer, zoom, near=_EVERY_ROW, kept_apart="")
    rows = matching(layer, query).filter(geom__isnull=False)
    return compiled(sql, {"rows": points.positions(layer, query, None, _carried(layer), rows)}, _budget())


def _points_of_few(layer: Layer, zoom: int, query: FeatureQuery) -> Statement:
    """The tiles whose points fit the budget, from the rows in their boxes, which an index finds."""
    level, across, margin = level_of(zoom), 1 << zoom, points.SEARCH_MARGIN
    near = filled(
        _ROWS_OF_FEW,
        south=filled(_LATITUDE, row=f"y + 1 + {margin}"),
        north=filled(_LATITUDE, row=f"y - {margin}"),
        sums=source(layer, ()).rows("cell, n, x, y", level=level),
        above=str(2 * (level - zoom)),
        across=f"{across}.0",
        margin=str(margin),
        beyond=str(BEYOND),
    )
    sql = _text_of_points(layer, zoom, near=near, kept_apart="WHERE tile = few")
    rows = matching(layer, query).filter(geom__bboverlaps=TileBox())
    found = compiled(
        sql,
        {"rows": points.positions(layer, query, None, _carried(layer), rows)},
        {"first": 4**level, "last": 2 * 4**level - 1, **_budget()},
    )
    return _boxed_by_few(found)


def _boxed_by_few(statement: Statement) -> Statement:
    """The statement with the box of each of the few tiles in the place of one tile's."""
    sql = statement.sql
    for side in Side:
        sql = sql.replace(f"%({side.value})s", f"few.{side.value}")
    return Statement(sql, statement.bound)


def _text_of_points(layer: Layer, zoom: int, *, near: str, kept_apart: str) -> str:
    return filled(
        _POINTS,
        near=near,
        tile="tile, ",
        members="members",
        joined="",
        tile_of_point=_tile("x", "y", zoom),
        kept_apart=kept_apart,
        drawn_columns=_drawn(layer),
        **points.parts(layer, zoom, None, _carried(layer)),
    )


def _areas(layer: Layer, zoom: int, query: FeatureQuery) -> Statement:
    """All tiles that an area or its buffer comes into."""
    shown = tile_fields(layer, None)
    sql = filled(
        _AREAS,
        box=filled(_BOX, world=str(areas.WORLD_M), across=str(1 << zoom), buffer=str(areas.BUFFER / EXTENT)),
        x="column_x::integer",
        y="row_y::integer",
        feature_names=names(shown),
        feature_columns=", ".join(column(item, "features") for item in shown),
        outlines=outlines_sql(cast(type[Model], layer.outlines), zoom, connection_for(None)),
        drawn_columns=", ".join(["feature_id", "geom", *(f'"{item.name}"' for item in shown)]),
        layer=layer.name,
    )
    features = select(layer, query, fields=tuple(item.name for item in shown))
    return compiled(sql.replace("{extent}", str(EXTENT)), {"features": features}, areas.values_of(zoom))


def _tile(x: str, y: str, zoom: int) -> str:
    """SQL of the tile in which a position on the grid lies: column and row as one number."""
    inside = BITS - zoom
    return f"(({x} >> {inside}) << 32 | ({y} >> {inside}))"


def _carried(layer: Layer) -> tuple[str, ...]:
    return points.carried(layer, None, gathered=True)


def _drawn(layer: Layer) -> str:
    """The columns of features and clusters, as ST_AsMVT takes them."""
    shown = [f'"{item.name}"' for item in tile_fields(layer, None)]
    classes = [f'"n_{code}"' for code in class_codes(layer)]
    return ", ".join(["feature_id", "geom", *shown, "count", "expansion_zoom", "place", *classes])


def _budget() -> dict[str, int]:
    return {"budget": points.BUDGET}
