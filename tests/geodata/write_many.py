"""Writes many rows of a format to nowhere and prints the most memory that took, in kB."""

import resource
import struct
import sys
from collections import deque

from geodata.writers import csv, fgb, geojson, gpkg, parquet, shapefile, xlsx
from geodata.writers.columns import Column

COLUMNS = (Column("id", "integer", ""), Column("name", "text", ""))
PIECE = 500
LINES = {
    "csv": '7,"Đường Nguyễn Trãi"',
    "geojson": '{"type":"Feature","id":7,"geometry":null,"properties":{"name":"Đường Nguyễn Trãi"}}',
    "xlsx": '<c><v>7</v></c><c t="inlineStr" s="1"><is><t>Đường Nguyễn Trãi</t></is></c>',
}


def main(form: str, number: int) -> None:
    deque(_written(form, number), maxlen=0)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _written(form: str, number: int):  # type: ignore[no-untyped-def]
    about = [("Places", "what they are")]
    if form in ("fgb", "parquet", "shp.zip"):
        return _shaped(form, number, about)
    if form == "gpkg":
        row = (struct.pack("<BIdd", 1, 1, 105.0, 21.0), 7, "Đường Nguyễn Trãi " * 8)
        pieces = ([row] * PIECE for _ in range(number // PIECE))
        return gpkg.write(COLUMNS, pieces, table="t", geometry_type="POINT", about=about, rows=lambda: number)
    lines = ([LINES[form]] * PIECE for _ in range(number // PIECE))
    if form == "csv":
        return csv.write(COLUMNS, lines)
    return xlsx.write(COLUMNS, lines, title="t", about=about) if form == "xlsx" else geojson.write({}, lines)


def _shaped(form: str, number: int, about: list[tuple[str, str]]):  # type: ignore[no-untyped-def]
    row = (struct.pack("<BIdd", 1, 1, 105.0, 21.0), 7, "Đường Nguyễn Trãi " * 8)
    pieces = ([row] * PIECE for _ in range(number // PIECE))
    if form == "parquet":
        return parquet.write(COLUMNS, pieces, geometry_type="Point", system=4326, about=about)
    told = {"table": "t", "points": True, "system": 4326, "about": about}
    if form == "fgb":
        return fgb.write(COLUMNS, pieces, **told, rows=None)
    measure = shapefile.Measure(number, [0, 200])
    return shapefile.write(COLUMNS, pieces, **told, titles={}, measure=measure)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
