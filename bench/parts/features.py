"""P7: a hundred thousand features by every way out, beside COPY of the same text and the peers' own."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from bench import copying, database, feature_content, feature_sql, fetching, figures
from bench.fetching import Chain, Fetched, See
from bench.figures import Figure
from bench.parts.memory import most_megabytes
from bench.peers.features import Serving, serving
from bench.places import LAYER, SEED
from bench.running import Running, server
from scripts.console import say

TITLE = "Features by the hundred thousand"
GOAL, FEATURES, PAGE = "P7", 100_000, 10_000
FILE, OGC, WFS = "ours, /data", "ours, OGC API", "ours, WFS"
FIRST, SAME, REFUSED = "first byte of ", "the same ids", "not answered"
MEMORY = "memory of the server, "

Fetch = Callable[[See | None], Fetched]


@dataclass
class Taken:
    """What a contender took: milliseconds, those to its first byte, its bytes, and what was wrong with its features."""

    times: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)
    bytes: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Race:
    """The same features for all; `sql` gives the text that ours send, `true` the ids."""

    what: str
    form: str
    sql: str
    true: list[int]
    contenders: Mapping[str, Fetch]


def measure(*, small: bool) -> list[Figure]:
    """Each race in turn, contents first; then the memory of the server over few features and over all."""
    with ExitStack() as stack:
        running = stack.enter_context(server())
        peers, missing = serving(stack)
        found: list[Figure] = []
        for race in (_filtered(running), _first_as_geojson(running, peers), _first_as_gml(running, peers)):
            say(f"  {race.what}: {len(race.true):,} features")
            found += _run(race, rounds=2 if small else 5)
        return [*found, *missing, *_memory(running)]


def _filtered(running: Running) -> Race:
    """Some provinces, as one file and as pages."""
    asked, number = feature_sql.provinces(FEATURES)
    return Race(
        f"GeoJSON of the {number:,} features of some provinces",
        "geojson",
        feature_sql.geojson(asked),
        feature_sql.ids(asked),
        {
            FILE: partial(fetching.file, running.address, f"/data/{LAYER}.geojson?{asked}"),
            OGC: _chained(running, "geojson", f"/ogc/collections/{LAYER}/items?f=json&limit={PAGE}&{asked}"),
        },
    )


def _first_as_geojson(running: Running, peers: Mapping[str, Serving]) -> Race:
    """The first by their ids, in pages."""
    ours = _chained(running, "geojson", f"/ogc/collections/{LAYER}/items?f=json&limit={PAGE}", most=FEATURES // PAGE)
    return Race(
        f"GeoJSON of the first {FEATURES:,} features",
        "geojson",
        feature_sql.geojson("", most=FEATURES),
        feature_sql.ids("", most=FEATURES),
        {OGC: ours} | _of_peers("geojson", peers),
    )


def _first_as_gml(running: Running, peers: Mapping[str, Serving]) -> Race:
    path = f"/wfs?service=WFS&version=2.0.0&request=GetFeature&typenames={LAYER}&count={PAGE}"
    return Race(
        f"GML of the first {FEATURES:,} features",
        "gml",
        feature_sql.gml(most=FEATURES),
        feature_sql.ids("", most=FEATURES),
        {WFS: _chained(running, "gml", path, most=FEATURES // PAGE)} | _of_peers("gml", peers),
    )


def _chained(running: Running, form: str, path: str, *, most: int | None = None) -> Fetch:
    """Pages of which each names the next."""
    return lambda see: fetching.pages(running.address, Chain(form, path, most=most), see)


def _of_peers(form: str, peers: Mapping[str, Serving]) -> dict[str, Fetch]:
    return {name: _by_offset(one, form) for name, one in peers.items() if form in one.peer.FORMS}


def _by_offset(one: Serving, form: str) -> Fetch:
    paths = [one.peer.page(form, count=PAGE, start=start) for start in range(0, FEATURES, PAGE)]
    return lambda see: fetching.pages(one.address, paths, see)


def _run(race: Race, *, rounds: int) -> Iterator[Figure]:
    taken: dict[str, Taken] = defaultdict(Taken)
    for name, fetch in race.contenders.items():
        taken[name].note = _held(race, fetch)
    with copying.contenders(race.sql) as copies:
        there = {name: fetch for name, fetch in race.contenders.items() if REFUSED not in taken[name].note}
        asks = copies | {name: partial(_time, fetch, taken[name]) for name, fetch in there.items()}
        for ask in copies.values():
            ask()
        chance = random.Random(SEED)
        for _ in range(rounds):
            for name in chance.sample(list(asks), len(asks)):
                taken[name].times.append(1000 * asks[name]())
    for name in (*copies, *race.contenders):
        yield from _figures(race.what, name, taken[name])


def _figures(what: str, name: str, one: Taken) -> Iterator[Figure]:
    if not one.times:
        yield Figure(GOAL, what, name, 0, 0, 0, note=one.note)
        return
    yield figures.of(GOAL, what, name, one.times, raw=one.bytes, note=one.note)
    if one.firsts:
        yield figures.of(GOAL, what, FIRST + name, one.firsts)


def _held(race: Race, fetch: Fetch) -> str:
    """Whether the features are those that SQL gives, each once; or why there are none."""
    held: list[int] = []
    try:
        fetch(lambda body: held.extend(feature_content.ids(race.form, body)))
    except (OSError, RuntimeError) as error:
        return f"{REFUSED}: {str(error)[:200]}"
    if sorted(held) == sorted(race.true):
        return SAME
    return f"{len(set(held) & set(race.true)):,} of {len(race.true):,} ids, {len(held):,} features"


def _time(fetch: Fetch, taken: Taken) -> float:
    fetched = fetch(None)
    taken.firsts.append(1000 * fetched.first_s)
    taken.bytes = fetched.bytes
    return fetched.seconds


def _memory(running: Running) -> Iterator[Figure]:
    """The most memory of the server while few features are taken, then as many as can be."""
    deep = min(database.devices(), feature_sql.DEEPEST)
    wfs = f"/wfs?service=WFS&version=2.0.0&request=GetFeature&typenames={LAYER}&count={PAGE}"
    ways: dict[str, tuple[str, str, int]] = {
        OGC: ("geojson", f"/ogc/collections/{LAYER}/items?f=json&limit={PAGE}", database.devices()),
        WFS: ("gml", wfs, deep),
    }
    for name, (form, path, all_features) in ways.items():
        for number in (FEATURES, all_features):
            fetch = _chained(running, form, path, most=-(-number // PAGE))
            size = most_megabytes(running.pid, partial(fetch, None))
            yield figures.of(GOAL, MEMORY + name, f"{number:,} features", [size], unit="MB")
