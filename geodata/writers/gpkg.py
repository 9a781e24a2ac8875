"""GeoPackage 1.3 (OGC 12-128r17), written forward only: see `sqlite_pages` for how that can be.

The tables that say what the file holds are made by SQLite itself, in memory; the features follow as pages of one more
table, the last. There is no spatial index: readers work without one, and QGIS or GDAL make one where it is wanted.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from geodata import crs
from geodata.writers import sqlite_pages
from geodata.writers.columns import Column, quoted, values_sql

MEDIA_TYPE = "application/geopackage+sqlite3"
_TYPES = {"text": "TEXT", "list": "TEXT", "date": "DATE", "integer": "INTEGER", "number": "DOUBLE", "flag": "BOOLEAN"}
# "GP", version 0, little-endian without an envelope; the system's number follows.
_GEOMETRY_HEAD = b"GP\x00\x01"
# Where a system stands without its code of EPSG (`geodata.crs.wkt`), it has a number of its own beyond those.
_OWN_SYSTEMS = 200_000
_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
  definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT,
  row_id_value INTEGER, timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL,
  md_parent_id INTEGER, CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
"""
_STYLES = """
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
"""
_METADATA = "http://www.geopackage.org/spec130/#extension_metadata"
# Where SQLite notes how many pages there are: where it finds no number, it asks the file's size.
_NUMBER_OF_PAGES = slice(28, 32)
# A page's kind (leaf of a table), where a free block begins (none), how many rows it holds.
_EMPTY_LEAF = b"\x0d\0\0\0\0"


@dataclass(frozen=True)
class Style:
    """How QGIS draws a layer: what the style is called, and its text in QML."""

    name: str
    qml: str


def row_sql(columns: Sequence[Column], *, geometry_sql: str) -> str:
    """SQL of a row's values, geometry (as WKB) first."""
    return values_sql(columns, {"integer": "", "flag": "::int"}, geometry_sql=geometry_sql)


def write(
    columns: Sequence[Column],
    chunks: Iterable[Sequence[Sequence[object]]],
    *,
    table: str,
    geometry_type: str,
    about: Sequence[tuple[str, str]],
    rows: Callable[[], int],
    system: int = crs.WGS84,
    style: Style | None = None,
) -> Iterator[bytes]:
    """The file piece by piece: rows of `table` (names are the program's own) with ids in a column `fid` of 1, 2, 3, …

    `geometry_type` is "" for a table without geometry; `system` is the EPSG code of the coordinates; `style` is how
    QGIS draws the features. `rows` says how many there are in all; large tables ask it, once. Raises what
    `sqlite_pages.table` raises.
    """
    before, behind = _head(columns, table, geometry_type, about, system, style)
    at = (len(before) + len(behind)) // sqlite_pages.PAGE + 2
    records = _records(chunks, _number(system)) if geometry_type else _rows(chunks)
    pages = sqlite_pages.table(records, at=at, rows=rows)
    root = next(pages)
    yield before
    yield root + behind
    yield from _joined(pages)


def _number(system: int) -> int:
    """The number that the system has in the file."""
    return _OWN_SYSTEMS + system if system in crs.VN2000_CODES else system


def _rows(chunks: Iterable[Sequence[Sequence[object]]]) -> Iterator[bytes]:
    return (sqlite_pages.record((None, *values)) for chunk in chunks for _, *values in chunk)


def _records(chunks: Iterable[Sequence[Sequence[object]]], number: int) -> Iterator[bytes]:
    head = _GEOMETRY_HEAD + number.to_bytes(4, "little")
    for chunk in chunks:
        for geometry, *values in chunk:
            shape = None if geometry is None else head + bytes(geometry)  # type: ignore[call-overload]
            yield sqlite_pages.record((None, shape, *values))  # the row id stands for `fid`


