"""The columns of a file, whatever its format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "list", "date", "integer", "number", "flag"]


@dataclass(frozen=True)
class Column:
    """One column: its name in the file, its kind, and the SQL expression that gives its value over the source of rows.

    The expression is made by the program alone: what a request said stands in the parameters of the source.
    A `list` is an array of texts, written with `joint` between them; texts are never empty, but NULL.
    XML says of one that is `nil` where it has no value; others are left out.
    """

    name: str
    kind: Kind
    sql: str
    joint: str = ";"
    nil: bool = False


def text_sql(column: Column) -> str:
    """SQL of the value as text: days as YYYY-MM-DD, numbers with a point, lists joined, flags true and false."""
    if column.kind == "list":
        return f"nullif(array_to_string({column.sql}, '{column.joint}'), '')"
    return f"({column.sql})::text"


def values_sql(columns: Sequence[Column], casts: Mapping[str, str], *, geometry_sql: str) -> str:
    """SQL of a row, geometry first: numbers as float8, kinds in `casts` as values cast so, all others as text."""
    casts = {**casts, "number": "::float8"}
    values = [f"({one.sql}){casts[one.kind]}" if one.kind in casts else text_sql(one) for one in columns]
    return ", ".join([geometry_sql, *values])


def quoted(name: str) -> str:
    """A name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'
