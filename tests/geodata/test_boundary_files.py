"""Boundary files of several formats, with columns of any name."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geodata import crs
from geodata.boundary_files import BoundaryError, Mapping, read_mappings, read_units

MAPPED = Mapping(columns={"code": "MA_XA", "name_vi": "TEN"})


@pytest.fixture
def units() -> gpd.GeoDataFrame:
    shapes = [shapely.box(105, 21, 106, 22), shapely.box(106, 21, 107, 22)]
    return gpd.GeoDataFrame({"MA_XA": ["00004", "00008"], "TEN": ["Ba Đình", "Ngọc Hà"]}, geometry=shapes, crs=4326)


def write(units: gpd.GeoDataFrame, path: Path) -> Path:
    if path.suffix == ".parquet":
        units.to_parquet(path)
    else:
        units.to_file(path, encoding="utf-8", engine="pyogrio")
    return path


@pytest.mark.parametrize("name", ["xa.gpkg", "xa.geojson", "xa.shp", "xa.parquet"])
def test_it_reads(units: gpd.GeoDataFrame, tmp_path: Path, name: str):
    found = read_units(write(units, tmp_path / name), MAPPED, default_layer="communes")
    assert list(found.code) == ["00004", "00008"]
    assert list(found.name_vi) == ["Ba Đình", "Ngọc Hà"]
    assert found.crs.to_epsg() == 4326
    assert shapely.equals(found.geometry[0].normalize(), units.geometry[0].normalize())


def test_it_brings_vn2000_home_by_the_one_transformation(units: gpd.GeoDataFrame, tmp_path: Path):
    to_zone = crs.transformer(4326, 9210)
    moved = units.set_geometry(shapely.transform(units.geometry.to_numpy(), to_zone.transform, interleaved=False))
    path = write(moved.set_crs(9210, allow_override=True), tmp_path / "xa.gpkg")
    found = read_units(path, MAPPED, default_layer="communes")
    assert shapely.hausdorff_distance(found.geometry[0], units.geometry[0]) < 1e-8


def test_it_refuses_codes_that_became_numbers(units: gpd.GeoDataFrame, tmp_path: Path):
    path = write(units.assign(MA_XA=[4, 8]), tmp_path / "xa.gpkg")
    with pytest.raises(BoundaryError) as refused:
        read_units(path, MAPPED, default_layer="communes")
    assert "leading zeros" in refused.value.problems[0].en
    assert "số 0" in refused.value.problems[0].vi


def test_it_names_the_columns_that_are_missing_and_those_there(units: gpd.GeoDataFrame, tmp_path: Path):
    with pytest.raises(BoundaryError) as refused:
        read_units(write(units, tmp_path / "xa.gpkg"), Mapping(), default_layer="communes")
    assert "code" in refused.value.problems[0].en
    assert "MA_XA" in refused.value.problems[0].en


def test_it_asks_for_the_coordinate_system_of_a_file_without_one(units: gpd.GeoDataFrame, tmp_path: Path):
    path = write(units.set_crs(None, allow_override=True), tmp_path / "xa.shp")
    with pytest.raises(BoundaryError) as refused:
        read_units(path, MAPPED, default_layer="communes")
    assert "EPSG" in refused.value.problems[0].en
    given = Mapping(columns=MAPPED.columns, crs=4326)
    assert len(read_units(path, given, default_layer="communes")) == 2


def test_it_refuses_what_is_no_boundary_file(tmp_path: Path):
    path = tmp_path / "xa.gpkg"
    path.write_bytes(b"hello")
    with pytest.raises(BoundaryError):
        read_units(path, MAPPED, default_layer="communes")


def test_it_refuses_a_layer_that_is_not_there(units: gpd.GeoDataFrame, tmp_path: Path):
    with pytest.raises(BoundaryError) as refused:
        read_units(write(units, tmp_path / "xa.gpkg"), Mapping(layer="thon"), default_layer="communes")
    assert "thon" in refused.value.problems[0].en


def test_it_reads_a_mapping(tmp_path: Path):
    path = tmp_path / "columns.json"
    path.write_text(json.dumps({"communes": {"layer": "xa", "code": "MA_XA", "crs": 4756}}), encoding="utf-8")
    assert read_mappings(path) == {"communes": Mapping(columns={"code": "MA_XA"}, layer="xa", crs=4756)}


@pytest.mark.parametrize("text", ["", "[]", '{"communes": 1}', '{"villages": {}}', '{"communes": {"colour": "x"}}'])
def test_it_refuses_a_mapping_it_does_not_understand(tmp_path: Path, text: str):
    path = tmp_path / "columns.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BoundaryError):
        read_mappings(path)
