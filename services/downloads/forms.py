"""The forms that a download comes in. A further one is one more line of FORMS."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geodata.crs import CRS84, Crs
from geodata.language import Both, both
from geodata.writers import csv, fgb, geojson, gpkg, parquet, shapefile, xlsx
from geodata.writers.columns import Column
from layers.errors import TooCostly
from layers.layer import Layer
from services.downloads.styles import style_of
from services.streaming.reading import Reader, begun
from services.streaming.source import GEOJSON, ID, POSITION, WKB, Source


@dataclass(frozen=True)
class Contents:
    """What a file is made of. `about` and `members` give what it says of itself; coordinates are of `crs`.

    `matched` gives how many rows there are where that is told at once, else None.
    """

    layer: Layer
    day: date
    source: Source
    reader: Reader
    about: Callable[[], Sequence[tuple[str, str]]]
    members: Callable[[], dict[str, object]]
    matched: Callable[[], int | None]
    bom: bool = True
    crs: Crs = CRS84

    @property
    def points(self) -> bool:
        return self.layer.geometry == "point"

    @property
    def columns(self) -> tuple[Column, ...]:
        """The record's number, then the columns of the source."""
        return (ID, *self.source.columns)

    def lines(self, row_sql: str) -> Iterator[list[str]]:
        """The text that the database makes of each row, some rows at a time; the first are read already."""
        return begun([row[0] for row in rows] for rows in self._pieces(row_sql))

    def rows(self, row_sql: str) -> Iterator[list[tuple]]:
        """The values of each row, some rows at a time; the first are read already."""
        return begun(self._pieces(row_sql))

    def counted(self) -> int:
        """How many rows there are, however long that takes."""
        return self.reader.value(*self.source.count())

    def _pieces(self, row_sql: str) -> Iterator[list[tuple]]:
        return self.reader.pieces(self.source.statement(row_sql), self.source.values)


@dataclass(frozen=True)
class Form:
    """A format: how it is told to programs and people, which geometry it wants, how its bytes are made.

    `tables` says whether rows without geometry may come so, `systems` whether coordinates of any system may.
    """

    name: str
    media_type: str
    title: Both
    suits: Both
    geometry: str
    write: Callable[[Contents], Iterator[bytes]]
    packed: bool = False
    tables: bool = True
    systems: bool = True

    def suits_layer(self, layer: Layer) -> bool:
        """Whether the layer or table comes in this form."""
        return self.tables or bool(layer.geometry)


def forms_of(layer: Layer) -> tuple[Form, ...]:
    """The forms in which a layer or table comes."""
    return tuple(form for form in FORMS.values() if form.suits_layer(layer))


def _csv(contents: Contents) -> Iterator[bytes]:
    columns = _with_position(contents)
    return csv.write(columns, contents.lines(csv.row_sql(columns)), bom=contents.bom)


def _xlsx(contents: Contents) -> Iterator[bytes]:
    columns = _with_position(contents)
    rows = contents.lines(xlsx.row_sql(columns))
    return xlsx.write(columns, rows, title=contents.layer.name, about=contents.about())


def _geojson(contents: Contents) -> Iterator[bytes]:
    matched = contents.matched()
    counted = {} if matched is None else {"numberMatched": matched}
    named = {} if contents.crs == CRS84 else {"crs": {"type": "name", "properties": {"name": contents.crs.urn}}}
    return geojson.write({**named, **contents.members(), **counted}, contents.lines(_feature(contents)))


def _geojsonl(contents: Contents) -> Iterator[bytes]:
    return geojson.write_lines(contents.lines(_feature(contents)))


def _gpkg(contents: Contents) -> Iterator[bytes]:
    kinds = {"point": "POINT", "polygon": "MULTIPOLYGON", "": ""}
    return gpkg.write(
        contents.columns,
        contents.rows(gpkg.row_sql(contents.columns, geometry_sql=_wkb(contents))),
        table=contents.layer.name,
        geometry_type=kinds[contents.layer.geometry],
        about=contents.about(),
        rows=contents.counted,
        system=contents.crs.code,
        style=style_of(contents.layer) if contents.layer.geometry else None,
    )


