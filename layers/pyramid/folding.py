"""Moves differences into the standing sums, so that readers add few rows and the tables stay small."""

from collections.abc import Mapping, Sequence
from functools import cache

from django.db import connection, transaction

from layers import locks
from layers.layer import Layer
from layers.pyramid.rows import Step, inserted, summed, sums_of_levels
from layers.pyramid.shape import SUMS, Grouping, difference_tables, groupings

AT_ONCE = 50_000
# What so many folded differences leave is cleaned up at once: readers would go on looking through it.
MANY = 10_000

_TAKEN = """
DELETE FROM "{table}" WHERE ctid = ANY (ARRAY(SELECT ctid FROM "{table}" ORDER BY cell LIMIT %s)) RETURNING *
"""
_MERGED = """
INSERT INTO "{table}" AS standing {rows} ON CONFLICT ({key}) DO UPDATE SET {added} RETURNING ctid, {nothing} AS nothing
"""
_EMPTY = "ARRAY(SELECT ctid FROM merged{number} WHERE nothing)::text"
_DROP = 'DELETE FROM "{table}" WHERE ctid = ANY (%s::tid[])'


def fold(layer: Layer) -> int:
    """Folds all differences of a layer's pyramid that are committed; gives how many rows of them there were.

    Readers and writers wait for none of it. Where another process is folding already, nothing is done.
    """
    return sum(_fold(layer, table) for table in difference_tables(layer))


def _fold(layer: Layer, table: str) -> int:
    folded = 0
    while part := _fold_part(layer, table):
        folded += part
        if part < AT_ONCE:
            break
    if folded >= MANY and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f'VACUUM (ANALYZE) "{table}"')
    return folded


@transaction.atomic
def _fold_part(layer: Layer, table: str) -> int:
    """Cells in their order, AT_ONCE differences in a transaction: a load of a million rows never holds it for long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [locks.PYRAMID_FOLD])
        if not cursor.fetchone()[0]:
            return 0
        statement, merged_into = _statement(layer, table)
        cursor.execute(statement, [AT_ONCE])
        taken, *empty = cursor.fetchone()
        for standing, places in zip(merged_into, empty, strict=True):
            # Sums of no rows at all go again. No rows so far may still be a difference: the rest comes later.
            cursor.execute(_DROP.format(table=standing), [places])
        return int(taken)


@cache
def _statement(layer: Layer, table: str) -> tuple[str, list[str]]:
    """The statement that folds a table of differences, and the tables that it folds into.

    It gives how many differences it took, and for each of the tables where its sums of nothing stand.
    """
    steps, levels = _levels(layer, table)
    merges = [_merge(grouping, names) for grouping, names in levels.items()]
    named = [("moved", _TAKEN.format(table=table)), *steps]
    named += [(f"merged{number}", merge) for number, merge in enumerate(merges)]
    empty = [_EMPTY.format(number=number) for number in range(len(merges))]
    told = ", ".join(["(SELECT count(*) FROM moved)", *empty])
    return f"WITH {', '.join(f'{name} AS ({sql})' for name, sql in named)} SELECT {told}", [g.table for g in levels]


def _levels(layer: Layer, table: str) -> tuple[list[Step], Mapping[Grouping, Sequence[str]]]:
    """The steps that sum what was `moved`, and the names of those that hold the sums for each table."""
    for grouping in groupings(layer):
        if grouping.coarse_levels and grouping.coarse == table:
            return [("coarse", summed("moved", grouping.names))], {grouping: ["coarse"]}
    return sums_of_levels(layer, lambda grouping: grouping.fine_levels)


def _merge(grouping: Grouping, levels: Sequence[str]) -> str:
    added = [f"{name} = standing.{name} + excluded.{name}" for name in SUMS[:-1]]
    return _MERGED.format(
        table=grouping.table,
        rows=inserted(grouping, levels),
        key=", ".join(f'"{name}"' for name in grouping.key),
        added=", ".join([*added, "ids = standing.ids # excluded.ids"]),
        nothing=" AND ".join(f"standing.{name} = 0" for name in SUMS),
    )
