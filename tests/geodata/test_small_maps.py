"""Small maps: what must be seen of the country is, spots lie where they should, no island is lost."""

import re
from datetime import date

import pytest

from geodata.archipelagos import ARCHIPELAGOS, COUNTRY_VIEW
from geodata.models import AdministrativeUnit
from geodata.small_maps import COUNTRY, WIDTH, Spot, country_map, unit_map

HANOI = Spot(105.85, 21.03, chosen=True)


def spots(drawn: str) -> list[tuple[float, float]]:
    return [
        (float(x), float(y)) for x, y in re.findall(r'<circle class="spot[^"]*" cx="([-\d.]+)" cy="([-\d.]+)"', drawn)
    ]


def unit(level: str, code: str) -> AdministrativeUnit:
    found = AdministrativeUnit.objects.using("open").by_code(level, code)
    assert found
    return found


def test_the_whole_country_is_its_legal_box_with_both_archipelagos_drawn_and_named(world: date) -> None:
    drawn = country_map([HANOI], "Bản đồ")
    assert (COUNTRY.west, COUNTRY.south, COUNTRY.east, COUNTRY.north) == COUNTRY_VIEW
    assert drawn.count('<path class="land"') == 34
    points = [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", drawn)]
    for one in ARCHIPELAGOS:
        west, south, east, north = one.envelope.bounds
        (left, top), (right, bottom) = COUNTRY.pixel(west, north), COUNTRY.pixel(east, south)
        assert [point for point in points if left <= point[0] <= right and top <= point[1] <= bottom], one.label.en
        assert one.label.vi.partition(" (")[0] in drawn


@pytest.mark.parametrize("level,code", [("province", "01"), ("province", "48"), ("commune", "00004")])
def test_a_unit_is_framed_with_its_spots(world: date, level: str, code: str) -> None:
    drawn = unit_map(unit(level, code), [HANOI, Spot(105.8, 21.0)], "Bản đồ")
    wide, high = map(float, re.findall(r'viewBox="0 0 (\d+) (\d+)"', drawn)[0])
    assert wide == WIDTH and 0.5 * WIDTH < high <= 1.3 * WIDTH
    assert all(0 <= x <= wide and 0 <= y <= high for x, y in spots(drawn))
    assert len(spots(drawn)) == 2


def test_a_province_with_an_archipelago_names_it(world: date) -> None:
    assert "Quần đảo Hoàng Sa" in unit_map(unit("province", "48"), [], "Đà Nẵng")
    assert "Quần đảo" not in unit_map(unit("province", "01"), [], "Hà Nội")


def test_a_label_cannot_end_its_attribute(world: date) -> None:
    assert '"><b>' not in country_map([], '"><b>x')
