"""P4 and P5: a stored tile by its versioned and its ever-fresh address, and the answer to who has it already."""

import json
from collections import defaultdict
from contextlib import ExitStack

from bench import bare, figures, nginx, static_files, wrk
from bench.client import Client
from bench.figures import Figure
from bench.installing import Missing
from bench.places import LAYER
from bench.race import Question
from bench.running import server
from bench.tile_lists import densest
from bench.wrk import Load
from scripts.console import say

TITLE = "Stored tiles"
STATIC, BEHIND, VERSIONED, FRESH, UNCHANGED = (
    "nginx, a static file",
    "by version, nginx in front",
    "by version, in process",
    "ever fresh, in process",
    "ever fresh, 304",
)


def measure(*, small: bool) -> list[Figure]:
    """Requests a second by each way, taken in turns; then the latency of a 304 and what it asks the database."""
    try:
        wrk.install()
        nginx.install()
    except Missing as reason:
        say(f"  not measured: {reason}")
        return []
    tile = densest(6)
    path = Question(tile).path
    with ExitStack() as stack:
        running = stack.enter_context(server())
        ours, client = running.address, stack.enter_context(Client(running.address))
        first = client.get(path)
        versioned = f"/tiles/{LAYER}/{version(client, str(tile))}/{tile}.mvt"
        files = stack.enter_context(static_files.serve())
        static_files.put("tile.mvt", first.body)
        front = stack.enter_context(nginx.front(running)).address
        tag = {"If_None_Match": first.headers["etag"]}
        asked: dict[str, tuple[str, dict[str, str]]] = {
            STATIC: (f"{files.address}/tile.mvt", {}),
            BEHIND: (f"{front}{versioned}", {}),
            VERSIONED: (f"{ours}{versioned}", {}),
            FRESH: (f"{ours}{path}", {}),
            UNCHANGED: (f"{ours}{path}", tag),
        }
        loads = _in_turns(asked, rounds=1 if small else 5, seconds=1 if small else 10)
        sizes = {"raw": len(first.body), "sent": first.sent_bytes}
        throughput = [_figure(name, taken, sizes) for name, taken in loads.items()]
        return [*throughput, *_unchanged(client, path, tag)]


def version(client: Client, block: str) -> str:
    """The version of a block (z/x/y), as the page asks for it."""
    answer = client.get(f"/tiles/{LAYER}/versions?blocks={block}")
    return str(json.loads(answer.body)["blocks"][block])


def _in_turns(asked: dict[str, tuple[str, dict[str, str]]], *, rounds: int, seconds: int) -> dict[str, list[Load]]:
    loads: dict[str, list[Load]] = defaultdict(list)
    for _ in range(rounds):
        for name, (address, headers) in asked.items():
            loads[name].append(wrk.load(address, seconds=seconds, **headers))
    return loads


def _figure(name: str, loads: list[Load], sizes: dict[str, int]) -> Figure:
    failed = sum(load.failed for load in loads)
    slowest = max(load.p99_ms for load in loads)
    note = f"99 % within {slowest:.1f} ms" + (f"; {failed:,} FAILED" if failed else "")
    per_second = [load.per_second for load in loads]
    shown = sizes if name != UNCHANGED else {}
    goal = "P5" if name == UNCHANGED else "P4"
    return figures.of(goal, "one stored tile", name, per_second, unit="req/s", note=note, **shown)


def _unchanged(client: Client, path: str, tag: dict[str, str]) -> list[Figure]:
    """One request at a time, and its statements run bare."""
    answers = [client.get(path, **tag) for _ in range(200)]
    if {answer.status for answer in answers} != {304}:
        raise RuntimeError(f"{path}: 304 expected, {answers[-1].status} came")
    asked = bare.listen(path).unchanged
    with bare.Bare() as connection:
        taken = [1000 * connection.seconds(asked) for _ in range(200)]
    note = f"{len(asked)} statement{'s' if len(asked) != 1 else ''} a request"
    return [
        figures.of("P5", "an unchanged tile", "ours, 304", [1000 * answer.seconds for answer in answers]),
        figures.of("P5", "an unchanged tile", "its statements, bare", taken, note=note),
    ]
