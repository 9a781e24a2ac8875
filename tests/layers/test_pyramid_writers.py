"""Many write at once: nobody waits for anybody because of the pyramid, and every reader sees sums that are right."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial

import psycopg2
import pytest
from django.db import connection, connections

from layers.counting import count
from layers.pyramid import reading as pyramid
from layers.pyramid.folding import fold
from layers.pyramid.reading import serves
from layers.pyramid.shape import difference_tables
from layers.query import FeatureQuery, map_day, matching, reading
from layers.registers.roll_over import roll_over, stand_on
from layers.registry import get

LAYER = "measuring_devices"
TABLE = "layers_measuringdevice"
OWN = "test-writers"
WRITERS = 8
PATIENCE_MS = 500
STATUSES = (("overdue",), ("due_soon", "valid"), ("void",))
# Half of what is written lies where the others write too: in the same cells at every level.
INSERT = f"""
INSERT INTO {TABLE} (source_system, source_id, publish_state, published_at, device_group, geom, commune_id, province_id,
    device_type_id, verified_on, valid_until)
SELECT '{OWN}', %(writer)s || '-' || gen_random_uuid(), 'approved_public', now(), '2',
       ST_SetSRID(ST_MakePoint(105.8 + random() * %(spread)s, 21.0 + random() * %(spread)s), 4326), unit.id,
       unit.parent_id, 1 + floor(random() * 5)::integer, %(day)s::date - 90, %(day)s::date + %(until)s
FROM generate_series(1, %(rows)s),
     (SELECT id, parent_id FROM geodata_administrativeunit WHERE level = 'commune' AND valid_to IS NULL LIMIT 1) AS unit
"""
MINE = f"source_system = '{OWN}' AND source_id LIKE %(writer)s || '-%%'"
CHANGES = (
    INSERT,
    INSERT,
    f"UPDATE {TABLE} SET geom = ST_Translate(geom, 0.3 * random(), 0) WHERE {MINE} AND id %% 3 = %(third)s",
    f"UPDATE {TABLE} SET valid_until = %(day)s::date + %(until)s WHERE {MINE} AND id %% 3 = %(third)s",
    f"UPDATE {TABLE} SET publish_state = 'internal' WHERE {MINE} AND id %% 7 = %(third)s",
    f"DELETE FROM {TABLE} WHERE {MINE} AND id %% 5 = %(third)s",
)


@pytest.fixture
def swept(world: date) -> Iterator[date]:
    """The map's day; what writers leave is taken away behind the test, and the map put back on the day."""
    yield world
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE source_system = %s", [OWN])
    stand_on(world)
    fold(get(LAYER))


def connect(*, patience_ms: int = PATIENCE_MS):  # type: ignore[no-untyped-def]
    """A connection of its own, which gives up where it would wait longer for a lock."""
    told = connections["default"].settings_dict
    names = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    return psycopg2.connect(dbname=told["NAME"], options=f"-c lock_timeout={patience_ms}", **names)


def write(number: int, day: date, goes_on: Callable[[], bool], *, patience_ms: int = PATIENCE_MS) -> int:
    """Transactions of one writer, a third of them taken back; gives how many. Raises where one waits for a lock.

    Some stay open for longer than anybody's patience: who needs what they hold gives up. Waits that have nothing to do
    with what a transaction holds, as for a new page of a table on a busy machine, are far shorter.
    """
    chance, made = random.Random(number), 0
    with connect(patience_ms=patience_ms) as own, own.cursor() as cursor:
        while goes_on():
            for _ in range(chance.choice((1, 2, 4))):
                values = {"writer": str(number), "day": day, "third": chance.randrange(3)}
                values |= {"until": chance.choice((-1, 0, 20, 400)), "rows": chance.choice((1, 1, 20))}
                cursor.execute(chance.choice(CHANGES), values | {"spread": chance.choice((0.001, 2.0))})
            if chance.random() < 0.02:
                time.sleep(1.5 * PATIENCE_MS / 1000)
            own.rollback() if chance.random() < 0.3 else own.commit()
            made += 1
    return made


def together(seconds: float, *others: Callable[[Callable[[], bool]], int]) -> list[int]:
    """Runs all of them for so long; gives what each returns. Raises what any of them raised."""
    ends = time.monotonic() + seconds
    broken = threading.Event()

    def watched(work: Callable[[Callable[[], bool]], int]) -> int:
        try:
            return work(lambda: time.monotonic() < ends and not broken.is_set())
        except BaseException:
            broken.set()
            raise
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(others)) as pool:
        return [done.result() for done in [pool.submit(watched, work) for work in others]]


def writers(day: date) -> list[Callable[[Callable[[], bool]], int]]:
    return [partial(write, number, day) for number in range(WRITERS)]


