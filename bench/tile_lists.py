"""The tiles that are asked for: drawn from the data by a seed, so that every run asks for the same ones."""

import json
import random
from collections import Counter
from dataclasses import dataclass
from functools import cache

from bench import database
from bench.places import FOLDER, SEED, TABLE

NATIONAL_ZOOMS = range(7)
DEEPEST_ZOOM = 16

# Members of each tile of the deepest zoom; `tile` is x << 16 | y.
_COUNTS = f"""
SELECT floor((ST_X(geom) + 180) / 360 * 65536)::bigint << 16
       | floor((0.5 - ln(tan(pi() / 4 + radians(ST_Y(geom)) / 2)) / (2 * pi())) * 65536)::bigint AS tile, count(*)
FROM {TABLE} WHERE publish_state = 'approved_public' AND source_system = 'bench' GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, order=True)
class Tile:
    """The address of a tile (XYZ)."""

    z: int
    x: int
    y: int

    def __str__(self) -> str:
        return f"{self.z}/{self.x}/{self.y}"

    def at(self, z: int) -> "Tile":
        """Its ancestor at a lower zoom."""
        return Tile(z, self.x >> (self.z - z), self.y >> (self.z - z))


@cache
def members() -> dict[int, Counter[Tile]]:
    """Devices of every tile that has any, by zoom. Counted once and kept beside the database."""
    counted = Counter({Tile(DEEPEST_ZOOM, tile >> 16, tile & 0xFFFF): number for tile, number in _deepest()})
    zooms = {DEEPEST_ZOOM: counted}
    for z in range(DEEPEST_ZOOM - 1, -1, -1):
        above: Counter[Tile] = Counter()
        for tile, number in zooms[z + 1].items():
            above[tile.at(z)] += number
        zooms[z] = above
    return zooms


def national() -> list[Tile]:
    """Every tile of z0 to z6 that holds a device, the densest among them."""
    return [tile for z in NATIONAL_ZOOMS for tile in sorted(members()[z])]


def densest(z: int) -> Tile:
    """The tile of that zoom that holds most."""
    return members()[z].most_common(1)[0][0]


def holding(least: int, most: int, number: int) -> list[Tile]:
    """Tiles with so many devices, at whatever zoom there are such."""
    fitting = [tile for z in members() for tile, n in sorted(members()[z].items()) if least <= n <= most]
    return sorted(random.Random(SEED).sample(fitting, min(number, len(fitting))))


def between(first: int, last: int, number: int) -> list[Tile]:
    """Tiles of those zooms, as many of each; a tile is the likelier the more devices it holds, as is a visit to it."""
    chance = random.Random(f"{SEED} {first} {last}")
    zooms = list(range(first, last + 1))
    found: set[Tile] = set()
    for n in range(number):
        tiles = members()[zooms[n % len(zooms)]]
        found.update(chance.choices(list(tiles), weights=list(tiles.values())))
    return sorted(found)


def _deepest() -> list[tuple[int, int]]:
    path = FOLDER / f"tiles_of_{database.name()}.json"
    if not path.exists():
        with database.cursor() as rows:
            rows.execute(_COUNTS)
            counted = rows.fetchall()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(counted))
    return [(tile, number) for tile, number in json.loads(path.read_text())]
