"""P6: identical requests at the same moment, over all workers, for a tile that is not stored."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from bench import figures, scans
from bench.client import Client, another_host
from bench.figures import Figure
from bench.race import Question
from bench.running import Running, forget_tiles, server, stored_tiles
from bench.tile_lists import between, densest

TITLE = "Identical requests at once"
CALLERS = 64


def measure(*, small: bool) -> list[Figure]:
    """How often the tables behind a tile are scanned for one caller, for CALLERS at once, and for a stored tile."""
    tile = densest(5)
    with server() as running:
        for warm in between(3, 8, 16):  # Both workers have opened their connections.
            _at_once(running, Question(warm), 8)
        question = Question(tile)
        forget_tiles()
        one = scans.during(lambda: _at_once(running, question, 1))
        stored = scans.during(lambda: _at_once(running, question, 1))
        forget_tiles()
        waited: list[float] = []
        many = scans.during(lambda: waited.extend(_at_once(running, question, CALLERS)))
        made = stored_tiles()
    data = Counter({table: number for table, number in one.items() if table not in stored})
    queries = max((many[table] / number for table, number in data.items()), default=0.0)
    read = ", ".join(sorted(data)) or "none"
    what = f"{CALLERS} callers of one tile"
    return [
        figures.of("P6", what, "data queries", [queries], unit="queries", note=f"scans of {read}; {made} tile stored"),
        figures.of("P6", what, "time to each answer", waited),
    ]


def _at_once(running: Running, question: Question, callers: int) -> list[float]:
    """Milliseconds to each caller's answer; all ask alike, when all are connected."""
    gate, host = threading.Barrier(callers), another_host()

    def ask(_: int) -> float:
        with Client(running.address) as client:
            client.get("/live")
            gate.wait()
            answer = client.get(question.path, Host=host)
        if answer.status not in (200, 204):
            raise RuntimeError(f"{question.path}: {answer.status}")
        return 1000 * answer.seconds

    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(ask, range(callers)))
