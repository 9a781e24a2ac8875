"""Memory of the server's processes before and after thousands of requests, and the most in between."""

import random
import threading
from collections.abc import Callable
from pathlib import Path

from bench import figures
from bench.client import Client
from bench.figures import Figure
from bench.filters import combinations
from bench.places import SEED
from bench.race import Question
from bench.running import server
from bench.tile_lists import between, national
from scripts.console import say

TITLE = "Memory of the server"
MEGABYTE = 2**20
# How often memory is looked at while something goes on.
_EVERY_S = 0.1


def measure(*, small: bool) -> list[Figure]:
    """Megabytes of all its processes, what they share counted once (PSS)."""
    number = 200 if small else 5000
    chance = random.Random(SEED)
    tiles, queries = [*national(), *between(7, 16, 200)], ["", "", *combinations(50)]
    with server() as running, Client(running.address) as client:
        client.get(Question(tiles[0]).path)
        sizes = [megabytes(running.pid)]
        for n in range(number):
            client.get(Question(chance.choice(tiles), chance.choice(queries)).path)
            if n % 50 == 49:
                sizes.append(megabytes(running.pid))
    what = f"{number:,} tiles, half of them filtered"
    named = {"after the first": sizes[0], "at most": max(sizes), "after the last": sizes[-1]}
    return [figures.of("memory", what, name, [size], unit="MB") for name, size in named.items()]


def megabytes(pid: int) -> float:
    """Memory of a process and its children, what they share counted once (PSS)."""
    return sum(_pss_kb(process) for process in _family(pid)) * 1024 / MEGABYTE


def most_megabytes(pid: int, action: Callable[[], object]) -> float:
    """The most memory of a process and its children from before an action to its end."""
    sizes, over = [megabytes(pid)], threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY_S):
            sizes.append(megabytes(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        action()
    finally:
        over.set()
        watcher.join()
    return max(sizes)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(member for child in children for member in _family(int(child)))]


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        say(f"  process {pid} is gone")
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
