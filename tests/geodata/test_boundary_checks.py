"""What a commune or province file must hold; each test spoils one thing."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.boundary_checks import problems_of_communes, problems_of_provinces
from geodata.coverage_geometry import dissolved


def problems(frame: gpd.GeoDataFrame) -> str:
    return "\n".join(problem.en for problem in problems_of_communes(frame))


def put(frame: gpd.GeoDataFrame, code: str, shape: shapely.Geometry | None) -> None:
    frame.loc[frame.code == code, "geometry"] = gpd.GeoSeries([shape], crs=frame.crs).to_numpy()


def shape_of(frame: gpd.GeoDataFrame, code: str) -> shapely.Geometry:
    return frame.geometry[frame.code == code].iloc[0]


def test_it_has_nothing_to_say_of_a_correct_file(commune_file: gpd.GeoDataFrame):
    assert problems(commune_file) == ""


def test_it_names_a_missing_commune(commune_file: gpd.GeoDataFrame):
    found = problems(commune_file[commune_file.code != "00004"])
    assert "3320 communes, not 3321" in found
    assert "missing commune codes: 00004" in found


def test_it_names_a_code_given_twice(commune_file: gpd.GeoDataFrame):
    doubled = pd.concat([commune_file, commune_file[commune_file.code == "00008"]], ignore_index=True)
    assert "given twice: 00008" in problems(doubled)


def test_it_names_codes_that_lost_their_zeros(commune_file: gpd.GeoDataFrame):
    commune_file["code"] = commune_file.code.str.lstrip("0")
    assert "unknown commune codes" in problems(commune_file)


def test_it_names_an_invalid_shape_and_why(commune_file: gpd.GeoDataFrame):
    put(commune_file, "00004", shapely.Polygon([(105, 21), (106, 22), (106, 21), (105, 22)]))
    assert "invalid geometry: 00004 (Self-intersection" in problems(commune_file)


@pytest.mark.parametrize(("shape", "expected"), [(None, "no geometry"), (shapely.Point(105, 21), "not polygons")])
def test_it_names_a_unit_that_is_no_area(commune_file: gpd.GeoDataFrame, shape: shapely.Geometry | None, expected: str):
    put(commune_file, "00004", shape)
    assert f"{expected}: 00004" in problems(commune_file)


def test_it_demands_that_name_and_code_agree(commune_file: gpd.GeoDataFrame):
    commune_file.loc[commune_file.code == "00004", "name_vi"] = "Ngọc Hà"
    assert "names differ: 00004: Ngọc Hà ≠ Ba Đình" in problems(commune_file)


def test_it_takes_both_tone_styles_for_one_name(commune_file: gpd.GeoDataFrame):
    commune_file["name_vi"] = commune_file.name_vi.str.replace("òa", "oà")
    assert problems(commune_file) == ""


def test_it_names_a_commune_of_a_reused_province_code(commune_file: gpd.GeoDataFrame):
    commune_file.loc[commune_file.parent_code == "24", "parent_code"] = "27"
    assert "province codes differ" in problems(commune_file)


def test_it_suspects_swapped_axes(commune_file: gpd.GeoDataFrame):
    commune_file["geometry"] = shapely.transform(commune_file.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    assert "longitude and latitude swapped?" in problems(commune_file)


@pytest.mark.parametrize(("code", "name"), [("20333", "Hoang Sa"), ("22736", "Truong Sa")])
def test_it_misses_an_archipelago(commune_file: gpd.GeoDataFrame, code: str, name: str):
    put(commune_file, code, shapely.box(108.5, 15.9, 108.6, 16.0))
    assert f"{code}: {name} Archipelago" in problems(commune_file)


def test_it_names_units_that_overlap(commune_file: gpd.GeoDataFrame):
    put(commune_file, "00004", shape_of(commune_file, "00004").buffer(0.01))
    assert "overlap: 00004–" in problems(commune_file)


def test_it_names_a_gap(commune_file: gpd.GeoDataFrame):
    inland = shape_of(commune_file, "03820")
    hole = inland.representative_point().buffer(0.02)
    put(commune_file, "03820", inland.difference(hole))
    assert "gaps: " in problems(commune_file)


def test_it_notices_lost_area(commune_file: gpd.GeoDataFrame):
    commune_file["geometry"] = shapely.buffer(commune_file.geometry.to_numpy(), -0.005)
    kept = commune_file[~commune_file.is_empty]
    assert "something is lost" in problems(commune_file.assign(geometry=kept.geometry.reindex(commune_file.index))) or (
        "no geometry" in problems(commune_file)
    )


def provinces_of(commune_file: gpd.GeoDataFrame) -> gpd.GeoSeries:
    return dissolved(commune_file.geometry, commune_file.parent_code.to_numpy())


def test_provinces_are_the_union_of_their_communes(commune_file: gpd.GeoDataFrame):
    unions = provinces_of(commune_file)
    frame = gpd.GeoDataFrame({"code": unions.index}, geometry=unions.to_numpy(), crs=4326)
    assert problems_of_provinces(frame, unions) == []
    frame.loc[frame.code == "01", "geometry"] = gpd.GeoSeries([shapely.box(105, 20.5, 106, 21.4)], crs=4326).to_numpy()
    assert "01" in problems_of_provinces(frame, unions)[0].en


def test_a_province_without_its_archipelago_is_refused(commune_file: gpd.GeoDataFrame):
    unions = provinces_of(commune_file)
    frame = gpd.GeoDataFrame({"code": unions.index}, geometry=unions.to_numpy(), crs=4326)
    mainland = unions["48"].intersection(shapely.box(105, 10, 110, 20))
    frame.loc[frame.code == "48", "geometry"] = gpd.GeoSeries([mainland], crs=4326).to_numpy()
    assert any("48: Hoang Sa" in problem.en for problem in problems_of_provinces(frame, unions))