def _parquet(contents: Contents) -> Iterator[bytes]:
    kinds = {"point": "Point", "polygon": "MultiPolygon", "": ""}
    return parquet.write(
        contents.columns,
        contents.rows(parquet.row_sql(contents.columns, geometry_sql=_wkb(contents))),
        geometry_type=kinds[contents.layer.geometry],
        system=contents.crs.code,
        about=contents.about(),
    )


def _fgb(contents: Contents) -> Iterator[bytes]:
    return fgb.write(
        contents.columns,
        contents.rows(fgb.row_sql(contents.columns, geometry_sql=WKB)),
        table=contents.layer.name,
        points=contents.points,
        system=contents.crs.code,
        about=contents.about(),
        rows=contents.matched(),
    )


def _shapefile(contents: Contents) -> Iterator[bytes]:
    source = contents.source
    number, *longest = contents.reader.row(source.statement(shapefile.measure_sql(contents.columns)), source.values)
    try:
        return shapefile.write(
            contents.columns,
            contents.rows(shapefile.row_sql(contents.columns, geometry_sql=WKB)),
            table=contents.layer.name,
            points=contents.points,
            system=contents.crs.code,
            about=contents.about(),
            titles={item.name: str(item.title) for item in contents.layer.fields},
            measure=shapefile.Measure(number, longest),
        )
    except shapefile.TooLarge as error:
        raise TooCostly(
            "shapefile.too_large",
            "Shapefile chỉ chứa được 2 GB. Lọc bớt, hoặc tải GeoPackage, FlatGeobuf hay GeoParquet.",
            "A Shapefile holds 2 GB. Choose fewer rows, or take GeoPackage, FlatGeobuf or GeoParquet.",
        ) from error


def _feature(contents: Contents) -> str:
    shape = GEOJSON if contents.layer.geometry else "NULL"
    return geojson.row_sql(contents.source.columns, id_sql=ID.sql, geometry_sql=shape)


def _wkb(contents: Contents) -> str:
    return WKB if contents.layer.geometry else "NULL"


def _with_position(contents: Contents) -> tuple[Column, ...]:
    """The columns of a form that has no geometry: coordinates in another system are `x` and `y`, and `crs` names it."""
    if not contents.layer.geometry:
        return contents.columns
    if contents.crs == CRS84:
        return (*contents.columns, *POSITION)
    x, y = (replace(column, name=name) for column, name in zip(POSITION, ("x", "y"), strict=True))
    return (*contents.columns, x, y, Column("crs", "text", f"'EPSG:{contents.crs.code}'"))


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
            systems=False,
        ),
        Form(
            "gpkg",
            gpkg.MEDIA_TYPE,
            both("GeoPackage", "GeoPackage"),
            both("QGIS, ArcGIS", "QGIS, ArcGIS"),
            "wkb",
            _gpkg,
        ),
        Form(
            "fgb",
            fgb.MEDIA_TYPE,
            both("FlatGeobuf", "FlatGeobuf"),
            both("GDAL, QGIS, web", "GDAL, QGIS, the web"),
            "wkb",
            _fgb,
            tables=False,
        ),
        Form(
            "parquet",
            parquet.MEDIA_TYPE,
            both("GeoParquet", "GeoParquet"),
            both("Python, R, DuckDB", "Python, R, DuckDB"),
            "wkb",
            _parquet,
            packed=True,
        ),
        Form(
            "shp.zip",
            shapefile.MEDIA_TYPE,
            both("Shapefile", "Shapefile"),
            both("phần mềm GIS cũ", "older GIS software"),
            "wkb",
            _shapefile,
            packed=True,
            tables=False,
        ),
    )
}
