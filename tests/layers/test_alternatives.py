"""Others near by that do the same: of other organisations, by what is in force and permitted, however crowded it is."""

import pytest

from layers import alternatives as module
from layers.alternatives import Alternative, alternatives
from layers.models import DeviceType, PlaceOfActivity, Scheme, Standard
from layers.query import FeatureQuery, reading
from layers.registry import get
from tests.conftest import DAY
from tests.mapapp.record_rows import a_fact, a_laboratory, a_place, days, line_at
from tests.services.verify_rows import Save

HERE = (105.123, 19.456)


def found(place: PlaceOfActivity) -> list[Alternative]:
    with reading(None, "record"):
        return alternatives(get("laboratories"), FeatureQuery(day=DAY), place.pk, lon=HERE[0], lat=HERE[1])


def here(save: Save) -> PlaceOfActivity:
    """A place of an organisation of its own at HERE."""
    return a_place(save, a_laboratory(save).organisation, geom=f"SRID=4326;POINT({HERE[0]} {HERE[1]})")


def verifying(save: Save, place: PlaceOfActivity, number: str, kind: str = "designation", **values: object) -> None:
    """A line of the place that names the verification of truck scales."""
    assessed = {"scheme": Scheme.objects.get(code="VILAS"), "standard": Standard.objects.get(code="iso_iec_17025")}
    fact = a_fact(save, place, number, kind=kind, **(assessed if kind == "accreditation" else {}))
    scale = DeviceType.objects.get(code="truck_scale")
    line_at(save, place, fact, "Cân ô tô", activity="device_verification", device_type=scale, **values)


def test_those_who_may_not_verify_do_not_crowd_out_those_who_may(
    committed: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOKED_AT", 2)
    place = here(committed)
    verifying(committed, place, "QĐ 30/A")
    neighbours = [here(committed) for _ in range(3)]
    for number, one in enumerate(neighbours):
        verifying(committed, one, f"VILAS 93{number}", "accreditation")
    others = found(place)
    assert others and {one.id for one in others}.isdisjoint(one.pk for one in neighbours)


def test_the_organisation_s_own_places_do_not_crowd_out_others(
    committed: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOKED_AT", 2)
    place = here(committed)
    own = [a_place(committed, place.organisation, geom=place.geom) for _ in range(3)]
    for number, one in enumerate([place, *own]):
        verifying(committed, one, f"QĐ 31/{number}")
    others = found(place)
    assert others and {one.id for one in others}.isdisjoint(one.pk for one in [place, *own])


@pytest.mark.parametrize("stop", [{"suspended_from": days(0)}, {"withdrawn_on": days(0)}, {"valid_until": days(-1)}])
def test_who_may_do_it_no_more_is_no_alternative(committed: Save, stop: dict) -> None:
    place, neighbour = here(committed), here(committed)
    verifying(committed, place, "QĐ 32/A")
    verifying(committed, neighbour, "QĐ 32/B", **stop)
    assert neighbour.pk not in {one.id for one in found(place)}


def test_on_its_last_day_one_is_still_an_alternative(committed: Save) -> None:
    place, neighbour = here(committed), here(committed)
    verifying(committed, place, "QĐ 33/A")
    verifying(committed, neighbour, "QĐ 33/B", valid_until=days(0))
    assert neighbour.pk in {one.id for one in found(place)}
