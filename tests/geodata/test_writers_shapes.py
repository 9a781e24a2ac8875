"""FlatGeobuf, GeoParquet and Shapefile: as GDAL and geopandas read them, flat in memory, honest about what is lost."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import geopandas
import pyarrow
import pyarrow.parquet
import pytest
import shapely

from geodata.writers import fgb, parquet, shapefile
from geodata.writers.columns import Column

ROOT = Path(__file__).resolve().parent.parent.parent
COLUMNS = (
    Column("id", "integer", ""),
    Column("name", "text", ""),
    Column("activity", "text", ""),
    Column("activity_label", "text", ""),
    Column("share", "number", ""),
    Column("valid_until", "date", ""),
    Column("open", "flag", ""),
)
ABOUT = (("Places", "what they are"), ("Licence", "open"))
LONG = "Đường Nguyễn Trãi " * 30
HOLED = shapely.MultiPolygon(
    [
        shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (1, 2), (2, 2), (2, 1)]]),
        shapely.Polygon([(10, 10), (11, 10), (11, 11)]),
    ]
)
FORMS = ("fgb", "parquet", "shp.zip")


def rows(shapes: list) -> list[tuple]:
    values = [
        (2**52, "Chợ Đông", "a;b", "A | B", 0.1, date(2026, 2, 28), True),
        (2, None, None, None, None, None, None),
        (3, LONG, "", "x", -1e-9, date(1899, 1, 1), False),
    ]
    return [(None if s is None else s.wkb, *v) for s, v in zip(shapes, values, strict=True)]


def written(form: str, made: list[tuple], folder: Path, *, points: bool) -> Path:
    pieces: Iterator[list[tuple]] = iter([made[:1], made[1:]] if made else [])
    told = {"table": "places", "points": points, "system": 4326, "about": ABOUT}
    if form == "parquet":
        kind = "Point" if points else "MultiPolygon"
        if made:
            pieces = iter([made])
        content = parquet.write(COLUMNS, pieces, geometry_type=kind, system=4326, about=ABOUT)
    elif form == "fgb":
        texts = [[tuple(v.isoformat() if isinstance(v, date) else v for v in row) for row in piece] for piece in pieces]
        content = fgb.write(COLUMNS, texts, rows=len(made), **told)  # type: ignore[arg-type]
    else:
        longest = [max([len(str(row[n + 1] or "").encode()) for row in made], default=0) for n in range(len(COLUMNS))]
        measure = shapefile.Measure(len(made), longest)
        content = shapefile.write(COLUMNS, pieces, titles={"name": "Tên"}, measure=measure, **told)  # type: ignore[arg-type]
    path = folder / f"x.{form}"
    path.write_bytes(b"".join(content))
    return path


def read(path: Path) -> geopandas.GeoDataFrame:
    if path.suffix == ".parquet":
        return geopandas.read_parquet(path)
    return geopandas.read_file(f"/vsizip/{path}" if path.suffix == ".zip" else path)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "shapes",
    [
        [shapely.Point(105.8, 21.0), None, shapely.Point(-1e-7, 0)],
        [HOLED, None, shapely.MultiPolygon([HOLED.geoms[1]])],
    ],
    ids=["points", "areas"],
)
def test_values_and_shapes_come_back(form: str, shapes: list, tmp_path: Path) -> None:
    found = read(written(form, rows(shapes), tmp_path, points=shapes[0] is not HOLED))
    assert found["id"].tolist() == [2**52, 2, 3] and found["name"][0] == "Chợ Đông"
    assert found["share"][0] == 0.1 and found["share"][2] == -1e-9
    day = next(column for column in found if column.startswith("valid_unt"))
    assert str(found[day][0])[:10] == "2026-02-28" and bool(found["open"][0]) is True
    for shape, back in zip(shapes, found.geometry, strict=True):
        assert (back is None or back.is_empty) if shape is None else shapely.equals(back, shape)


@pytest.mark.parametrize("form", FORMS)
def test_a_file_without_rows_is_whole(form: str, tmp_path: Path) -> None:
    found = read(written(form, [], tmp_path, points=True))
    assert len(found) == 0 and "id" in found.columns


def test_gdal_finds_nothing_wrong_with_a_flatgeobuf(tmp_path: Path) -> None:
    path = written("fgb", rows([HOLED, None, HOLED]), tmp_path, points=False)
    done = subprocess.run(["ogrinfo", "-al", path], capture_output=True, text=True, check=True)
    assert "ERROR" not in done.stderr and "Warning" not in done.stderr and "Feature Count: 3" in done.stdout


def test_parquet_says_where_its_boxes_are_and_they_are_right(tmp_path: Path) -> None:
    table = pyarrow.parquet.read_table(written("parquet", rows([HOLED, None, HOLED]), tmp_path, points=False))
    told = json.loads(table.schema.metadata[b"geo"])
    assert told["version"] == "1.1.0" and told["columns"]["geometry"]["geometry_types"] == ["MultiPolygon"]
    assert told["columns"]["geometry"]["covering"]["bbox"]["xmax"] == ["bbox", "xmax"]
    whole = {"xmin": 0.0, "ymin": 0.0, "xmax": 11.0, "ymax": 11.0}
    assert table["bbox"].to_pylist() == [whole, None, whole]


def test_a_shapefile_tells_full_names_and_what_was_cut(tmp_path: Path) -> None:
    path = written("shp.zip", rows([shapely.Point(0, 0)] * 3), tmp_path, points=True)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.read("places.cpg") == b"UTF-8"
        notes = archive.read("places.txt").decode()
    assert "activity_l  activity_label" in notes and "cut at 254 bytes" in notes and "Tên" in notes
    cut = read(path)["name"][2]
    assert len(cut.encode()) <= 254 and LONG.startswith(cut)


def test_short_names_are_unique_and_stay() -> None:
    names = ["manufacturer", "manufacture_year", "manufacture_yea", "activity", "activity_label", "activity_labels"]
    short = shapefile.short_names(names)
    assert list(short.values()) == ["manufactur", "manufactu2", "manufactu3", "activity", "activity_l", "activity_2"]
    assert shapefile.short_names(names) == short


def test_what_a_shapefile_cannot_hold_is_refused_before_its_first_byte() -> None:
    told = {"table": "t", "points": True, "system": 4326, "about": ABOUT, "titles": {}}
    with pytest.raises(shapefile.TooLarge):
        shapefile.write(COLUMNS, [], measure=shapefile.Measure(10_000_000, [254] * len(COLUMNS)), **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_breaks_off_is_damaged(form: str, tmp_path: Path) -> None:
    path = written(form, rows([shapely.Point(1, 2)] * 3), tmp_path, points=True)
    content = path.read_bytes()
    path.write_bytes(content[:-20])
    if form == "fgb":
        done = subprocess.run(["ogrinfo", "-al", path], capture_output=True, text=True, check=False)
        assert "ERROR" in done.stderr
    elif form == "parquet":
        with pytest.raises(pyarrow.ArrowInvalid):
            pyarrow.parquet.read_table(path)
    else:
        with pytest.raises(zipfile.BadZipFile):
            zipfile.ZipFile(path)


@pytest.mark.parametrize("form", FORMS)
def test_memory_stays_flat(form: str) -> None:
    few, many = (most_memory(form, number) for number in (20_000, 100_000))
    # In a Shapefile the length of each shape is kept: four bytes, and its index at the end.
    assert many - few < 15_000


def most_memory(form: str, number: int) -> int:
    command = [sys.executable, "-m", "tests.geodata.write_many", form, str(number)]
    told = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    return int(told.stdout)
