"""What the database itself refuses."""

from datetime import date

import pytest
from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import IntegrityError

from geodata.models import AdministrativeUnit, BaseMapFeature
from tests.geodata.shapes import SQUARE, make_unit

pytestmark = pytest.mark.django_db
BOW_TIE = GEOSGeometry("SRID=4326;MULTIPOLYGON(((106 10,107 11,107 10,106 11,106 10)))")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "municipality"},
        {"level": "village"},
        {"region": "far_south"},
        {"valid_to": date(2025, 7, 1)},
        {"geom": BOW_TIE, "label_point": Point(106.2, 10.5, srid=4326)},
        {"geom": SQUARE, "label_point": Point(108, 10.5, srid=4326)},
        {"label_point": None},
    ],
    ids=["kind", "level", "region", "dates", "invalid geometry", "label outside", "no label"],
)
def test_it_refuses_a_unit_with_a_wrong(wrong: dict):
    with pytest.raises(IntegrityError):
        make_unit(**wrong)


def test_a_code_is_unique_among_units_in_force_of_a_level():
    make_unit()
    with pytest.raises(IntegrityError):
        make_unit(id=99_998, key="commune:99998")


def test_a_code_may_come_back_after_its_unit_ended():
    make_unit(valid_from=date(1990, 1, 1), valid_to=date(2025, 7, 1))
    make_unit(id=99_998, key="commune:99998")
    found = AdministrativeUnit.objects.by_code("commune", "99999", day=date(2025, 6, 30))
    assert found is not None and found.id == 99_999
    assert AdministrativeUnit.objects.by_code("commune", "99999").id == 99_998


def test_the_end_date_is_the_first_day_without_the_unit():
    make_unit(valid_from=date(1990, 1, 1), valid_to=date(2025, 7, 1))
    units = AdministrativeUnit.objects.filter(id=99_999)
    assert units.in_force(date(2025, 6, 30)).exists()
    assert not units.in_force(date(2025, 7, 1)).exists()


def test_it_refuses_a_base_map_feature_with_crossed_zooms():
    with pytest.raises(IntegrityError):
        BaseMapFeature.objects.create(kind="label", min_zoom=9, max_zoom=8, geom=Point(106, 10, srid=4326))
