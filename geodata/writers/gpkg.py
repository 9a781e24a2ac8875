"""GeoPackage 1.3 (OGC 12-128r17), written forward only: see `sqlite_pages` for how that can be.

The tables that say what the file holds are made by SQLite itself, in memory; the features follow as pages of one more
table, the last. There is no spatial index: readers work without one, and QGIS or GDAL make one where it is wanted.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from geodata.writers import sqlite_pages
from geodata.writers.columns import Column, quoted, text_sql

MEDIA_TYPE = "application/geopackage+sqlite3"
SRID = 4326
_TYPES = {"text": "TEXT", "list": "TEXT", "date": "DATE", "integer": "INTEGER", "number": "DOUBLE", "flag": "BOOLEAN"}
# "GP", version 0, little-endian without an envelope, the system's number.
_GEOMETRY_HEAD = b"GP\x00\x01" + SRID.to_bytes(4, "little")
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
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
_METADATA = "http://www.geopackage.org/spec130/#extension_metadata"
# Where SQLite notes how many pages there are: where it finds no number, it asks the file's size.
_NUMBER_OF_PAGES = slice(28, 32)
# A page's kind (leaf of a table), where a free block begins (none), how many rows it holds.
_EMPTY_LEAF = b"\x0d\0\0\0\0"


def row_sql(columns: Sequence[Column], *, geometry_sql: str) -> str:
    """SQL of a row's values, geometry (as WKB) first."""
    return ", ".join([geometry_sql, *map(_value, columns)])


def write(
    columns: Sequence[Column],
    chunks: Iterable[Sequence[Sequence[object]]],
    *,
    table: str,
    geometry_type: str,
    about: Sequence[tuple[str, str]],
    rows: Callable[[], int],
) -> Iterator[bytes]:
    """The file piece by piece: rows of `table` (names are the program's own) with ids in a column `fid` of 1, 2, 3, …

    `rows` says how many there are in all; large tables ask it, once. Raises what `sqlite_pages.table` raises.
    """
    before, behind = _head(columns, table, geometry_type, about)
    at = (len(before) + len(behind)) // sqlite_pages.PAGE + 2
    pages = sqlite_pages.table(_records(chunks), at=at, rows=rows)
    root = next(pages)
    yield before
    yield root + behind
    yield from _joined(pages)


def _records(chunks: Iterable[Sequence[Sequence[object]]]) -> Iterator[bytes]:
    for chunk in chunks:
        for geometry, *values in chunk:
            shape = None if geometry is None else _GEOMETRY_HEAD + bytes(geometry)  # type: ignore[call-overload]
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


def _value(column: Column) -> str:
    if column.kind == "number":
        return f"({column.sql})::float8"
    return (
        f"({column.sql})::int"
        if column.kind == "flag"
        else column.sql
        if column.kind == "integer"
        else text_sql(column)
    )


def _head(
    columns: Sequence[Column], table: str, geometry_type: str, about: Sequence[tuple[str, str]]
) -> tuple[bytes, bytes]:
    """The file as it is without features: what stands before and behind the empty root of their table.

    Behind it lies what SQLite needs for a long CREATE TABLE, which it writes into its schema once the root is there.
    """
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.executescript(f"PRAGMA page_size={sqlite_pages.PAGE}; PRAGMA application_id=0x47504B47;")
    database.executescript("PRAGMA user_version=10300;" + _TABLES)
    _describe(database, table, geometry_type, about)
    listed = "".join(f", {quoted(column.name)} {_TYPES[column.kind]}" for column in columns)
    database.execute(f'CREATE TABLE {quoted(table)} (fid INTEGER PRIMARY KEY NOT NULL, "geom" {geometry_type}{listed})')
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


def _describe(database: sqlite3.Connection, table: str, geometry_type: str, about: Sequence[tuple[str, str]]) -> None:
    systems = [
        ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
        ("WGS 84 geodetic", SRID, "EPSG", SRID, _WGS84, "longitude/latitude in degrees on the WGS 84 ellipsoid"),
    ]
    database.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", systems)
    title, description = about[0]
    contents = "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    database.execute(f"{contents} VALUES (?, 'features', ?, ?, ?, ?)", (table, title, description, now, SRID))
    database.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (table, geometry_type, SRID))
    for name in ("gpkg_metadata", "gpkg_metadata_reference"):
        extension = (name, None, "gpkg_metadata", _METADATA, "read-write")
        database.execute("INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)", extension)
    text = "\n".join(f"{term}: {said}" for term, said in about)
    database.execute(
        "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'http://purl.org/dc/terms/', 'text/plain', ?)", (text,)
    )
    reference = "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id)"
    database.execute(f"{reference} VALUES ('table', ?, ?, 1)", (table, now))
