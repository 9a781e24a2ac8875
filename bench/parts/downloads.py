"""P7: files beside COPY of the same text: how long, when the first byte, how much memory."""

import random
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psycopg2

from bench import bare, database, figures
from bench.figures import Figure
from bench.parts.memory import megabytes
from bench.places import LAYER, SEED
from bench.running import Running, server
from scripts.console import say
from scripts.postgres_programs import program

TITLE = "Downloads"
GOAL, FEATURES = "P7", 100_000
COPY, PSQL, OURS, FIRST = "COPY by the driver", "COPY by psql", "ours", "ours, first byte"
FORMS = ("geojson", "csv", "xlsx", "gpkg")
_PIECE = 1 << 16
# Where memory is looked at: the server settles within the first file.
_EVERY_S = 0.1


def measure(*, small: bool) -> list[Figure]:
    """GeoJSON of some 100,000 features in turn with COPY; each form alone; memory over few rows and over all."""
    asked, features = _provinces()
    say(f"  {features:,} features: {asked}")
    with server() as running:
        found = _beside_copy(running, asked, features, rounds=3 if small else 7)
        found += [figure for form in FORMS for figure in _alone(running, form, asked, features)]
        return found + list(_memory(running, asked, features))


def _provinces() -> tuple[str, int]:
    """Provinces that together have FEATURES devices or a few more, as a filter, and how many they have."""
    bare.application()
    from layers.facets import facets
    from layers.query import FeatureQuery, map_day
    from layers.registry import get

    counted = facets(get(LAYER), FeatureQuery(day=map_day("open")), only=("province",))["province"]
    chosen: list[str] = []
    for code in sorted(counted, key=lambda code: counted[code]):
        if sum(counted[one] for one in chosen) < FEATURES:
            chosen.append(code)
    return f"province={','.join(sorted(chosen))}", sum(counted[one] for one in chosen)


def _beside_copy(running: Running, asked: str, features: int, *, rounds: int) -> list[Figure]:
    sql = _text_of(asked)
    path = f"/data/{LAYER}.geojson?{asked}"
    taken: dict[str, list[float]] = defaultdict(list)
    with _copying(sql) as copy:
        contenders: dict[str, Callable[[], float]] = {
            COPY: copy,
            PSQL: lambda: _by_psql(sql),
            OURS: lambda: _got(running, path, taken[FIRST]),
        }
        for ask in contenders.values():
            ask()
        taken[FIRST].clear()
        chance = random.Random(SEED)
        for _ in range(rounds):
            for name in chance.sample(list(contenders), len(contenders)):
                taken[name].append(1000 * contenders[name]())
    what = f"GeoJSON of {features:,} features"
    return [figures.of(GOAL, what, name, taken[name]) for name in (COPY, PSQL, OURS, FIRST)]


def _text_of(asked: str) -> str:
    """The statement behind our answer, with its values in it."""
    from django.db import connections
    from django.http import QueryDict

    from geodata.writers import geojson
    from layers.filters import parse
    from layers.registry import get
    from services.streaming.source import GEOJSON, ID, source

    layer = get(LAYER)
    rows = source(layer, parse(layer, QueryDict(asked)), None, geometry="geojson")
    made = geojson.row_sql(rows.columns, id_sql=ID.sql, geometry_sql=GEOJSON)
    with connections["open"].cursor() as cursor:
        return str(cursor.mogrify(rows.statement(made), rows.values).decode())


@contextmanager
def _copying(sql: str) -> Iterator[Callable[[], float]]:
    connection = psycopg2.connect(database.address(open_role=True), options=_options())
    nowhere = _Nowhere()

    def copy() -> float:
        begun = time.perf_counter()
        with connection, connection.cursor() as cursor:
            cursor.copy_expert(f"COPY ({sql}) TO STDOUT", nowhere)
        return time.perf_counter() - begun

    try:
        yield copy
    finally:
        connection.close()


class _Nowhere:
    def write(self, piece: bytes) -> int:
        return len(piece)


def _options() -> str:
    from django.conf import settings

    return str(settings.DATABASES["open"]["OPTIONS"]["options"])


def _by_psql(sql: str) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [program("psql"), "-qX", database.address(open_role=True)],
        input=f"COPY ({sql}) TO STDOUT;",
        text=True,
        stdout=subprocess.DEVNULL,
        check=True,
        env={"PGOPTIONS": _options(), "PATH": "/usr/bin:/bin"},
    )
    return time.perf_counter() - begun


def _got(running: Running, path: str, first: list[float]) -> float:
    """Seconds to the last byte; `first` gets the milliseconds to the first one of the body."""
    connection = HTTPConnection(urlsplit(running.address).netloc, timeout=3600)
    begun = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    answer.read(1)
    first.append(1000 * (time.perf_counter() - begun))
    while answer.read(_PIECE):
        pass
    connection.close()
    return time.perf_counter() - begun


def _alone(running: Running, form: str, asked: str, features: int) -> Iterator[Figure]:
    first: list[float] = []
    taken = [1000 * _got(running, f"/data/{LAYER}.{form}?{asked}", first) for _ in range(3)]
    yield figures.of("", f"{form} of {features:,} features", OURS, taken)
    yield figures.of("", f"{form} of {features:,} features", FIRST, first)


def _memory(running: Running, asked: str, features: int) -> Iterator[Figure]:
    """The most memory of the server while it sends few rows, then all."""
    for form in FORMS:
        for what, query in ((f"{features:,} rows", asked), (f"all {database.devices():,} rows", "")):
            with _watched(running.pid) as sizes:
                _got(running, f"/data/{LAYER}.{form}?{query}", [])
            yield figures.of(GOAL, f"memory of the server, {form}", what, [max(sizes)], unit="MB")


@contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    sizes, over = [megabytes(pid)], threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY_S):
            sizes.append(megabytes(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield sizes
    finally:
        over.set()
        watcher.join()
