"""GeoPackage written forward only: SQLite finds it sound, GDAL reads it, memory stays flat."""

import os
import random
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import geopandas
import pytest

from geodata.writers import gpkg, sqlite_pages
from geodata.writers.columns import Column
from tests.geodata.rows import columns_of, made

COLUMNS = (Column("id", "integer", ""), Column("name", "text", ""), Column("share", "number", ""))
ABOUT = (("Places", "what they are"), ("Licence", "open"))
LONG = "x" * 10_000
ROOT = Path(__file__).resolve().parent.parent.parent


def point(lon: float, lat: float) -> bytes:
    return struct.pack("<BIdd", 1, 1, lon, lat)


def rows(number: int, *, long_every: int = 0, words=lambda n: 1 + n % 40) -> Iterator[list[tuple]]:  # type: ignore[no-untyped-def]
    """So many rows in pieces; every so often one that needs pages of its own."""
    for first in range(0, number, 500):
        yield [
            (
                point(105 + n % 10, 21),
                n * 3,
                LONG if long_every and n % long_every == 0 else "Đường " * words(n),
                n / 2 if n % 3 else None,
            )
            for n in range(first, min(first + 500, number))
        ]


def written(path: Path, number: int, *, expected: int | None = None, **options) -> sqlite3.Connection:  # type: ignore[no-untyped-def]
    made = gpkg.write(
        COLUMNS,
        rows(number, **options),
        table="places",
        geometry_type="POINT",
        about=ABOUT,
        rows=lambda: number if expected is None else expected,
    )
    path.write_bytes(b"".join(made))
    return sqlite3.connect(path)


