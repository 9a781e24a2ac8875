"""GeoParquet 1.1 (OGC), a group of rows at a time, the box of each geometry beside it; without geometry, Parquet."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow
import shapely
from pyarrow.parquet import ParquetWriter

from geodata import crs
from geodata.writers.columns import Column, values_sql
from geodata.writers.sink import Sink

MEDIA_TYPE = "application/vnd.apache.parquet"
GROUP_ROWS = 10_000
GROUP_BYTES = 8_000_000
"""Rows wait in memory until they are so many, or weigh so much."""
_TYPES = {
    "text": pyarrow.string(),
    "list": pyarrow.list_(pyarrow.string()),
    "date": pyarrow.date32(),
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
    "flag": pyarrow.bool_(),
}
_SIDES = ("xmin", "ymin", "xmax", "ymax")
_BOX = pyarrow.struct([(side, pyarrow.float64()) for side in _SIDES])

Rows = Sequence[Sequence[Any]]


def row_sql(columns: Sequence[Column], *, geometry_sql: str) -> str:
    """SQL of a row's values, geometry (as WKB, or NULL) first."""
    return values_sql(columns, dict.fromkeys(_TYPES, ""), geometry_sql=geometry_sql)


def write(
    columns: Sequence[Column],
    chunks: Iterable[Rows],
    *,
    geometry_type: str,
    system: int,
    about: Sequence[tuple[str, str]],
) -> Iterator[bytes]:
    """The file piece by piece. `geometry_type` is "Point", "MultiPolygon" or "" for none, `system` the EPSG code."""
    fields = [(column.name, _TYPES[column.kind]) for column in columns]
    shapes = [("geometry", pyarrow.binary()), ("bbox", _BOX)] if geometry_type else []
    told = {"about": "\n".join(f"{term}: {said}" for term, said in about)}
    geo = {"geo": json.dumps(_geo(geometry_type, system))} if geometry_type else {}
    schema = pyarrow.schema([*fields, *shapes], metadata={**told, **geo})
    sink = Sink()
    writer = ParquetWriter(sink, schema)
    yield sink.taken()
    for rows in _groups(chunks):
        writer.write_table(_table(rows, schema, len(columns)))
        yield sink.taken()
    writer.close()
    yield sink.taken()


def _groups(chunks: Iterable[Rows]) -> Iterator[Rows]:
    """The rows, as many together as a group holds."""
    waiting: list[Sequence[Any]] = []
    weight = 0
    for rows in chunks:
        waiting.extend(rows)
        weight += sum(len(row[0]) for row in rows if row[0] is not None)
        if len(waiting) >= GROUP_ROWS or weight >= GROUP_BYTES:
            yield waiting
            waiting, weight = [], 0
    if waiting:
        yield waiting


def _table(rows: Rows, schema: pyarrow.Schema, columns: int) -> pyarrow.Table:
    shapes, *values = zip(*rows, strict=True)
    arrays = [pyarrow.array(value, field.type) for value, field in zip(values, schema, strict=False)]
    return pyarrow.Table.from_arrays([*arrays, *(_shapes(shapes) if len(schema) > columns else [])], schema=schema)


def _shapes(shapes: Sequence[Any]) -> list[pyarrow.Array]:
    """The geometries, and the box of each: none where there is none."""
    held = [None if shape is None else bytes(shape) for shape in shapes]
    boxes = shapely.bounds(shapely.from_wkb(held))
    sides = [pyarrow.array(boxes[:, number]) for number in range(4)]
    none = pyarrow.array([shape is None for shape in held])
    return [pyarrow.array(held, pyarrow.binary()), pyarrow.StructArray.from_arrays(sides, fields=list(_BOX), mask=none)]


def _geo(geometry_type: str, system: int) -> dict:
    """What GeoParquet says of its geometry. Without `crs` it is CRS84."""
    named = {} if system == crs.WGS84 else {"crs": crs.projjson(system)}
    column = {
        "encoding": "WKB",
        "geometry_types": [geometry_type],
        **named,
        "covering": {"bbox": {side: ["bbox", side] for side in _SIDES}},
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
