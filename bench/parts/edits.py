"""Freshness: after each of many random edits the very next answer is right, and tiles of other blocks stay stored."""

import random
from collections import Counter
from dataclasses import dataclass, replace
from math import log, pi, radians, tan
from typing import Any

from bench import database, figures
from bench.client import Answer, Client
from bench.content import content
from bench.figures import Figure
from bench.places import LAYER, SEED, TABLE, TILE_CACHE
from bench.race import Question
from bench.running import server
from bench.tile_lists import DEEPEST_ZOOM, Tile, between

TITLE = "Edits"
EDITED = "bench_edit"
# Versions are per block of this zoom and above; deeper tiles share their ancestor's (contracts, section 5).
BLOCKS = 12
WATCHED = 200

FIRST_ID = 3 << 38
AROUND = 0.02

# The dates that give a device each status, against the map's day.
_STATES = {
    "valid": "verified_on = day - 10, valid_until = day + 300, taken_out_on = NULL, no_periodic = false",
    "overdue": "verified_on = day - 400, valid_until = day - 35, taken_out_on = NULL, no_periodic = false",
    "out_of_use": "taken_out_on = day - 1",
    "no_periodic": "taken_out_on = NULL, no_periodic = true",
}
_COPY = f"""
INSERT INTO {TABLE} (id, source_system, source_id, publish_state, published_at, device_group, geom, geom_accuracy,
                     commune_id, province_id, device_type_id, verified_on, valid_until)
SELECT %s, '{EDITED}', %s, publish_state, published_at, device_group, geom, geom_accuracy, commune_id, province_id,
       device_type_id, day - 10, day + 300
FROM {TABLE}, layers_mapday WHERE {TABLE}.id = %s
"""
_PLACE = (
    f"SELECT id, ST_X(geom), ST_Y(geom) FROM {TABLE} WHERE id >= %s AND source_system = 'bench' ORDER BY id LIMIT 1"
)


@dataclass(frozen=True)
class Device:
    """A device of our own making, as the public sees it."""

    id: int
    lon: float
    lat: float
    status: str

    def tile(self, z: int) -> Tile:
        """The tile that it stands in."""
        v = 0.5 - log(tan(pi / 4 + radians(self.lat) / 2)) / (2 * pi)
        return Tile(z, int((self.lon + 180) / 360 * 2**z), int(v * 2**z))


@dataclass(frozen=True)
class Edit:
    """One statement, and the device before and after it: None where the public sees none."""

    sql: str
    values: tuple[Any, ...]
    before: Device | None
    after: Device | None

    @property
    def seen(self) -> list[Device]:
        """The device where it was seen before or is after."""
        return [device for device in (self.before, self.after) if device]

    def changes(self, tile: Tile) -> Counter[str]:
        """What the edit adds to each status in a tile; negative where it takes away."""
        found: Counter[str] = Counter()
        for device, sign in ((self.before, -1), (self.after, 1)):
            if device and device.tile(tile.z) == tile:
                found[device.status] += sign
        return found


def measure(*, small: bool) -> list[Figure]:
    """The edits one by one, on devices that are added for it and taken away at the end."""
    with server() as running, Client(running.address) as client, database.cursor() as cursor:
        try:
            return _edit(client, cursor, 50 if small else 1000)
        finally:
            cursor.execute(f"DELETE FROM {TABLE} WHERE source_system = '{EDITED}'")


def _edit(client: Client, cursor: Any, number: int) -> list[Figure]:
    chance = random.Random(SEED)
    watched = between(4, DEEPEST_ZOOM, WATCHED)
    for tile in watched:
        client.get(Question(tile).path)
    devices: list[Device] = []
    touched: list[set[Tile]] = []
    times: list[float] = []
    wrong = 0
    for n in range(number):
        edit = _plan(cursor, chance, devices, FIRST_ID + n)
        tile = chance.choice(edit.seen).tile(chance.randint(0, DEEPEST_ZOOM))
        expected = _statuses(client.get(Question(tile).path))
        expected.update(edit.changes(tile))
        cursor.execute(edit.sql, edit.values)
        answer = client.get(Question(tile).path)
        times.append(1000 * answer.seconds)
        wrong += _statuses(answer) != expected
        touched.append({device.tile(BLOCKS) for device in edit.seen})
        for other in chance.sample(watched, 3):
            client.get(Question(other).path)
    again = sum(_made_in_vain(tile, touched) for tile in watched)
    what = f"{number:,} random edits"
    return [
        figures.of("edits", what, "the next answer", times, note=f"{wrong} wrong"),
        figures.of("edits", what, "tiles of other blocks made again", [again], unit="tiles", note=f"of {len(watched)}"),
    ]


def _plan(cursor: Any, chance: random.Random, devices: list[Device], new_id: int) -> Edit:
    """A random edit, and `devices` as they are after it."""
    if len(devices) < 20 or chance.random() < 0.2:
        return _added(cursor, chance, devices, new_id)
    device = devices.pop(chance.randrange(len(devices)))
    kind = chance.choice(("status", "status", "move", "withdraw", "delete"))
    if kind == "status":
        status = chance.choice(list(_STATES))
        after = replace(device, status=status)
        devices.append(after)
        return Edit(f"UPDATE {TABLE} SET {_STATES[status]} FROM layers_mapday WHERE {TABLE}.id = %s", (device.id,),
                    device, after)  # fmt: skip
    if kind == "move":
        lon, lat = (value + chance.uniform(-AROUND, AROUND) for value in (device.lon, device.lat))
        after = replace(device, lon=lon, lat=lat)
        devices.append(after)
        point = "ST_SetSRID(ST_MakePoint(%s, %s), 4326)"
        return Edit(f"UPDATE {TABLE} SET geom = {point} WHERE id = %s", (lon, lat, device.id), device, after)
    if kind == "withdraw":
        return Edit(f"UPDATE {TABLE} SET publish_state = 'withdrawn' WHERE id = %s", (device.id,), device, None)
    return Edit(f"DELETE FROM {TABLE} WHERE id = %s", (device.id,), device, None)


def _added(cursor: Any, chance: random.Random, devices: list[Device], new_id: int) -> Edit:
    cursor.execute(_PLACE, [chance.randrange(database.devices() * 9 // 10)])
    source, lon, lat = cursor.fetchone()
    after = Device(new_id, lon, lat, "valid")
    devices.append(after)
    return Edit(_COPY, (new_id, str(new_id), source), None, after)


def _statuses(answer: Answer) -> Counter[str]:
    if answer.status not in (200, 204):
        raise RuntimeError(f"{answer.status}: {answer.body[:200]!r}")
    return content(answer.body).by_status


def _made_in_vain(tile: Tile, touched: list[set[Tile]]) -> int:
    """How often a tile was made and stored beyond the first time and once for each edit of its block."""
    made = sum(len(list(TILE_CACHE.glob(f"{LAYER}/*/{tile}.{end}"))) for end in ("mvt.gz", "204"))
    return max(0, made - 1 - sum(any(_shares(tile, block) for block in blocks) for blocks in touched))


def _shares(tile: Tile, block: Tile) -> bool:
    return block.at(tile.z) == tile if tile.z <= BLOCKS else tile.at(BLOCKS) == block
