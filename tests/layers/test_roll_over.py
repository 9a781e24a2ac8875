"""Moving the day of the map moves every count as SQL says, and nothing else does."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime, timedelta

import psycopg2
import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from psycopg2.extensions import connection as Connection

from layers import tasks
from layers.models import MapDay, MeasuringDevice
from layers.pyramid import turning
from layers.pyramid.turning import DayHeld
from layers.registers.device_status import DEVICE_STATUSES, standing_dates_differ
from layers.registers.roll_over import roll_over, stand_on
from layers.tasks import roll_over_daily
from tests.layers.oracle import expected


@pytest.fixture
def movable(world: date) -> Iterator[date]:
    """The map's day, put back behind the test."""
    yield world
    stand_on(world)
    DBTaskResult.objects.all().delete()


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


def test_two_roll_overs_at_once_move_each_day_once(movable: date) -> None:
    def run(_: int) -> int:
        try:
            return roll_over(movable + timedelta(days=3))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, range(3))) == 3
    assert MapDay.objects.get().day == movable + timedelta(days=3)


@pytest.fixture
def long_import(movable: date) -> Iterator[Connection]:
    """A transaction that has written a device and is not through."""
    with closing(_connect()) as own, own.cursor() as cursor:
        cursor.execute(WRITE, [0])
        yield own


WRITE = (
    "UPDATE layers_measuringdevice SET valid_until = valid_until + 1 WHERE id ="
    " (SELECT id FROM layers_measuringdevice WHERE publish_state = 'approved_public' ORDER BY id OFFSET %s LIMIT 1)"
)


def test_a_long_import_at_midnight_holds_the_map_for_a_minute_at_a_time(
    long_import: Connection, movable: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = movable + timedelta(days=1)
    monkeypatch.setattr(tasks, "today", lambda: tomorrow)
    monkeypatch.setattr(turning, "TRIES", 1)
    with pytest.raises(DayHeld):
        roll_over_daily.call()
    assert MapDay.objects.get().day == movable
    assert _booked() - timezone.now() <= timedelta(minutes=1)
    long_import.rollback()
    assert roll_over_daily.call() == 1
    assert MapDay.objects.get().day == tomorrow
    assert _booked().astimezone(timezone.get_current_timezone()).date() == tomorrow + timedelta(days=1)


def test_other_writers_are_soon_through_while_a_roll_over_waits_for_a_long_import(
    long_import: Connection, movable: date
) -> None:
    """They queue behind whoever waits for the day alone; the try ends long before they would give up."""

    def wait_for_the_day() -> None:
        try:
            with pytest.raises(DayHeld):
                roll_over(movable + timedelta(days=1))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, closing(_connect()) as other, other.cursor() as cursor:
        waiting = pool.submit(wait_for_the_day)
        while not waiting.done():
            begun = time.monotonic()
            cursor.execute(WRITE, [1])
            other.rollback()
            assert time.monotonic() - begun < 2
        waiting.result()


def _booked() -> datetime:
    """The moment for which the next roll-over is booked."""
    return DBTaskResult.objects.get(task_path=roll_over_daily.module_path, status="READY").run_after


def _connect() -> Connection:
    told = connections["default"].settings_dict
    names = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    return psycopg2.connect(dbname=told["NAME"], **names)


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
