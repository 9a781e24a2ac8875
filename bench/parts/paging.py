"""P8: a page at the far end beside the first one, by keyset and by offset, ours and the peers'."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial

from bench import database, feature_content, feature_sql, figures
from bench.client import Client
from bench.figures import Figure
from bench.peers.features import Serving, serving
from bench.places import LAYER, SEED
from bench.running import server
from scripts.console import say

TITLE = "Pages far from the first"
GOAL, OFFSET_GOAL = "P8", "P8, startIndex"
FIRST, MIDDLE, FAR = "ours, the first page", "ours, the middle", "ours, the far end"
ORDERS = {"": "in id order", "valid_until": "by valid_until", "-valid_until": "by valid_until, the last first"}
LIMITS = (100, 10_000)
COUNT = 10_000
DEPTHS = (0, 10_000, 100_000, feature_sql.DEEPEST)
DEEPER = "deeper"

Page = tuple[str, list[int] | None]
"""An address, and the ids that it must give, None where they are not asked."""


def measure(*, small: bool) -> list[Figure]:
    """Our OGC API in each order, our WFS at each depth; the peers by offset at the same depths and at the far end."""
    found: list[Figure] = []
    with ExitStack() as stack:
        running = stack.enter_context(server())
        client = stack.enter_context(Client(running.address, encoding="identity"))
        for order, named in ORDERS.items():
            for limit in LIMITS:
                say(f"  pages of {limit:,} {named}")
                what, rounds = f"a page of {limit:,} {named}", 3 if small else 10 if limit > 1000 else 50
                pages = {who: partial(_right, client, "geojson", page) for who, page in _places(order, limit)}
                found += _figures(GOAL, what, pages, rounds=rounds)
        found += _offsets(client, rounds=2 if small else 7)
        found += _refused(client)
        peers, missing = serving(stack)
        for name, one in peers.items():
            say(f"  {name}")
            found += _of_peer(stack, name, one, rounds=1 if small else 3)
    return [*found, *missing]


def _places(order: str, limit: int) -> Iterator[tuple[str, Page]]:
    """The first page, one in the middle and the last full one, with their ids by SQL."""
    address = f"/ogc/collections/{LAYER}/items?f=json&limit={limit}" + (f"&sortby={order}" if order else "")
    number = database.devices()
    for who, start in ((FIRST, 0), (MIDDLE, number // 2), (FAR, feature_sql.number() - limit)):
        expected, cursor = feature_sql.page(order, start=start, limit=limit)
        yield who, (address + (f"&cursor={cursor}" if cursor else ""), expected)


def _right(client: Client, form: str, page: Page) -> float:
    """Milliseconds of a page. Raises RuntimeError where it is none or has other ids, OSError for silence."""
    path, expected = page
    answer = client.get(path)
    if answer.status != 200:
        raise RuntimeError(f"status {answer.status}")
    if expected is not None and feature_content.ids(form, answer.body) != expected:
        raise RuntimeError("other features than SQL gives")
    return 1000 * answer.seconds


def _figures(goal: str, what: str, pages: Mapping[str, Callable[[], float]], *, rounds: int) -> list[Figure]:
    """Every page once unmeasured, then in drawn order; of those that are not answered, why."""
    wrong = {name: why for name, ask in pages.items() if (why := _wrong(ask))}
    taken: dict[str, list[float]] = defaultdict(list)
    right = [name for name in pages if name not in wrong]
    chance = random.Random(SEED)
    for _ in range(rounds):
        for name in chance.sample(right, len(right)):
            taken[name].append(pages[name]())
    unanswered = {name: Figure(goal, what, name, 0, 0, 0, note=why) for name, why in wrong.items()}
    return [unanswered.get(name) or figures.of(goal, what, name, taken[name]) for name in pages]


def _wrong(ask: Callable[[], float]) -> str:
    """Why a page is not answered as it must be; empty where it is."""
    try:
        ask()
    except (OSError, RuntimeError) as error:
        return f"not answered: {str(error)[-100:]}"
    return ""


def _offsets(client: Client, *, rounds: int) -> list[Figure]:
    """WFS pages, their ids by SQL."""
    pages = {}
    for start in _depths():
        expected, _ = feature_sql.page("", start=start, limit=COUNT)
        pages[f"ours, WFS, startIndex {start:,}"] = partial(_right, client, "gml", (wfs_page(start), expected))
    return _figures(OFFSET_GOAL, f"GML of {COUNT:,} features", pages, rounds=rounds)


def wfs_page(start: int) -> str:
    """Path and query of a page of our WFS."""
    question = f"service=WFS&version=2.0.0&request=GetFeature&typenames={LAYER}"
    return f"/wfs?{question}&count={COUNT}&startIndex={start}"


def _depths() -> list[int]:
    """Those that have a page behind them."""
    return [start for start in DEPTHS if start + COUNT <= feature_sql.number()]


def _refused(client: Client) -> Iterator[Figure]:
    answer = client.get(wfs_page(feature_sql.DEEPEST + 1))
    yield figures.of(
        OFFSET_GOAL,
        DEEPER,
        f"ours, WFS, startIndex {feature_sql.DEEPEST + 1:,}",
        [1000 * answer.seconds],
        note=f"status {answer.status}",
    )


def _of_peer(stack: ExitStack, name: str, one: Serving, *, rounds: int) -> Iterator[Figure]:
    """Pages of the form that it gives first, at our depths and at the far end; what is in them is not compared."""
    client = stack.enter_context(Client(one.address, encoding="identity"))
    form = one.peer.FORMS[0]
    depths = [*_depths(), feature_sql.number() - COUNT]
    paths = {f"{name}, {start:,}": one.peer.page(form, count=COUNT, start=start) for start in dict.fromkeys(depths)}
    pages = {who: partial(_right, client, form, (path, None)) for who, path in paths.items()}
    yield from _figures("", f"{form} of {COUNT:,} features by offset", pages, rounds=rounds)