def read(goes_on: Callable[[], bool]) -> int:
    """Counts by the pyramid and row by row in one snapshot, again and again; gives how often."""
    made, layer = 0, get(LAYER)
    while goes_on():
        with reading(None, "count"):
            for statuses in STATUSES:
                query = FeatureQuery(day=map_day("open"), values={"status": statuses})
                assert serves(layer, query, None)
                assert pyramid.count(layer, query) == matching(layer, query).count()
        made += 1
    return made


def fold_again(goes_on: Callable[[], bool]) -> int:
    folded = 0
    while goes_on():
        folded += fold(get(LAYER))
        time.sleep(0.05)
    return folded


def vacuum_again(goes_on: Callable[[], bool]) -> int:
    """Does what the database does by itself once in a while, all the time: writers must not notice."""
    made = 0
    while goes_on():
        with connection.cursor() as cursor:
            for table in ("tile_changes", *difference_tables(get(LAYER))):
                cursor.execute(f'VACUUM "{table}"')
        made += 1
        time.sleep(0.1)
    return made


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def _write_together(day: date, seconds: float) -> None:
    """Writers give up where they wait for what another's transaction holds: any such wait ends the test."""
    before = deadlocks()
    *made, counted, folded, vacuumed = together(seconds, *writers(day), read, fold_again, vacuum_again)
    assert all(made) and counted and folded and vacuumed
    assert deadlocks() == before
    layer = get(LAYER)
    for statuses in STATUSES:
        query = FeatureQuery(day=day, values={"status": statuses})
        assert count(layer, query) == matching(layer, query).count()


def test_eight_writers_neither_wait_nor_deadlock_and_readers_see_right_sums(swept: date) -> None:
    _write_together(swept, 4)


@pytest.mark.soak
def test_eight_writers_for_a_minute(swept: date) -> None:
    _write_together(swept, 60)


def test_the_day_moves_between_writers_and_every_sum_stays_right(swept: date) -> None:
    """Writers wait for the roll-over alone, never long; what they add is counted as of the day that they commit in."""

    def turn(goes_on: Callable[[], bool]) -> int:
        day = swept
        while goes_on():
            day += timedelta(days=1)
            roll_over(day)
            time.sleep(0.3)
        return (day - swept).days

    patient = [partial(write, number, swept, patience_ms=5000) for number in range(4)]
    *made, moved, _ = together(4, *patient, turn, read)
    assert all(made) and moved
    query = FeatureQuery(day=map_day("open"), values={"status": ("overdue",)})
    assert count(get(LAYER), query) == matching(get(LAYER), query).count()


@pytest.fixture
def stranger(swept: date) -> Iterator[str]:
    """A role that may read and write the register of devices and nothing that is derived from it."""
    role = connections["open"].settings_dict["USER"]
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE}, geodata_administrativeunit TO "{role}"')
        yield role
        cursor.execute(f'REVOKE ALL ON {TABLE}, geodata_administrativeunit FROM "{role}"')


def test_who_may_only_write_devices_has_them_summed(stranger: str, swept: date) -> None:
    told = connections["open"].settings_dict
    names = {"host": told["HOST"], "port": told["PORT"], "user": stranger, "password": told["PASSWORD"]}
    query = FeatureQuery(day=swept, values={"status": ("overdue",)})
    before = count(get(LAYER), query)
    with psycopg2.connect(dbname=told["NAME"], **names) as own, own.cursor() as cursor:
        cursor.execute(INSERT, {"writer": "9", "day": swept, "until": -1, "rows": 3, "spread": 1.0})
        cursor.execute(f"DELETE FROM {TABLE} WHERE id = (SELECT max(id) FROM {TABLE} WHERE source_system = %s)", [OWN])
    assert count(get(LAYER), query) == matching(get(LAYER), query).count() == before + 2


def test_what_writes_sums_hangs_on_no_table_of_others(stranger: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), bool_or(has_function_privilege(%s, oid, 'EXECUTE')) FROM pg_proc"
            " WHERE prosecdef AND (proname LIKE 'pyramid%%' OR proname LIKE 'tile_changes%%')",
            [stranger],
        )
        found, allowed = cursor.fetchone()
    assert found > 8 and not allowed


def test_a_writer_on_an_old_snapshot_is_refused_rather_than_counted_on_a_day_that_is_gone(swept: date) -> None:
    with connect() as old, old.cursor() as cursor:
        old.set_session(isolation_level="REPEATABLE READ")
        cursor.execute("SELECT day FROM layers_mapday")
        roll_over(swept + timedelta(days=1))
        with pytest.raises(psycopg2.errors.SerializationFailure):
            cursor.execute(INSERT, {"writer": "9", "day": swept, "until": 0, "rows": 1, "spread": 1.0})
        old.rollback()
