"""Rows into tables by COPY, streamed: no more than one block of rows is in memory."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, islice

import numpy as np
import shapely
from django.db.models import Model

Column = object
"""A column of a block: a numpy array (masked: NULL where masked), a list, or one value for all rows."""
Block = Mapping[str, Column]

_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ROWS_PER_BLOCK = 5_000


def copy_blocks(cursor, model: type[Model], blocks: Iterable[Block]) -> int:  # type: ignore[no-untyped-def]
    """Copies blocks of columns, all with the same names, into the model's table; gives the number of rows."""
    blocks = iter(blocks)
    first = next(blocks, None)
    if first is None:
        return 0
    names = ", ".join(f'"{name}"' for name in first)
    lines = _Reader(_text(block) for block in chain([first], blocks))
    cursor.copy_expert(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN', lines)
    return cursor.rowcount


def copy_rows(cursor, model: type[Model], rows: Iterable[Mapping[str, object]]) -> int:  # type: ignore[no-untyped-def]
    """Copies rows, all with the same keys, into the model's table; gives their number."""
    return copy_blocks(cursor, model, _blocks_of(iter(rows)))


def hex_points(lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
    """Points in EPSG:4326 as COPY takes them: EWKB in hexadecimal, an array of str."""
    points = shapely.set_srid(shapely.points(lons, lats), 4326)
    return np.asarray(shapely.to_wkb(points, hex=True, include_srid=True), dtype=object)


def _blocks_of(rows: Iterator[Mapping[str, object]]) -> Iterator[Block]:
    while block := list(islice(rows, _ROWS_PER_BLOCK)):
        yield {name: [row[name] for row in block] for name in block[0]}


def _text(block: Block) -> str:
    """The block as lines of COPY's text format."""
    length = next(len(column) for column in block.values() if isinstance(column, (list, np.ndarray)))
    columns = [_texts(column, length) for column in block.values()]
    return "".join(["\t".join(row) + "\n" for row in zip(*columns, strict=True)])


def _texts(column: Column, length: int) -> list[str]:
    if not isinstance(column, (list, np.ndarray)):
        return [_value(column)] * length
    if isinstance(column, np.ma.MaskedArray):
        return _masked(column)
    if isinstance(column, np.ndarray) and column.dtype.kind == "M":
        return [_NULL if text == "NaT" else text for text in np.datetime_as_string(column).tolist()]
    if isinstance(column, np.ndarray) and column.dtype.kind in "iu":
        return list(map(str, column.tolist()))
    return [_value(value) for value in column]


def _masked(column: np.ma.MaskedArray) -> list[str]:
    texts = np.array(_texts(column.data, len(column)), dtype=object)
    texts[np.ma.getmaskarray(column)] = _NULL
    return texts.tolist()


def _value(value: object) -> str:
    if value is None:
        return _NULL
    if isinstance(value, str):
        return value.translate(_ESCAPES) if "\\" in value or not value.isprintable() else value
    if isinstance(value, (bool, np.bool_)):
        return "t" if value else "f"
    if isinstance(value, list):
        return "{" + ",".join(map(str, value)) + "}"
    return value.isoformat() if isinstance(value, date) else str(value)


class _Reader:
    """What `copy_expert` reads from: one block at a time, whatever size it asks for."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts

    def read(self, size: int) -> bytes:
        """The next block, or nothing at the end."""
        return next(self._texts, "").encode()
