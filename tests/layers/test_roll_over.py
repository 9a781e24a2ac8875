"""Moving the day of the map moves every count as SQL says, and nothing else does."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client

from layers.models import MapDay, MeasuringDevice
from layers.registers.device_status import DEVICE_STATUSES, standing_dates_differ
from layers.registers.roll_over import roll_over, stand_on
from tests.layers.oracle import expected


@pytest.fixture
def movable(world: date) -> Iterator[date]:
    """The map's day, put back behind the test."""
    yield world
    stand_on(world)


def by_status(client: Client, layer: str) -> dict[str, int]:
    values = client.get(f"/api/v1/{layer}/facets/?only=status").json()["facets"]["status"]
    return {value["code"]: value["count"] for value in values}


def test_a_month_end_moves_devices_to_overdue_as_sql_says(client: Client, movable: date) -> None:
    before = by_status(client, "measuring_devices")
    end = date(movable.year, movable.month, 30)
    assert roll_over(end + timedelta(days=1)) == (end - movable).days + 1
    after = by_status(client, "measuring_devices")
    new_day = end + timedelta(days=1)
    assert MapDay.objects.get().day == new_day
    wanted = {code: expected("measuring_devices", {"status": code}, new_day) for code in DEVICE_STATUSES.codes()}
    assert after == wanted
    assert after["overdue"] > before["overdue"]


def test_counts_by_commune_move_in_the_same_step(client: Client, movable: date) -> None:
    before = by_status(client, "device_counts")
    roll_over(movable + timedelta(days=9))
    after = by_status(client, "device_counts")
    assert after != before
    assert after == {code: expected("device_counts", {"status": code}, movable) for code in after}


def test_rolling_over_twice_moves_nothing_the_second_time(movable: date) -> None:
    assert roll_over(movable + timedelta(days=2)) == 2
    assert roll_over(movable + timedelta(days=2)) == 0
    assert roll_over(movable) == 0


@pytest.mark.django_db
def test_a_map_that_never_stood_on_a_day_is_put_on_it(world: date) -> None:
    MapDay.objects.all().delete()
    assert roll_over(world) == 0
    assert MapDay.objects.get().day == world


def test_an_earlier_day_is_answered_without_moving_the_map(client: Client, world: date) -> None:
    for back in (1, 40, 200):
        on = (world - timedelta(days=back)).isoformat()
        for status in ("valid", "overdue", "in_repair"):
            asked = {"on": on, "status": status}
            found = client.get("/api/v1/measuring_devices/", {**asked, "limit": "1"}).json()["numberMatched"]
            assert found == expected("measuring_devices", asked, world)


def test_the_dates_on_each_device_repeat_its_verifications(world: date) -> None:
    assert not standing_dates_differ(MeasuringDevice.objects.all(), world).exists()
