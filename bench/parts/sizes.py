"""How large tiles get, and whether each says what it holds: all of z0 to z8, and the densest of every deeper zoom."""

from bench import figures
from bench.client import Client
from bench.content import content
from bench.figures import Figure
from bench.places import LAYER
from bench.race import Question
from bench.running import server
from bench.tile_lists import DEEPEST_ZOOM, Tile, members

TITLE = "Sizes of tiles"
GOAL = "sizes"
MOST_BYTES = 500_000
ALL_UP_TO, DENSEST = 8, 500


def measure(*, small: bool) -> list[Figure]:
    """The bytes of each tile before compression, a row for the zooms asked whole and one for each deeper."""
    with server() as running, Client(running.address) as client:
        whole = [tile for z in range(ALL_UP_TO + 1) for tile in sorted(members()[z])]
        found = [_asked(client, f"all tiles of z0 to z{ALL_UP_TO}", whole)]
        for z in range(ALL_UP_TO + 1, DEEPEST_ZOOM + 1):
            densest = [tile for tile, _ in members()[z].most_common(20 if small else DENSEST)]
            found.append(_asked(client, f"the {len(densest)} densest tiles of z{z}", densest))
    return found


def _asked(client: Client, what: str, tiles: list[Tile]) -> Figure:
    sizes, wrong = [], 0
    for tile in tiles:
        answer = client.get(Question(tile).path)
        sizes.append(len(answer.body))
        wrong += content(answer.body).devices != members()[tile.z][tile]
    note = f"{sum(size > MOST_BYTES for size in sizes)} over {MOST_BYTES:,} bytes, {wrong} with a wrong sum"
    return figures.of(GOAL, what, LAYER, sizes, unit="bytes", most_raw=max(sizes), note=note)
