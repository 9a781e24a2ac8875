"""VN-2000 by the one transformation."""

import pytest
from django.contrib.gis.geos import Point
from pyproj import CRS, Geod, Transformer
from pyproj.transformer import TransformerGroup

from geodata import crs
from geodata.functions import ToCrs
from geodata.models import AdministrativeUnit
from tests.geodata.shapes import make_unit

HO_CHI_MINH_CITY = (106.70, 10.77)
THE_ONE = "VN-2000 to WGS 84 (2)"


def by_epsg_6960() -> Transformer:
    found = TransformerGroup(4756, 4326, always_xy=True).transformers
    return next(transformer for transformer in found if THE_ONE in transformer.description)


def metres_between(first: tuple[float, float], second: tuple[float, float]) -> float:
    return Geod(ellps="WGS84").inv(*first, *second)[2]


def test_it_equals_epsg_6960_in_ho_chi_minh_city():
    ours = crs.transformer(4756, 4326).transform(*HO_CHI_MINH_CITY)
    assert metres_between(ours, by_epsg_6960().transform(*HO_CHI_MINH_CITY)) < 1e-6


def test_what_proj_would_choose_there_is_half_a_metre_off_or_more():
    ours = crs.transformer(4756, 4326).transform(*HO_CHI_MINH_CITY)
    naive = Transformer.from_crs(4756, 4326, always_xy=True).transform(*HO_CHI_MINH_CITY)
    assert metres_between(ours, naive) > 0.5


@pytest.mark.parametrize("code", crs.VN2000_CODES)
def test_every_code_comes_back_to_where_it_started(code: int):
    there = crs.transformer(4326, code).transform(*HO_CHI_MINH_CITY)
    back = crs.transformer(code, 4326).transform(*there)
    assert metres_between(HO_CHI_MINH_CITY, back) < 1e-3


@pytest.mark.parametrize("code", sorted({*crs.CENTRAL_MERIDIANS, *crs.UTM_MERIDIANS}))
def test_every_zone_is_the_registrys_zone(code: int):
    ours = Transformer.from_crs(
        crs.CRS(crs.proj_text(crs.VN2000_GEOGRAPHIC)), crs.CRS(crs.proj_text(code)), always_xy=True
    )
    registry = Transformer.from_crs(4756, code, always_xy=True)
    assert ours.transform(106.5, 16.0) == pytest.approx(registry.transform(106.5, 16.0), abs=1e-3)


@pytest.mark.parametrize("code", [0, 6956, 32648, 4147])
def test_it_refuses_systems_it_does_not_know(code: int):
    with pytest.raises(crs.UnknownCrs):
        crs.proj_text(code)


def test_the_zone_table_agrees_with_the_codes():
    assert len(crs.zones()) == 63
    for zone in crs.zones():
        assert crs.CENTRAL_MERIDIANS[zone.epsg] == zone.central_meridian


def test_a_merged_province_offers_the_zones_of_its_parts():
    assert {zone.central_meridian for zone in crs.zones_of("79")} == {105.75, 107.75}
    assert crs.zones_of("99") == ()


@pytest.mark.django_db
@pytest.mark.parametrize("code", [4756, 3405, 5897, 9210, 3857])
def test_the_database_and_python_agree(code: int):
    make_unit(label_point=Point(*HO_CHI_MINH_CITY, srid=4326))
    point = AdministrativeUnit.objects.annotate(there=ToCrs("label_point", code)).get(id=99_999).there
    assert point.srid == code
    assert (point.x, point.y) == pytest.approx(crs.transformer(4326, code).transform(*HO_CHI_MINH_CITY), abs=1e-3)


@pytest.mark.parametrize(
    ("text", "code", "latitude_first"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, False),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326, False),
        ("CRS:84", 4326, False),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", 4326, True),
        ("urn:ogc:def:crs:EPSG::4326", 4326, True),
        ("urn:ogc:def:crs:EPSG:6.9:4326", 4326, True),
        ("EPSG:4326", 4326, False),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", 4326, False),
        ("urn:ogc:def:crs:EPSG::4756", 4756, True),
        ("http://www.opengis.net/def/crs/EPSG/0/3405", 3405, False),
        ("urn:ogc:def:crs:EPSG::9210", 9210, False),
        ("EPSG:3857", 3857, False),
    ],
)
def test_each_form_of_a_name_has_its_own_order_of_coordinates(text: str, code: int, latitude_first: bool) -> None:
    assert crs.read_crs(text) == crs.Crs(code, latitude_first)


@pytest.mark.parametrize(
    "text",
    ["EPSG:999999", "EPSG:abc", "EPSG:-1", "EPSG:4326 OR 1=1", "EPSG:27700", "epsg.xml#4326", "", "4326", "EPSG:٤٣٢٦",
     "+proj=longlat", "+init=epsg:4326", "urn:ogc:def:crs:EPSG::5194", "EPSG:4326\n", "http://evil.example/EPSG/0/4326"],
)  # fmt: skip
def test_any_other_name_of_a_system_is_unknown(text: str) -> None:
    with pytest.raises(crs.UnknownCrs):
        crs.read_crs(text)


def test_the_order_of_coordinates_is_that_of_epsg() -> None:
    for code in crs.OFFERED:
        first = CRS.from_epsg(code).axis_info[0].direction
        assert crs.official(code).latitude_first == (first == "north"), code
