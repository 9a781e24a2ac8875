"""P11: search as it is typed: every few letters of written questions, over 5,000 bodies and the devices there are."""

import csv
import random
import time
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

from bench import database, figures
from bench.figures import Figure
from bench.places import SEED
from bench.running import server
from scripts.console import say
from scripts.places import ROOT

TITLE = "Search as you type"
GOAL, BODIES = "P11", 5_000
QUERIES = ROOT / "tests" / "data" / "search_queries.csv"
_HANOI = "&lon=105.85&lat=21.03"


def measure(*, small: bool) -> list[Figure]:
    """Each question at several moments of its typing, in random order; half of them from where somebody stands."""
    bodies = database.multiply_bodies(BODIES)
    asked = _asked(20 if small else 150)
    say(f"  {len(asked):,} questions over {bodies:,} bodies")
    with server() as running:
        _times(running.address, asked[:20])
        taken = _times(running.address, asked)
    return [figures.of(GOAL, f"a question while it is typed, {bodies:,} bodies", "ours", taken)]


def _asked(count: int) -> list[str]:
    """Beginnings of `count` written questions: after three letters, half way, and whole."""
    chance = random.Random(SEED)
    with QUERIES.open(encoding="utf-8", newline="") as file:
        written = [row["query"] for row in csv.DictReader(file)]
    begun = [text[:length] for text in chance.sample(written, count) for length in (3, (len(text) + 3) // 2, len(text))]
    chance.shuffle(begun)
    return [f"/api/v1/search/?q={quote(text)}&limit=6{chance.choice(('', _HANOI))}" for text in begun]


def _times(origin: str, paths: list[str]) -> list[float]:
    """Milliseconds that each answer took, over one connection as a browser keeps it."""
    connection = HTTPConnection(urlsplit(origin).netloc, timeout=30)
    taken = []
    for path in paths:
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        taken.append(1000 * (time.perf_counter() - began))
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return taken
