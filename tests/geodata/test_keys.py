"""Keys and ids of units."""

import pytest

from geodata.keys import unit_id, unit_key
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


def test_no_two_units_share_an_id():
    units = [*province_units(), *commune_units(), *legacy_province_units()]
    assert len({unit.id for unit in units}) == len(units) == 34 + 3321 + 63


def test_reused_codes_have_keys_of_their_own():
    assert unit_id(unit_key("province", "15")) != unit_id(unit_key("legacy", "15"))
