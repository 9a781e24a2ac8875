"""Files of each form: how long, when the first byte, how much memory. `features` has GeoJSON beside COPY."""

from collections.abc import Iterator
from functools import partial

from bench import database, feature_sql, fetching, figures
from bench.figures import Figure
from bench.parts.memory import most_megabytes
from bench.places import LAYER
from bench.running import Running, server
from scripts.console import say

TITLE = "Downloads"
GOAL, FEATURES = "P7", 100_000
OURS, FIRST = "ours", "ours, first byte"
FORMS = ("geojson", "csv", "xlsx", "gpkg")


def measure(*, small: bool) -> list[Figure]:
    """Each form alone over some 100,000 features; memory over them and over all."""
    asked, features = feature_sql.provinces(FEATURES)
    say(f"  {features:,} features: {asked}")
    with server() as running:
        found = [figure for form in FORMS for figure in _alone(running, form, asked, features)]
        return found + list(_memory(running, asked, features))


def _alone(running: Running, form: str, asked: str, features: int) -> Iterator[Figure]:
    fetched = [fetching.file(running.address, f"/data/{LAYER}.{form}?{asked}") for _ in range(3)]
    what, size = f"{form} of {features:,} features", fetched[-1].bytes
    yield figures.of("", what, OURS, [1000 * one.seconds for one in fetched], raw=size)
    yield figures.of("", what, FIRST, [1000 * one.first_s for one in fetched])


def _memory(running: Running, asked: str, features: int) -> Iterator[Figure]:
    """The most memory of the server while it sends few rows, then all."""
    for form in FORMS:
        for what, query in ((f"{features:,} rows", asked), (f"all {database.devices():,} rows", "")):
            fetch = partial(fetching.file, running.address, f"/data/{LAYER}.{form}?{query}")
            size = most_megabytes(running.pid, fetch)
            yield figures.of(GOAL, f"memory of the server, {form}", what, [size], unit="MB")
