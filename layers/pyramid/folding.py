"""Moves differences into the standing sums, so that readers add few rows and the tables stay small."""

from django.db import connection, transaction

from layers import locks
from layers.derived import Cursor
from layers.layer import Layer
from layers.pyramid.rows import something, sums
from layers.pyramid.shape import SUMS, Grouping, groupings

AT_ONCE = 200_000
# The room that so many folded differences leave is given back at once: readers would go on looking through it.
MANY = 10_000

_FOLD = """
WITH taken AS (
    DELETE FROM "{changes}" WHERE ctid = ANY (ARRAY(SELECT ctid FROM "{changes}" ORDER BY cell LIMIT %s)) RETURNING *
), summed AS (
    SELECT {key}, {sums} FROM taken GROUP BY {key} HAVING {something}
), merged AS (
    INSERT INTO "{table}" AS standing ({key}, {names}) SELECT {key}, {names} FROM summed ORDER BY cell
    ON CONFLICT ({key}) DO UPDATE SET {added} RETURNING {key}, {names}
)
SELECT (SELECT count(*) FROM taken), {key} FROM (VALUES (1)) AS always LEFT JOIN merged ON {nothing}
"""
_DROP = 'DELETE FROM "{table}" WHERE {nothing} AND ({key}) IN (SELECT * FROM unnest({arrays}) AS gone ({key}))'


def fold(layer: Layer) -> int:
    """Folds all differences of a layer's pyramid that are committed; gives how many rows of them there were.

    Readers and writers wait for none of it. Where another process is folding already, nothing is done.
    """
    return sum(_fold(grouping) for grouping in groupings(layer))


def _fold(grouping: Grouping) -> int:
    folded = 0
    while part := _fold_part(grouping):
        folded += part
        if part < AT_ONCE:
            break
    if folded >= MANY and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f'VACUUM (ANALYZE) "{grouping.changes}"')
    return folded


@transaction.atomic
def _fold_part(grouping: Grouping) -> int:
    """Cells in their order, AT_ONCE differences in a transaction: a load of a million rows never holds it for long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [locks.PYRAMID_FOLD])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_statement(_FOLD, grouping), [AT_ONCE])
        rows = cursor.fetchall()
        _drop_empty(cursor, grouping, [row[1:] for row in rows if row[1] is not None])
        return rows[0][0]


def _drop_empty(cursor: Cursor, grouping: Grouping, keys: list[tuple]) -> None:
    """Sums of no rows at all are taken away again. No rows so far may still be a difference: the rest comes later."""
    if keys:
        types = {"cell": "bigint", **{item.name: item.column_type for item in grouping.dimensions}}
        arrays = ", ".join(f"%s::{types[name]}[]" for name in grouping.key)
        cursor.execute(_statement(_DROP, grouping, arrays=arrays), [list(column) for column in zip(*keys, strict=True)])


def _statement(text: str, grouping: Grouping, **parts: str) -> str:
    added = [f"{name} = standing.{name} + excluded.{name}" for name in SUMS[:-1]]
    return text.format(
        table=grouping.table,
        changes=grouping.changes,
        key=", ".join(f'"{name}"' for name in grouping.key),
        names=", ".join(SUMS),
        sums=sums(),
        something=something(),
        nothing=" AND ".join(f"{name} = 0" for name in SUMS),
        added=", ".join([*added, "ids = standing.ids # excluded.ids"]),
        **parts,
    )
