"""P9: how many features match and how many have each value: exact kinds of filters in any combination, and others."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import quote

from bench import asking, feature_content, feature_sql, figures
from bench.client import Client
from bench.figures import Figure
from bench.filters import combinations
from bench.peers.features import Serving, serving
from bench.places import LAYER, SEED
from bench.running import server
from scripts.console import say

TITLE = "Numbers of features"
GOAL, OTHERS_GOAL = "P9", "P9, other filters"
COUNTER, API, OGC, WFS, FACETS = "our counter", "ours, API", "ours, OGC API", "ours, WFS hits", "ours, facets"
BARE = "count(*)"
WHAT = "numberMatched under codes and units"
WRITTEN = "numberMatched under codes and units as CQL2 and FES"
# Of each kind that is not counted from the pyramid, from few features to most.
OTHERS = {
    "bbox": ("bbox=105.84,21.02,105.86,21.04", "bbox=105.7,20.9,105.9,21.1", "bbox=105,20,107,22", "bbox=102,8,118,24"),
    "within": ("within=105.85,21.03,500", "within=105.85,21.03,5000", "within=106.7,10.78,50000"),
    "q": ("q=cho", "q=sieu+thi", "q=petrolimex"),
    "dates": (
        "valid_until=2026-12-15",
        "valid_until=2026-12-01/2026-12-31&status=valid",
        "valid_until=2027-01-01/..",
    ),
    "on": ("on=2026-11-15", "on=2026-06-01&province=01"),
    "filter": (
        "filter=" + quote("status = 'overdue' OR province = '01'"),
        "filter=" + quote("valid_until < DATE('2026-10-01') AND NOT device_group = '2'"),
        "filter=" + quote("device_type LIKE 'water%'"),
    ),
}


@dataclass
class Counted:
    """The milliseconds of a contender's answers, the number that it gave to each question, and what was no answer."""

    times: list[float] = field(default_factory=list)
    numbers: dict[str, int | None] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


Ask = Callable[[str], tuple[float, int | None]]


def measure(*, small: bool) -> list[Figure]:
    """Random combinations of codes and units; the other kinds; the peers, asked a few of the combinations."""
    asked, rounds = combinations(10 if small else 60), 1 if small else 3
    with ExitStack() as stack:
        running = stack.enter_context(server())
        client = stack.enter_context(Client(running.address, encoding="identity"))
        say(f"  {len(asked)} combinations")
        found = _summary(GOAL, WHAT, _run(_exact(client), asked, rounds=rounds))
        say("  the same as conditions")
        found += _summary(OTHERS_GOAL, WRITTEN, _run(_written(client), asked, rounds=rounds))
        for kind, queries in OTHERS.items():
            say(f"  {kind}")
            taken = _run(_addresses(client) | {BARE: feature_sql.counted_bare}, queries, rounds=rounds)
            found += _summary(OTHERS_GOAL, f"numberMatched under {kind}", taken)
        peers, missing = serving(stack)
        contenders = {name: _of_peer(stack, one) for name, one in peers.items()} | {BARE: feature_sql.counted_bare}
        found += _summary("", "the peers' number", _run(contenders, asked[: 3 if small else 10], rounds=1))
    return [*found, *missing]


def _exact(client: Client) -> dict[str, Ask]:
    """Those that know the codes and units of an address from the pyramid, and a plain count of the rows."""
    return {
        COUNTER: feature_sql.counted,
        **_addresses(client),
        FACETS: lambda query: _number(client, f"/api/v1/{LAYER}/facets/?{query}"),
        BARE: feature_sql.counted_bare,
    }


def _addresses(client: Client) -> dict[str, Ask]:
    """One feature, and how many there are."""
    return {
        API: lambda query: _number(client, f"/api/v1/{LAYER}/?limit=1&{query}"),
        OGC: lambda query: _number(client, f"/ogc/collections/{LAYER}/items?f=json&limit=1&{query}"),
    }


def _written(client: Client) -> dict[str, Ask]:
    """The same combination as a condition: CQL2 for our OGC API, FES for our WFS, which has no other filters."""
    return {
        OGC: lambda query: _number(client, f"/ogc/collections/{LAYER}/items?f=json&limit=1&filter={_cql(query)}"),
        WFS: lambda query: _number(client, hits(query)),
        BARE: feature_sql.counted_bare,
    }


def _cql(query: str) -> str:
    return quote(asking.cql(asking.values(query)))


def hits(query: str) -> str:
    """Path and query of the number that our WFS gives under a combination."""
    question = f"service=WFS&version=2.0.0&request=GetFeature&typenames={LAYER}&resultType=hits"
    return f"/wfs?{question}&filter={quote(asking.fes(asking.values(query)))}"


def _of_peer(stack: ExitStack, one: Serving) -> Ask:
    client = stack.enter_context(Client(one.address, encoding="identity"))
    return lambda query: _number(client, one.peer.hits(asking.values(query)))


def _number(client: Client, path: str) -> tuple[float, int | None]:
    answer = client.get(path)
    if answer.status != 200:
        raise RuntimeError(f"status {answer.status}")
    return 1000 * answer.seconds, feature_content.matched(answer.body)


def _run(contenders: Mapping[str, Ask], queries: Sequence[str], *, rounds: int) -> dict[str, Counted]:
    """Everyone answers every question once unmeasured, then in drawn order; what is refused is not asked again."""
    taken: dict[str, Counted] = defaultdict(Counted)
    chance = random.Random(SEED)
    for n in range(rounds + 1):
        for query in chance.sample(queries, len(queries)):
            for name in chance.sample(list(contenders), len(contenders)):
                if query not in taken[name].refused:
                    _ask(taken[name], contenders[name], query, timed=n > 0)
    return {name: taken[name] for name in contenders}


def _ask(taken: Counted, ask: Ask, query: str, *, timed: bool) -> None:
    try:
        milliseconds, taken.numbers[query] = ask(query)
    except (OSError, RuntimeError) as error:
        taken.refused[query] = str(error)[-60:]
        return
    if timed:
        taken.times.append(milliseconds)


def _summary(goal: str, what: str, taken: Mapping[str, Counted]) -> list[Figure]:
    true = taken[BARE].numbers
    return [_figure(goal, what, name, one, "" if name == BARE else agreement(one, true)) for name, one in taken.items()]


def _figure(goal: str, what: str, name: str, one: Counted, note: str) -> Figure:
    if not one.times:
        return Figure(goal, what, name, 0, 0, 0, note=note)
    return figures.of(goal, what, name, one.times, note=note)


def agreement(one: Counted, true: Mapping[str, int | None]) -> str:
    """How many of the numbers are exact, and what becomes of the others."""
    absent = sum(number is None for number in one.numbers.values())
    exact = sum(number == true[query] for query, number in one.numbers.items())
    wrong = len(one.numbers) - absent - exact
    words = [f"{exact} of {len(one.numbers) + len(one.refused)} exact"]
    words += [f"{absent} absent"] if absent else []
    words += [f"{wrong} wrong"] if wrong else []
    words += [f"{len(one.refused)} not answered ({next(iter(one.refused.values()))})"] if one.refused else []
    return "; ".join(words)
