"""The pyramid says what the rows say: whatever is written, in whatever order, at every zoom, under any filter."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from io import StringIO
from math import asinh, pi, radians, tan
from urllib.parse import urlencode

import mapbox_vector_tile
import pytest
from django.db import connection, connections, transaction
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.filters import parse
from layers.models import MapDay
from layers.pyramid import folding
from layers.pyramid import reading as pyramid
from layers.pyramid.folding import fold
from layers.pyramid.shape import difference_tables, groupings
from layers.registers.device_status import DEVICE_STATUSES
from layers.registers.roll_over import stand_on
from layers.registry import get
from tests.layers.oracle import expected
from tiles.mvt import make_tile, points
from tiles.tile import Tile

LAYER = "measuring_devices"
TABLE = "layers_measuringdevice"
# Towns, a point that many share, the corners of the grid, a pole, both sides of a tile's edge.
SPOTS = ((105.85, 21.03), (106.7, 10.77), (106.7, 10.77), (108.2, 16.05), (0.0, 0.0), (-180.0, 85.05), (180.0, -85.05))
SPOTS += ((105.0, 90.0), (112.5, 11.178401873711785), (112.49999999999999, 11.178401873711794), (111.97, 8.64))
TYPES, GROUPS = (1, 12, 24, 95), ("1", "2")
STATES = ("approved_public", "approved_public", "approved_public", "internal", "withdrawn")

Write = Callable[[random.Random], None]


@pytest.fixture
def one_connection(db: None, world: date, monkeypatch: pytest.MonkeyPatch) -> Iterator[date]:
    """Readers read in the test's own transaction, which is taken back behind it."""
    kept = connections["open"]
    connections["open"] = connections["default"]
    monkeypatch.setattr(points, "BUDGET", 3)
    monkeypatch.setattr(folding, "AT_ONCE", 7)  # cuts between the differences of one sum
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 0")
    yield world
    connections["open"] = kept


def _execute(sql: str, values: object = None) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def _row(chance: random.Random, number: int, day: date) -> tuple:
    """One device: any place, any state, any dates near the day on which statuses turn."""

    def dated(share: float = 0.3) -> date | None:
        return (
            day + timedelta(days=chance.choice((-400, -31, -1, 0, 1, 29, 30, 31, 32)))
            if chance.random() < share
            else None
        )

    lon, lat = chance.choice(SPOTS)
    if chance.random() < 0.5:
        lon, lat = lon + chance.uniform(-0.02, 0.02), lat + chance.uniform(-0.02, 0.02)
    verified = day - timedelta(days=chance.choice((1, 40, 500)))
    until = chance.choice((None, verified + timedelta(days=chance.choice((1, 39, 40, 41, 69, 70, 71, 530)))))
    voided = dated(0.1)
    commune, province = chance.choice(_communes())
    return (
        *("test-pyramid", str(number), chance.choice(STATES), chance.choice(GROUPS)),
        *(f"SRID=4326;POINT({lon} {lat})", commune, province, chance.choice(TYPES), chance.random() < 0.1, dated()),
        *(verified if until or chance.random() < 0.5 else None, until, voided, "defective" if voided else ""),
        *(dated(0.1), dated(0.1)),
    )


COLUMNS = (
    "source_system, source_id, publish_state, device_group, geom, commune_id, province_id, device_type_id, no_periodic,"
    " put_into_use_on, verified_on, valid_until, voided_on, void_reason, repaired_on, taken_out_on"
)


def _communes() -> list[tuple[int, int]]:
    return _execute(
        "SELECT id, parent_id FROM geodata_administrativeunit WHERE level = 'commune' AND valid_to IS NULL"
        " ORDER BY id LIMIT 4"
    )


def _rows(chance: random.Random) -> list[tuple]:
    first = _execute(f"SELECT coalesce(max(id), 0) FROM {TABLE}")[0][0]
    day = MapDay.objects.get().day
    return [_row(chance, first + n + chance.randrange(10**9), day) for n in range(chance.choice((1, 2, 30)))]


