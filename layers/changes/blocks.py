"""Blocks: the cells of the grid by which changes are noted."""

from layers.grid import key_of, x_of, y_of

BLOCKS = 12
WHOLE_LAYER = 0
# Beyond so many related rows in one statement the whole layer is touched.
MANY_RELATED = 10_000
# Likewise beyond so many blocks, of own rows or of those that related rows belong to: a load must not leave rows by
# the hundred thousand, which every look would count.
MANY_BLOCKS = 200


def blocks_of(positions: str) -> str:
    """SQL of the blocks, each once, of the column `geom` (points, EPSG:4326) of a query."""
    return (
        f"WITH placed AS MATERIALIZED (SELECT {x_of('ST_X(geom)')} AS x, {y_of('ST_Y(geom)')} AS y"
        f" FROM ({positions}) AS position WHERE geom IS NOT NULL)"
        f" SELECT DISTINCT {key_of('x', 'y', BLOCKS)} FROM placed"
    )
