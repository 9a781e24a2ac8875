"""Ids of register rows: allotted per node, permanent, never reused (contracts, section 2)."""

from django.apps import apps
from django.conf import settings

from layers.registers.base import Record

IDS_PER_NODE = 2**40


def allot_ids(cursor) -> None:  # type: ignore[no-untyped-def]
    """Moves each register's sequence to this node's range where it is still below it. The centre is node 0.

    A register that has no table yet, or no longer (a migration back to an earlier stage), is left out.
    """
    first = settings.MAP_NODE * IDS_PER_NODE + 1
    for model in apps.get_models():
        if issubclass(model, Record):
            _start_at(cursor, model._meta.db_table, first)


def _start_at(cursor, table: str, first: int) -> None:  # type: ignore[no-untyped-def]
    cursor.execute(
        "SELECT pg_get_serial_sequence(%s, 'id') WHERE to_regclass(%s) IS NOT NULL", [f'"{table}"', f'"{table}"']
    )
    for (sequence,) in cursor.fetchall():
        cursor.execute(f"SELECT setval(%s, %s, false) FROM {sequence} WHERE last_value < %s", [sequence, first, first])
