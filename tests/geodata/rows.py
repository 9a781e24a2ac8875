"""Rows made by the database as a writer's `row_sql` wants them, from values given in Python."""

from django.db import connections

from geodata.writers.columns import Column

TYPES = {
    "text": "text", "list": "text[]", "date": "date", "integer": "bigint", "number": "float8", "flag": "boolean"
}  # fmt: skip


def columns_of(**kinds: str) -> tuple[Column, ...]:
    """Columns by name and kind, over the rows that `made` gives."""
    return tuple(Column(name, kind, f'v."{name}"') for name, kind in kinds.items())


def made(row_sql: str, columns: tuple[Column, ...], rows: list[tuple]) -> list[tuple]:
    """What the database makes of each row."""
    marks = ", ".join(f"%s::{TYPES[column.kind]}" for column in columns)
    names = ", ".join(f'"{column.name}"' for column in columns)
    values = ", ".join([f"({marks})"] * len(rows))
    with connections["default"].cursor() as cursor:
        cursor.execute(
            f"SELECT {row_sql} FROM (VALUES {values}) AS v({names})", [value for row in rows for value in row]
        )
        return cursor.fetchall()


def lines(row_sql: str, columns: tuple[Column, ...], rows: list[tuple]) -> list[str]:
    """The same, of a statement that gives one text a row."""
    return [row[0] for row in made(row_sql, columns, rows)]