def assert_sound(database: sqlite3.Connection, number: int) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    counted, summed, last = database.execute("SELECT count(*), sum(id), max(fid) FROM places").fetchone()
    assert (counted, summed or 0, last or 0) == (number, 3 * number * (number - 1) // 2, number)
    chance = random.Random(number)
    for row_id in [chance.randint(1, number) for _ in range(20 if number else 0)]:
        found = database.execute("SELECT id FROM places WHERE fid = ?", (row_id,)).fetchone()
        assert found == (3 * (row_id - 1),)


# Around what one page holds, what waits in memory, and each promise beyond.
@pytest.mark.parametrize("number", [0, 1, 2, 20, 40, 300, 3000, 7000, 7500, 8000, 9000, 12_000, 40_000, 150_000])
def test_any_number_of_rows_makes_a_sound_file(tmp_path: Path, number: int):
    assert_sound(written(tmp_path / "x.gpkg", number), number)


@pytest.mark.parametrize("number", [1, 3, 50, 2000, 12_000])
def test_rows_longer_than_a_page_go_to_pages_of_their_own(tmp_path: Path, number: int):
    database = written(tmp_path / "x.gpkg", number, long_every=7)
    assert_sound(database, number)
    lengths = database.execute("SELECT length(name) FROM places WHERE (fid - 1) % 7 = 0").fetchall()
    assert set(lengths) == {(len(LONG),)}


@pytest.mark.parametrize("length", [*range(4040, 4075), 8100, 8180, 12_000, 100_000])
def test_rows_of_any_length_come_back(tmp_path: Path, length: int):
    piece = [[(None, 1, "x" * length, None), (None, 2, "y" * length, 0.5)]]
    made = gpkg.write(COLUMNS, piece, table="t", geometry_type="POINT", about=ABOUT, rows=lambda: 2)
    path = tmp_path / "x.gpkg"
    path.write_bytes(b"".join(made))
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("SELECT name FROM t ORDER BY fid").fetchall() == [("x" * length,), ("y" * length,)]


@pytest.mark.parametrize("more", [0, 1, 5, 20, 40, 60, 100, 400])
@pytest.mark.parametrize("number", [0, 1, 300, 9000])
def test_a_table_of_many_columns_is_sound_too(tmp_path: Path, more: int, number: int):
    """Its CREATE TABLE takes pages of its own, behind the root of the features."""
    further = tuple(Column(f"a_further_column_{n}", "text", "") for n in range(more))
    pieces = [[(*row, *map(str, range(more))) for row in piece] for piece in rows(number)]
    made = gpkg.write(
        (*COLUMNS, *further), pieces, table="places", geometry_type="POINT", about=ABOUT, rows=lambda: number
    )
    (tmp_path / "x.gpkg").write_bytes(b"".join(made))
    database = sqlite3.connect(tmp_path / "x.gpkg")
    assert_sound(database, number)
    if more and number:
        last = database.execute(f"SELECT a_further_column_{more - 1} FROM places WHERE fid = ?", (number,))
        assert last.fetchone() == (str(more - 1),)


@pytest.mark.parametrize("late", [1, 40])
def test_rows_may_grow_or_shrink_on_the_way(tmp_path: Path, late: int):
    number = 40_000
    database = written(tmp_path / "x.gpkg", number, words=lambda n: late if n > number // 2 else 41 - late)
    assert_sound(database, number)


@pytest.mark.parametrize("seed", range(12))
def test_a_small_memory_makes_sound_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int):
    """The same steps as with millions of rows."""
    chance = random.Random(seed)
    height = chance.choice((5, 6))
    for name, value in (("HEIGHT", height), ("LOOKAHEAD", 2 ** (height + 1)), ("LAST_PROMISE", height - 3)):
        monkeypatch.setattr(sqlite_pages, name, value)
    monkeypatch.setattr(sqlite_pages, "FANOUT", chance.choice((20, 60, 340)))
    number = chance.randrange(2000, 30_000)
    assert_sound(written(tmp_path / "x.gpkg", number, long_every=chance.choice((0, 50, 900))), number)


def test_where_a_promise_cannot_be_kept_no_file_is_made(tmp_path: Path):
    with pytest.raises(sqlite_pages.TooFarAhead):
        written(tmp_path / "x.gpkg", 20_000, expected=200_000)


@pytest.mark.parametrize(
    "value",
    [0, 1, -1, 127, 128, -128, -129, 2**15, -(2**23), 2**23, 2**31, 2**47, -(2**47) - 1, 2**53, 1.5, -0.0, "", "Đ"],
)
def test_every_value_comes_back(tmp_path: Path, value: object):
    column = Column("v", {int: "integer", float: "number", str: "text"}[type(value)], "")
    made = gpkg.write((column,), [[(None, value)]], table="t", geometry_type="POINT", about=ABOUT, rows=lambda: 1)
    (tmp_path / "x.gpkg").write_bytes(b"".join(made))
    assert sqlite3.connect(tmp_path / "x.gpkg").execute("SELECT v FROM t").fetchone() == (value,)


@pytest.mark.django_db
def test_the_database_gives_values_as_the_file_holds_them():
    columns = columns_of(codes="list", day="date", open="flag", share="number")
    found = made(gpkg.row_sql(columns, geometry_sql="NULL"), columns, [(["a", "b"], date(2026, 1, 2), True, 1.5)])
    assert found == [(None, "a;b", "2026-01-02", 1, 1.5)]


def test_gdal_reads_it(tmp_path: Path):
    written(tmp_path / "x.gpkg", 9000).close()
    told = subprocess.run(
        ["ogrinfo", "-so", str(tmp_path / "x.gpkg"), "places"], capture_output=True, text=True, check=True
    ).stdout
    assert "Feature Count: 9000" in told and "Extent: (105.000000, 21.000000)" in told
    assert 'ID["EPSG",4326]]' in told and "Licence: open" in told and "share: Real" in told


def test_geopandas_reads_it(tmp_path: Path):
    written(tmp_path / "x.gpkg", 100).close()
    frame = geopandas.read_file(tmp_path / "x.gpkg")
    assert (len(frame), frame.crs.to_epsg(), frame.geometry[3].x, frame.name[0]) == (100, 4326, 108.0, "Đường ")


@pytest.mark.parametrize("form", ["csv", "geojson", "xlsx", "gpkg"])
def test_memory_does_not_grow_with_the_rows(form: str):
    few, many = (_peak_kb(form, number) for number in (30_000, 300_000))
    assert many - few < 6000


def _peak_kb(form: str, number: int) -> int:
    """The most memory that a process takes which writes so many rows."""
    command = [sys.executable, "-m", "tests.geodata.write_many", form, str(number)]
    told = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    return int(told.stdout)
