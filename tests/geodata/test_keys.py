"""Keys and ids of units."""

import pytest

from geodata.keys import COMMUNE, PROVINCE, is_code, unit_id, unit_key
from geodata.units import commune_units, legacy_province_units, province_units


@pytest.mark.parametrize(
    ("key", "expected"),
    [("commune:00004", 4), ("province:01", 100_001), ("legacy:27", 200_027), ("legacy-district:001", 300_001)],
)
def test_an_id_follows_from_the_key(key: str, expected: int):
    assert unit_id(key) == expected


@pytest.mark.parametrize("key", ["", "commune", "commune:", "village:00001", "commune:-1", "commune:١", "commune:1 "])
def test_it_rejects_what_is_no_key(key: str):
    with pytest.raises(ValueError, match="not a unit key"):
        unit_id(key)


def test_every_unit_in_force_has_a_code_of_the_form_of_its_level():
    assert all(is_code(PROVINCE, unit.code) for unit in province_units())
    assert all(is_code(COMMUNE, unit.code) for unit in commune_units())


@pytest.mark.parametrize("code", ["", "1", "001", "0a", " 1", "01\n", "-1", "٠١", "²²"])
def test_what_has_not_two_digits_is_no_code_of_a_province(code: str):
    assert not is_code(PROVINCE, code)


def test_no_two_units_share_an_id():
    units = [*province_units(), *commune_units(), *legacy_province_units()]
    assert len({unit.id for unit in units}) == len(units) == 34 + 3321 + 63


def test_reused_codes_have_keys_of_their_own():
    assert unit_id(unit_key("province", "15")) != unit_id(unit_key("legacy", "15"))
