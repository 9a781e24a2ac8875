"""The units by the reference tables: counts, kinds, names, codes that were used twice."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from geodata import reference_tables, units
from geodata.models import Kind

CROSSWALK = """\
old_commune_code,old_commune,old_district_code,old_district,old_province_code,old_province,new_commune_code,new_commune,new_province_code,new_province,coverage
00004,Phường Trúc Bạch,001,Quận Ba Đình,01,Thành phố Hà Nội,00004,Phường Ba Đình,01,Thành phố Hà Nội,full
03172,Thị Trấn Mường Chà,097,Huyện Mường Chà,11,Tỉnh Điện Biên,00004,Xã Na Sang,11,Tỉnh Điện Biên,partial
03172,Thị Trấn Mường Chà,097,Huyện Mường Chà,11,Tỉnh Điện Biên,00008,Xã Khác,11,Tỉnh Điện Biên,partial
498,Huyện Hoàng Sa,498,Huyện Hoàng Sa,48,Thành phố Đà Nẵng,20333,Đặc khu Hoàng Sa,48,Thành phố Đà Nẵng,full
"""


@pytest.fixture
def legacy(tmp_path: Path) -> units.LegacyUnits:
    path = tmp_path / "crosswalk.csv"
    path.write_text(CROSSWALK, encoding="utf-8")
    return units.LegacyUnits(path)


def test_there_are_seven_cities_and_27_provinces():
    kinds = Counter(unit.kind for unit in units.province_units())
    assert kinds == {Kind.MUNICIPALITY: 7, Kind.PROVINCE: 27}


def test_there_are_2611_communes_697_wards_and_13_special_zones():
    kinds = Counter(unit.kind for unit in units.commune_units())
    assert kinds == {Kind.COMMUNE: 2611, Kind.WARD: 697, Kind.SPECIAL_ZONE: 13}


def test_codes_keep_their_leading_zeros():
    assert all(len(unit.code) == 5 for unit in units.commune_units())
    assert all(len(unit.code) == 2 for unit in units.province_units())


def test_the_two_zones_have_vietnamese_names_in_english_too():
    names = {unit.code: unit.name_en for unit in units.commune_units()}
    assert (names["20333"], names["22736"]) == ("Hoang Sa", "Truong Sa")


def test_dong_nai_and_its_ten_wards_changed_their_kind_in_2026():
    changed = [change for change in units.kind_changes() if change.changed_on == date(2026, 4, 30)]
    assert Counter((change.old_kind, change.new_kind) for change in changed) == {
        (Kind.PROVINCE, Kind.MUNICIPALITY): 1,
        (Kind.COMMUNE, Kind.WARD): 10,
    }


def test_every_former_province_went_whole_to_one():
    changes = units.province_changes()
    assert len({change.old_id for change in changes}) == len(changes) == 63
    assert len({change.new_id for change in changes}) == 34


def test_seven_codes_name_another_province_now():
    now = {unit.code: unit.name_vi for unit in units.province_units()}
    then = {unit.code: unit.name_vi for unit in units.legacy_province_units()}
    renamed = {code for code in now if code in then and now[code] != then[code]}
    assert renamed == {"15", "24", "44", "52", "80", "82", "91"}


def test_every_commune_lies_in_a_known_province_of_both_times():
    communes = reference_tables.communes()
    assert set(communes.province_code) == set(reference_tables.provinces().code)
    assert set(communes.old_province_code) == set(reference_tables.crosswalk().old_code)


def test_old_units_get_keys_kinds_and_parents_of_their_own(legacy: units.LegacyUnits):
    town = next(unit for unit in legacy.communes() if unit.code == "03172")
    assert (town.key, town.kind, town.name_vi) == ("legacy-commune:03172", Kind.TOWNSHIP, "Mường Chà")
    assert town.parent_id == 300_097


def test_an_island_district_without_communes_stays_a_district(legacy: units.LegacyUnits):
    assert "498" not in {unit.code for unit in legacy.communes()}
    assert [change.new_id for change in legacy.changes() if change.old_id == 300_498] == [20_333]


def test_a_parted_commune_has_a_row_per_part(legacy: units.LegacyUnits):
    parts = [change for change in legacy.changes() if change.old_id == 403_172]
    assert [(change.new_id, change.coverage) for change in parts] == [(4, "partial"), (8, "partial")]