def insert(chance: random.Random) -> None:
    rows = _rows(chance)
    marks = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        text = ", ".join(cursor.mogrify(f"({marks}, now())", row).decode() for row in rows)
    _execute(f"INSERT INTO {TABLE} ({COLUMNS}, published_at) VALUES {text}")


def copy(chance: random.Random) -> None:
    lines = "".join(
        "\t".join("\\N" if v is None else str(v) for v in (*row, "2026-01-01")) + "\n" for row in _rows(chance)
    )
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {TABLE} ({COLUMNS}, published_at) FROM STDIN", StringIO(lines))


def move(chance: random.Random) -> None:
    lon, lat = chance.choice(SPOTS)
    _execute(
        f"UPDATE {TABLE} SET geom = ST_SetSRID(ST_MakePoint(%s, %s), 4326) WHERE id %% 3 = %s",
        [lon, lat, chance.randrange(3)],
    )


def publish(chance: random.Random) -> None:
    _execute(f"UPDATE {TABLE} SET publish_state = %s WHERE id %% 4 = %s", [chance.choice(STATES), chance.randrange(4)])


def verify(chance: random.Random) -> None:
    day = MapDay.objects.get().day
    until = day + timedelta(days=chance.choice((-1, 0, 30, 31)))
    _execute(
        f"UPDATE {TABLE} SET verified_on = %s, valid_until = %s, device_type_id = %s WHERE id %% 5 = %s",
        [day - timedelta(days=90), until, chance.choice(TYPES), chance.randrange(5)],
    )


def delete(chance: random.Random) -> None:
    _execute(f"DELETE FROM {TABLE} WHERE id %% 3 = %s", [chance.randrange(3)])