def _joined(pages: Iterator[bytes], number: int = 64) -> Iterator[bytes]:
    """The pages, some at a time."""
    waiting: list[bytes] = []
    for page in pages:
        waiting.append(page)
        if len(waiting) == number:
            yield b"".join(waiting)
            waiting = []
    yield b"".join(waiting)


def _head(
    columns: Sequence[Column],
    table: str,
    geometry_type: str,
    about: Sequence[tuple[str, str]],
    system: int,
    style: Style | None,
) -> tuple[bytes, bytes]:
    """The file as it is without features: what stands before and behind the empty root of their table.

    Behind it lies what SQLite needs for a long CREATE TABLE, which it writes into its schema once the root is there.
    """
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.executescript(f"PRAGMA page_size={sqlite_pages.PAGE}; PRAGMA application_id=0x47504B47;")
    database.executescript("PRAGMA user_version=10300;" + _TABLES)
    _describe(database, table, geometry_type, about, system)
    if style:
        _add_style(database, table, style)
    shape = f', "geom" {geometry_type}' if geometry_type else ""
    listed = "".join(f", {quoted(column.name)} {_TYPES[column.kind]}" for column in columns)
    database.execute(f"CREATE TABLE {quoted(table)} (fid INTEGER PRIMARY KEY NOT NULL{shape}{listed})")
    (root,) = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    head = bytearray(database.serialize())
    database.close()
    head[_NUMBER_OF_PAGES] = bytes(4)
    return _around(bytes(head), root)


def _around(head: bytes, root: int) -> tuple[bytes, bytes]:
    """What stands before and behind that page. Raises AssertionError where it is no empty leaf of a table."""
    begin, end = (root - 1) * sqlite_pages.PAGE, root * sqlite_pages.PAGE
    if head[begin : begin + 5] != _EMPTY_LEAF:
        raise AssertionError(f"page {root} is not the empty root of the features")
    return head[:begin], head[end:]


def _add_style(database: sqlite3.Connection, table: str, style: Style) -> None:
    """The table in which QGIS and GeoServer look for the style of a layer."""
    database.executescript(_STYLES)
    insert = (
        "INSERT INTO layer_styles (id, f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
        " styleQML, styleSLD, useAsDefault, description, owner) VALUES (1, '', '', ?, 'geom', ?, ?, '', 1, ?, '')"
    )
    database.execute(insert, (table, style.name[:30], style.qml, style.name))
    contents = "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', ?)"
    database.execute(contents, ("layer_styles",))


def _describe(
    database: sqlite3.Connection, table: str, geometry_type: str, about: Sequence[tuple[str, str]], system: int
) -> None:
    systems = [
        ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
        *(_system(code) for code in dict.fromkeys((crs.WGS84, system))),
    ]
    database.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", systems)
    title, description = about[0]
    contents = "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    kind, number = ("features", _number(system)) if geometry_type else ("attributes", None)
    database.execute(f"{contents} VALUES (?, ?, ?, ?, ?, ?)", (table, kind, title, description, now, number))
    if geometry_type:
        columns = "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)"
        database.execute(columns, (table, geometry_type, number))
    for name in ("gpkg_metadata", "gpkg_metadata_reference"):
        extension = (name, None, "gpkg_metadata", _METADATA, "read-write")
        database.execute("INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)", extension)
    text = "\n".join(f"{term}: {said}" for term, said in about)
    database.execute(
        "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'http://purl.org/dc/terms/', 'text/plain', ?)", (text,)
    )
    reference = "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id)"
    database.execute(f"{reference} VALUES ('table', ?, ?, 1)", (table, now))


def _system(code: int) -> tuple[str, int, str, int, str, str]:
    """A row of the table of systems. One of VN-2000 is told by its definition alone: see `geodata.crs.wkt`."""
    organisation = "NONE" if code in crs.VN2000_CODES else "EPSG"
    number = _number(code)
    return crs.name(code), number, organisation, number, crs.wkt(code), f"EPSG:{code}, x is easting or longitude"
