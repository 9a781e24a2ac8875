"""CSV (RFC 4180) in UTF-8, made in the database; safe to open in a spreadsheet.

A spreadsheet takes text that begins with one of FORMULA for a formula. One whose list separator is the semicolon knows
no cells of ours: it begins a new one behind every semicolon and line end within a text. So an apostrophe stands at each
such place before a sign of FORMULA, and before an apostrophe: `original` takes it away, and has what was there.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from geodata.writers.columns import Column, text_sql

MEDIA_TYPE = "text/csv; charset=utf-8"
BOM = b"\xef\xbb\xbf"
# The last four are the full-width forms, which spreadsheets of East Asia read alike.
FORMULA = "=+-@\t\r＝＋－＠"
_FIRST = "E'" + "".join({"\t": "\\t", "\r": "\\r"}.get(sign, sign) for sign in FORMULA) + "'''"
# Where a cell begins for those who know semicolons alone. A quotation mark there comes doubled: they read "" as
# nothing, and what follows it as the beginning of the cell.
_WITHIN = "E'([;\\n\\r])(?=[-=+@\\t\\r＝＋－＠\"''])'"
_MARKED = re.compile(r"(\A|[;\r\n])'")
_BARE = ("integer", "number", "flag", "date")


def row_sql(columns: Sequence[Column]) -> str:
    """SQL of a row's line without its end: texts in quotation marks, other values bare, nothing for no value."""
    return f"array_to_string(ARRAY[{', '.join(map(_cell, columns))}], ',', '')"


def write(columns: Sequence[Column], chunks: Iterable[Sequence[str]], *, bom: bool = True) -> Iterator[bytes]:
    """The file piece by piece: a line of names, then the lines of each chunk of rows."""
    yield (BOM if bom else b"") + (",".join(column.name for column in columns) + "\r\n").encode()
    for lines in chunks:
        yield ("\r\n".join(lines) + "\r\n").encode()


def original(cell: str) -> str:
    """The text that a cell of ours stands for."""
    return _MARKED.sub(r"\1", cell)


def _cell(column: Column) -> str:
    text = text_sql(column)
    if column.kind in _BARE:
        return text
    within = f"regexp_replace({text}, {_WITHIN}, '\\1''', 'g')"
    harmless = f"CASE WHEN strpos({_FIRST}, left({text}, 1)) > 0 THEN '''' ELSE '' END || {within}"
    return f"'\"' || replace({harmless}, '\"', '\"\"') || '\"'"
