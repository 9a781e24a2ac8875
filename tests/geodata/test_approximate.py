"""Boundaries without a boundary file."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from django.conf import settings

from geodata import reference_tables
from geodata.archipelagos import ARCHIPELAGOS
from geodata.boundary_checks import area_km2, problems_of_communes


def test_every_commune_is_there_and_valid(approximate_communes: gpd.GeoDataFrame):
    assert len(approximate_communes) == 3321
    assert approximate_communes.is_valid.all()
    assert not approximate_communes.is_empty.any()


def test_it_passes_the_checks_of_a_real_file(approximate_communes: gpd.GeoDataFrame):
    assert problems_of_communes(approximate_communes.rename_axis("code").reset_index()) == []


def test_each_holds_its_representative_point(approximate_communes: gpd.GeoDataFrame):
    table = reference_tables.communes().set_index("code")
    points = gpd.GeoSeries.from_xy(table.lon.astype(float), table.lat.astype(float), index=table.index, crs=4326)
    outside = ~approximate_communes.geometry.contains(points)
    assert set(outside[outside].index) <= {archipelago.commune_code for archipelago in ARCHIPELAGOS}


@pytest.mark.parametrize("archipelago", ARCHIPELAGOS, ids=lambda archipelago: archipelago.label.en)
def test_an_archipelago_lies_in_its_envelope_with_its_area(approximate_communes: gpd.GeoDataFrame, archipelago):
    shape = approximate_communes.geometry[archipelago.commune_code]
    published = reference_tables.communes().set_index("code").area_km2[archipelago.commune_code]
    assert shape.within(archipelago.envelope.buffer(0.03))
    assert area_km2(gpd.GeoSeries([shape], crs=4326))[0] == pytest.approx(float(published), rel=0.25)


@pytest.mark.parametrize("code", ["31078", "31105", "26732", "23272", "21548", "19742", "11948", "07192"])
def test_an_island_often_lost_is_there(approximate_communes: gpd.GeoDataFrame, code: str):
    assert not shapely.is_empty(approximate_communes.geometry[code])


def test_95_percent_of_the_fuel_stations_fall_into_their_province(approximate_communes: gpd.GeoDataFrame):
    path = settings.MAP_SHARED_DATA / "poi" / "fuel_stations_osm.csv"
    if not path.exists():
        pytest.skip("the stations are not in this clone's surroundings")
    stations = pd.read_csv(path, dtype={"province_code": str})
    points = gpd.GeoDataFrame(stations, geometry=gpd.points_from_xy(stations.lon, stations.lat), crs=4326)
    found = gpd.sjoin(points, approximate_communes.rename_axis("code"), how="left")
    found = found[~found.index.duplicated()]
    provinces = reference_tables.communes().set_index("code").province_code.reindex(found["code"]).to_numpy()
    assert len(found) == 4019
    assert (provinces == found.province_code.to_numpy()).mean() >= 0.95
