"""The tables that demo data fills: emptied of older demo rows, made ready for bulk loading, put in order again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db.models import Model

from layers.demo.recipe import SOURCE_SYSTEM
from layers.models import (
    Check,
    Delivery,
    DeviceBatch,
    InspectionSite,
    MeasuringDevice,
    Organisation,
    PlaceOfActivity,
    Qualification,
    Report,
    ScopeLine,
    TypeApproval,
    Verification,
)
from layers.registers.identity import IDS_PER_NODE

MODELS: tuple[type[Model], ...] = (
    *(Organisation, PlaceOfActivity, Qualification, ScopeLine, TypeApproval),
    *(InspectionSite, MeasuringDevice, DeviceBatch, Verification, Check, Report, Delivery),
)
NAMES = [model._meta.db_table for model in MODELS]

_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))
ORDER BY 1, 2
"""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%(tables)s::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
ORDER BY 1
"""


@contextmanager
def without_indexes(cursor) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Foreign keys and secondary indexes are away inside, and are made and checked again at the end.

    Checked one by one, ten million references would take minutes and fill the server's memory; at once they
    take seconds. All of it is in the caller's transaction: readers wait for its end, and never see a half-way state.
    """
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(_FOREIGN_KEYS, {"tables": NAMES})
    foreign_keys = cursor.fetchall()
    cursor.execute(_INDEXES, {"tables": NAMES})
    indexes = cursor.fetchall()
    for table, name, _ in foreign_keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in foreign_keys:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def tables_with_other_rows(cursor) -> list[str]:  # type: ignore[no-untyped-def]
    """Names of the registers that hold rows from another source than the demo."""
    return [table for table in NAMES if _has_other_rows(cursor, table)]


def _has_other_rows(cursor, table: str) -> bool:  # type: ignore[no-untyped-def]
    cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" WHERE source_system <> %s)', [SOURCE_SYSTEM])
    return cursor.fetchone()[0]


def delete_demo_rows(cursor) -> None:  # type: ignore[no-untyped-def]
    """Deletes what earlier loads made; rows from any other source stay. A table left without rows is cut to nothing."""
    for table in NAMES:
        if _has_other_rows(cursor, table):
            cursor.execute(f'DELETE FROM "{table}" WHERE source_system = %s', [SOURCE_SYSTEM])
        else:
            cursor.execute(f'TRUNCATE "{table}"')


def first_ids(cursor) -> dict[type[Model], int]:  # type: ignore[no-untyped-def]
    """For each model the id that its demo rows start with: this node's first, or behind the rows of others."""
    return {model: _first_id(cursor, model._meta.db_table) for model in MODELS}


def _first_id(cursor, table: str) -> int:  # type: ignore[no-untyped-def]
    highest = _highest_id(cursor, table)
    return highest + 1 if highest else settings.MAP_NODE * IDS_PER_NODE + 1


def _highest_id(cursor, table: str) -> int | None:  # type: ignore[no-untyped-def]
    """The highest id of this node's range that is taken, or None."""
    start = settings.MAP_NODE * IDS_PER_NODE
    cursor.execute(f'SELECT max(id) FROM "{table}" WHERE id BETWEEN %s AND %s', [start, start + IDS_PER_NODE - 1])
    return cursor.fetchone()[0]


def finish(cursor) -> None:  # type: ignore[no-untyped-def]
    """Moves the sequences behind the rows that stand, and lets the planner count them."""
    for table in NAMES:
        highest = _highest_id(cursor, table)
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table}"'])
        sequence = cursor.fetchone()[0]
        cursor.execute(f"SELECT setval(%s, %s) FROM {sequence} WHERE last_value < %s", [sequence, highest, highest])
        cursor.execute(f'ANALYZE "{table}"')