def truncate(chance: random.Random) -> None:
    _execute(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {TABLE} CASCADE; SET CONSTRAINTS ALL DEFERRED")


def take_back(chance: random.Random) -> None:
    """Several writes that end in a rollback."""
    with suppress(ZeroDivisionError), transaction.atomic():
        for write in chance.sample(WRITES, 3):
            write(chance)
        raise ZeroDivisionError


def fold_in(chance: random.Random) -> None:
    fold(get(LAYER))


def roll_over(chance: random.Random) -> None:
    stand_on(MapDay.objects.get().day + timedelta(days=chance.choice((1, 1, 1, 30))))


WRITES: tuple[Write, ...] = (insert, copy, move, publish, verify, delete)
STEPS = (*WRITES, *WRITES, insert, copy, truncate, take_back, fold_in, fold_in, roll_over, roll_over)


def _question(chance: random.Random) -> dict[str, str]:
    """Any combination of the filters whose counts are exact, several values each."""
    communes = _execute(
        "SELECT c.code, p.code FROM geodata_administrativeunit c"
        " JOIN geodata_administrativeunit p ON p.id = c.parent_id WHERE c.id = ANY(%s) ORDER BY c.id",
        [[commune for commune, _ in _communes()]],
    )
    types = dict(_execute("SELECT id, code FROM layers_devicetype"))
    makers = {
        "status": lambda: chance.sample(DEVICE_STATUSES.codes(), chance.choice((1, 3))),
        "device_type": lambda: [types[number] for number in chance.sample(TYPES, chance.choice((1, 2)))],
        "device_group": lambda: [chance.choice(GROUPS)],
        "province": lambda: [communes[0][1]],
        "commune": lambda: [code for code, _ in chance.sample(communes, chance.choice((1, 2)))],
    }
    names = chance.sample(sorted(makers), chance.choice((0, 1, 1, 2, 3)))
    return {name: ",".join(makers[name]()) for name in names}


def _occupied(zoom: int) -> set[Tile]:
    """The tiles of a zoom in which any row lies, by Python's own arithmetic."""
    across = 2**zoom
    return {
        Tile(
            zoom,
            _inside((lon + 180) / 360, across),
            _inside(0.5 - asinh(tan(radians(max(-89.9, min(89.9, lat))))) / 2 / pi, across),
        )
        for lon, lat in _execute(f"SELECT DISTINCT ST_X(geom), ST_Y(geom) FROM {TABLE} WHERE geom IS NOT NULL")
    }


def _inside(world: float, across: int) -> int:
    """The column or row; beside an edge the neighbours as well would do, but positions here are never that close."""
    return min(max(int(world * across // 1), 0), across - 1)


def _neighbours(tiles: set[Tile]) -> set[Tile]:
    """Those tiles and the ones around: Python's logarithm may differ from the database's by the last bit."""
    return {
        Tile(t.z, t.x + i, t.y + j)
        for t in tiles
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        if 0 <= t.x + i < t.across and 0 <= t.y + j < t.across
    }


def _features(asked: dict[str, str], zoom: int) -> list[dict]:
    query = parse(get(LAYER), QueryDict(urlencode(asked)))
    found = []
    for tile in _neighbours(_occupied(zoom)):
        body = make_tile(get(LAYER), tile, query)
        if body:
            found += mapbox_vector_tile.decode(body)[LAYER]["features"]
    return [one["properties"] | {"id": one["id"]} for one in found]


def _agree(chance: random.Random) -> None:
    """The tiles of a zoom add up to what plain SQL counts, in all and by status; single rows are who they say."""
    asked, zoom = _question(chance), chance.randrange(14)
    day = MapDay.objects.get().day
    found = _features(asked, zoom)
    assert sum(one.get("count", 1) for one in found) == expected(LAYER, asked, day), (asked, zoom)
    status = chance.choice(DEVICE_STATUSES.codes())
    if "status" not in asked:
        shown = sum(one.get(f"n_{status}", 0) if "count" in one else one["status"] == status for one in found)
        assert shown == expected(LAYER, {**asked, "status": status}, day), (asked, status, zoom)
    for one in found:
        if "count" in one:
            assert one["count"] > 1 and (one.get("place") == 1) != ("expansion_zoom" in one)
            assert one.get("expansion_zoom", 99) > zoom
    single = [one["id"] for one in found if "count" not in one]
    assert len(set(single)) == len(single)
    assert _execute(f"SELECT count(*) FROM {TABLE} WHERE id = ANY(%s)", [single]) == [(len(single),)]


def _agree_in_numbers(chance: random.Random) -> None:
    """So do the numbers beside each value of a filter, and the number of all; each has tables of its own."""
    asked, day, layer = _question(chance), MapDay.objects.get().day, get(LAYER)
    query = parse(layer, QueryDict(urlencode(asked)))
    assert pyramid.count(layer, query) == expected(LAYER, asked, day), asked
    name = chance.choice(("province", "commune", "commune", "status", "device_type", "device_group"))
    others = {key: value for key, value in asked.items() if key != name}
    found = pyramid.tally(layer, query.without(name), name)
    for code in [*found][:3]:
        assert found[code] == expected(LAYER, {**others, name: code}, day), (others, name, code)
    assert sum(found.values()) == expected(LAYER, others, day), (others, name)


def _compact() -> None:
    """After a fold no difference is left, and no sum of no rows."""
    fold(get(LAYER))
    for table in difference_tables(get(LAYER)):
        assert _execute(f'SELECT count(*) FROM "{table}"') == [(0,)]
    for grouping in groupings(get(LAYER)):
        assert _execute(f'SELECT count(*) FROM "{grouping.table}" WHERE n <= 0') == [(0,)]


def _run(seed: int, steps: list[Write]) -> None:
    chance = random.Random(seed)
    with suppress(ZeroDivisionError), transaction.atomic():
        truncate(chance)
        for step in steps:
            step(chance)
            _agree(chance)
            _agree_in_numbers(chance)
        _compact()
        _agree(chance)
        _agree_in_numbers(chance)
        raise ZeroDivisionError  # back to where it began, for the next example


def _alike(examples: int) -> Callable:
    return settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )


@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=12))
@_alike(15)
def test_tiles_say_what_sql_says_whatever_is_written(one_connection: date, seed: int, steps: list[Write]) -> None:
    _run(seed, steps)


@pytest.mark.soak
@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(STEPS), min_size=6, max_size=30))
@_alike(1000)
def test_tiles_say_what_sql_says_a_thousand_times(one_connection: date, seed: int, steps: list[Write]) -> None:
    _run(seed, steps)
