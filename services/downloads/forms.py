"""The forms that a download comes in. A further one (FlatGeobuf, Parquet, Shapefile) is one more line of FORMS."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from geodata.language import Both, both
from geodata.writers import csv, geojson, gpkg, xlsx
from geodata.writers.columns import Column
from layers.layer import Layer
from services.streaming.reading import Reader, begun
from services.streaming.source import GEOJSON, ID, POSITION, WKB, Source


@dataclass(frozen=True)
class Contents:
    """What a file is made of. `about` and `members` give what it says of itself.

    `matched` gives how many rows there are where that is told at once, else None.
    """

    layer: Layer
    day: date
    source: Source
    reader: Reader
    about: Callable[[], Sequence[tuple[str, str]]]
    members: Callable[[], dict[str, object]]
    matched: Callable[[], int | None]
    bom: bool

    def lines(self, row_sql: str) -> Iterator[list[str]]:
        """The text that the database makes of each row, some rows at a time."""
        pieces = self.reader.pieces(self.source.statement(row_sql), self.source.values)
        return ([row[0] for row in rows] for rows in pieces)


@dataclass(frozen=True)
class Form:
    """A format: how it is told to programs and people, which geometry it wants, how its bytes are made."""

    name: str
    media_type: str
    title: Both
    suits: Both
    geometry: str
    write: Callable[[Contents], Iterator[bytes]]
    packed: bool = False


def _csv(contents: Contents) -> Iterator[bytes]:
    columns = _with_position(contents.source.columns)
    return csv.write(columns, begun(contents.lines(csv.row_sql(columns))), bom=contents.bom)


def _xlsx(contents: Contents) -> Iterator[bytes]:
    columns = _with_position(contents.source.columns)
    rows = begun(contents.lines(xlsx.row_sql(columns)))
    return xlsx.write(columns, rows, title=contents.layer.name, about=contents.about())


def _geojson(contents: Contents) -> Iterator[bytes]:
    matched = contents.matched()
    counted = {} if matched is None else {"numberMatched": matched}
    return geojson.write({**contents.members(), **counted}, begun(contents.lines(_feature(contents.source))))


def _geojsonl(contents: Contents) -> Iterator[bytes]:
    return geojson.write_lines(begun(contents.lines(_feature(contents.source))))


def _gpkg(contents: Contents) -> Iterator[bytes]:
    source = contents.source
    columns = (ID, *source.columns)
    statement = source.statement(gpkg.row_sql(columns, geometry_sql=WKB))
    return gpkg.write(
        columns,
        begun(contents.reader.pieces(statement, source.values)),
        table=contents.layer.name,
        geometry_type="POINT" if contents.layer.geometry == "point" else "MULTIPOLYGON",
        about=contents.about(),
        rows=lambda: contents.reader.value(source.count_sql, source.count_values),
    )


def _feature(source: Source) -> str:
    return geojson.row_sql(source.columns, id_sql=ID.sql, geometry_sql=GEOJSON)


def _with_position(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return (ID, *columns, *POSITION)


FORMS = {
    form.name: form
    for form in (
        Form(
            "csv",
            csv.MEDIA_TYPE,
            both("CSV", "CSV"),
            both("bảng tính, lập trình", "spreadsheets, programs"),
            "position",
            _csv,
        ),
        Form(
            "xlsx",
            xlsx.MEDIA_TYPE,
            both("Excel", "Excel"),
            both("bảng tính", "spreadsheets"),
            "position",
            _xlsx,
            packed=True,
        ),
        Form(
            "geojson",
            geojson.MEDIA_TYPE,
            both("GeoJSON", "GeoJSON"),
            both("bản đồ trên web", "web maps"),
            "geojson",
            _geojson,
        ),
        Form(
            "geojsonl",
            geojson.LINES_MEDIA_TYPE,
            both("GeoJSON từng dòng", "GeoJSON by lines"),
            both("đọc dần tệp lớn", "large files, line by line"),
            "geojson",
            _geojsonl,
        ),
        Form(
            "gpkg",
            gpkg.MEDIA_TYPE,
            both("GeoPackage", "GeoPackage"),
            both("QGIS, ArcGIS", "QGIS, ArcGIS"),
            "wkb",
            _gpkg,
        ),
    )
}
