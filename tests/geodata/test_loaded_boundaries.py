"""What is in the database after boundaries and base map were loaded, whatever their source."""

from collections import Counter
from collections.abc import Iterable

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import Count, Q

from geodata.archipelagos import ARCHIPELAGOS, ENVELOPES
from geodata.coverage_geometry import pixel_degrees
from geodata.forbidden_names import find_forbidden_in
from geodata.models import AdministrativeUnit, BaseMapFeature, UnitChange, UnitOutline

pytestmark = pytest.mark.usefixtures("world")
IN_FORCE = AdministrativeUnit.objects.in_force()


def geos(geometry: shapely.Geometry) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(geometry)), srid=4326)


def drawn(rows: Iterable[UnitOutline | BaseMapFeature]) -> list[shapely.Geometry]:
    return [shapely.from_wkb(bytes(row.geom.wkb)) for row in rows]


def scalar(sql: str, *parameters: object) -> float:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


def test_there_are_34_provinces_and_3321_communes_with_boundaries():
    whole = IN_FORCE.filter(geom__isnull=False)
    assert (whole.provinces().count(), whole.communes().count()) == (34, 3321)


def test_the_63_former_provinces_have_boundaries_and_one_successor_each():
    former = AdministrativeUnit.objects.filter(valid_to__isnull=False).provinces()
    assert former.filter(geom__isnull=False).annotate(n=Count("changes")).filter(n=1).count() == 63


def test_a_province_covers_what_its_communes_cover():
    sql = """
        SELECT max(abs(1 - parts.area / ST_Area(province.geom))) FROM geodata_administrativeunit AS province
        JOIN (SELECT parent_id, sum(ST_Area(geom)) AS area FROM geodata_administrativeunit
              WHERE level = 'commune' AND valid_to IS NULL GROUP BY parent_id) AS parts ON parts.parent_id = province.id
    """
    assert scalar(sql) < 1e-6


@pytest.mark.parametrize("archipelago", ARCHIPELAGOS, ids=lambda archipelago: archipelago.label.en)
def test_an_archipelago_belongs_to_its_zone_and_its_province(archipelago):
    envelope = geos(archipelago.envelope)
    found = IN_FORCE.filter(geom__intersects=envelope).values_list("key", flat=True)
    assert set(found) == {f"commune:{archipelago.commune_code}", f"province:{archipelago.province_code}"}


def test_every_unit_is_in_every_zoom_band():
    counts = Counter(UnitOutline.objects.values_list("max_zoom", flat=True))
    assert len(counts) >= 2
    assert set(counts.values()) == {34 + 3321}


def test_no_part_of_a_unit_is_lost_in_an_outline():
    sql = """
        SELECT count(*) FROM geodata_unitoutline AS outline JOIN geodata_administrativeunit AS unit ON unit.id = unit_id
        WHERE ST_NumGeometries(outline.geom) <> ST_NumGeometries(unit.geom) AND unit.level = 'commune'
    """
    assert scalar(sql) == 0


def test_outlines_stay_within_a_pixel_of_the_boundary():
    sql = """
        SELECT percentile_cont(0.95) WITHIN GROUP (
            ORDER BY ST_HausdorffDistance(outline.geom, unit.geom) / (360.0 / (512 * 2 ^ outline.max_zoom)))
        FROM geodata_unitoutline AS outline JOIN geodata_administrativeunit AS unit ON unit.id = unit_id
        WHERE unit.level = 'commune' AND mod(unit_id, 40) = 0 AND ST_NPoints(unit.geom) < 1000
    """
    assert scalar(sql) < 0.6


@pytest.mark.parametrize("max_zoom", [4, 6])
def test_outlines_of_a_band_have_no_gaps_between_them(max_zoom: int):
    rows = UnitOutline.objects.filter(max_zoom=max_zoom, unit__level="province")
    assert shapely.coverage_is_valid(drawn(rows))


def test_no_other_land_lies_in_the_envelopes():
    land = drawn(BaseMapFeature.objects.filter(kind="land", geom__intersects=geos(ENVELOPES)))
    assert shapely.area(shapely.intersection(land, ENVELOPES)).sum() < 1e-9


@pytest.mark.parametrize("max_zoom", [4, 6])
def test_other_land_and_provinces_neither_overlap_nor_part(max_zoom: int):
    provinces = shapely.union_all(drawn(UnitOutline.objects.filter(max_zoom=max_zoom, unit__level="province")))
    land = shapely.union_all(drawn(BaseMapFeature.objects.filter(kind="land", max_zoom=max_zoom)))
    pixel = pixel_degrees(max_zoom) ** 2
    border = shapely.MultiPoint([(103.0, 21.0), (106.0, 22.8), (105.6, 11.0)]).buffer(0.3)
    overlaps = shapely.get_parts(shapely.intersection(provinces, land))
    gaps = shapely.get_parts(shapely.difference(border, shapely.union(provinces, land)))
    assert max(shapely.area([*overlaps, *gaps]), default=0) < pixel


@pytest.mark.parametrize("zoom", range(0, 19, 3))
def test_there_is_other_land_at_every_zoom_and_only_once(zoom: int):
    china = GEOSGeometry("SRID=4326;POINT(110 24)")
    at_zoom = Q(min_zoom__lte=zoom, max_zoom__gte=zoom)
    assert BaseMapFeature.objects.filter(at_zoom, kind="land", geom__intersects=china).count() == 1


def test_the_sea_and_both_archipelagos_are_labelled_at_every_zoom():
    labels = BaseMapFeature.objects.filter(kind="label", min_zoom=0, max_zoom__gte=18)
    assert {(label.name_vi, label.name_en) for label in labels} == {
        ("Biển Đông", "East Sea"),
        *((archipelago.label.vi, archipelago.label.en) for archipelago in ARCHIPELAGOS),
    }


def test_no_name_is_forbidden():
    names = [*AdministrativeUnit.objects.in_force().values_list("name_vi", flat=True)]
    names += AdministrativeUnit.objects.values_list("name_en", flat=True)
    names += BaseMapFeature.objects.values_list("name_vi", flat=True)
    names += BaseMapFeature.objects.values_list("name_en", flat=True)
    assert find_forbidden_in(names) == {}


def test_nothing_but_our_labels_has_a_name_in_the_envelopes():
    named = BaseMapFeature.objects.exclude(name_vi="").exclude(kind="label")
    assert not named.filter(geom__intersects=geos(ENVELOPES)).exists()


def test_every_change_leads_to_a_unit_in_force():
    assert not UnitChange.objects.filter(Q(new__valid_to__isnull=False) | Q(old__valid_to__isnull=True)).exists()
