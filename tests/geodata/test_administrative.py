"""From a point to its commune, from an abolished unit to its successors."""

import pytest

from geodata.administrative import commune_at, communes_at, successors
from geodata.models import AdministrativeUnit

pytestmark = pytest.mark.usefixtures("world")
SEA = (112.5, 13.5)
LAOS = (102.6, 18.5)


def inner_points(count: int) -> list[AdministrativeUnit]:
    return list(AdministrativeUnit.objects.in_force().communes()[:count])


def test_a_commune_holds_its_label_point():
    for unit in inner_points(20):
        assert commune_at(unit.label_point.x, unit.label_point.y) == unit


@pytest.mark.parametrize("place", [SEA, LAOS])
def test_there_is_no_commune_at_sea_and_abroad(place: tuple[float, float]):
    assert commune_at(*place) is None


def test_many_points_come_back_in_their_order():
    units = inner_points(50)
    points = [(unit.label_point.x, unit.label_point.y) for unit in units]
    assert communes_at([*points, SEA, points[0]]) == [*(unit.id for unit in units), None, units[0].id]


def test_no_points_give_no_communes():
    assert communes_at([]) == []


def test_a_point_just_off_the_coast_reaches_the_nearest_commune():
    off_con_co = (107.3397, 17.20)
    assert communes_at([off_con_co]) == [None]
    assert communes_at([off_con_co, SEA], reach_m=6000) == [19_742, None]


def test_a_former_province_leads_to_the_one_that_took_it_over():
    yen_bai = AdministrativeUnit.objects.get(key="legacy:15")
    assert [(found.unit.name_vi, found.whole) for found in successors(yen_bai)] == [("Lào Cai", True)]


def test_a_unit_in_force_is_its_own_successor():
    hanoi = AdministrativeUnit.objects.get(key="province:01")
    assert [found.unit for found in successors(hanoi)] == [hanoi]
