"""Contenders answer the same questions, one after the other in a drawn order: the machine is alike to all."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench import bare, figures
from bench.client import Answer, Client
from bench.content import content
from bench.figures import Figure
from bench.places import LAYER, SEED
from bench.running import forget_tiles, server
from bench.tile_lists import Tile

OURS, OURS_PLAIN, OURS_STORED, BARE = "ours", "ours, asked for plain bytes", "ours, stored", "bare SQL"


@dataclass(frozen=True, order=True)
class Question:
    """A tile under a query string ("" for none)."""

    tile: Tile
    query: str = ""

    @property
    def path(self) -> str:
        """Its address at our server."""
        return f"/tiles/{LAYER}/{self.tile}.mvt" + (f"?{self.query}" if self.query else "")


Ask = Callable[[Question], Answer]


@dataclass
class Taken:
    """What a contender did with its questions."""

    seconds: list[float] = field(default_factory=list)
    raw: list[int] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    features: list[int] = field(default_factory=list)
    devices: dict[Question, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def run(contenders: Mapping[str, Ask], questions: Sequence[Question], *, rounds: int) -> dict[str, Taken]:
    """Every contender answers every question once unmeasured, contents counted, then `rounds` times in drawn order."""
    taken: dict[str, Taken] = defaultdict(Taken)
    for question in questions:
        for name, ask in contenders.items():
            _count(taken[name], question, ask)
    chance = random.Random(SEED)
    for _ in range(rounds):
        for question in chance.sample(questions, len(questions)):
            for name in chance.sample(list(contenders), len(contenders)):
                if question in taken[name].devices:
                    _time(taken[name], question, contenders[name])
    return taken


def summary(goal: str, what: str, taken: Mapping[str, Taken], true: Mapping[Question, int]) -> list[Figure]:
    """A figure for each contender that answered, with what its tiles hold of what they should."""
    return [
        figures.of(
            goal,
            what,
            name,
            [1000 * value for value in one.seconds],
            **(_sizes(one) | {"note": _contents(one, true)} if name != BARE else {}),
        )
        for name, one in taken.items()
        if one.seconds
    ]


def _sizes(one: Taken) -> dict[str, Any]:
    sizes = {"raw": one.raw, "sent": one.sent, "features": one.features}
    return {name: round(median(values)) for name, values in sizes.items()} | {
        f"most_{name}": max(sizes[name]) for name in ("raw", "sent")
    }


def ours(stack: ExitStack, *, single: bool = False) -> dict[str, Ask]:
    """Our server as a contender, thrice: made anew for a browser, made anew plain, and stored."""
    running = stack.enter_context(server(single=single))
    gzipped = stack.enter_context(Client(running.address, always_new=True))
    plain = stack.enter_context(Client(running.address, encoding="identity", always_new=True))
    again = stack.enter_context(Client(running.address))

    def anew(client: Client) -> Ask:
        def ask(question: Question) -> Answer:
            forget_tiles()
            return client.get(question.path)

        return ask

    def stored(question: Question) -> Answer:
        again.get(question.path)
        return again.get(question.path)

    return {OURS: anew(gzipped), OURS_PLAIN: anew(plain), OURS_STORED: stored}


@contextmanager
def bare_sql(*, single: bool = False) -> Iterator[Ask]:
    """The statements behind our server's answer, run by themselves."""
    heard: dict[Question, tuple[bare.Statement, ...]] = {}
    with bare.Bare() as connection:

        def ask(question: Question) -> Answer:
            if question not in heard:
                heard[question] = bare.listen(question.path, single=single).data
            return Answer(200, connection.seconds(heard[question]), b"", 0, {})

        yield ask


def _count(taken: Taken, question: Question, ask: Ask) -> None:
    answer = _answer(taken, question, ask)
    if answer:
        held = content(answer.body)
        taken.features.append(held.features)
        taken.devices[question] = held.devices


def _time(taken: Taken, question: Question, ask: Ask) -> None:
    answer = _answer(taken, question, ask)
    if answer:
        taken.seconds.append(answer.seconds)
        taken.raw.append(len(answer.body))
        taken.sent.append(answer.sent_bytes)


def _answer(taken: Taken, question: Question, ask: Ask) -> Answer | None:
    """The answer, or None where it is none of a tile: that is noted."""
    try:
        answer = ask(question)
    except (OSError, RuntimeError) as error:
        taken.refused.append(f"{question.tile}: {error}")
        return None
    if answer.status in (200, 204):
        return answer
    taken.refused.append(f"{question.tile}: {answer.status}")
    return None


def _contents(taken: Taken, true: Mapping[Question, int]) -> str:
    """How many of the answers stand for exactly the devices that are there, and what becomes of the others."""
    asked = {question: number for question, number in taken.devices.items() if question in true}
    wrong = {question: number - true[question] for question, number in asked.items() if number != true[question]}
    words = [f"{len(asked) - len(wrong)} of {len(asked)} exact"] if asked else []
    if wrong:
        words.append(f"off by {min(wrong.values()):+,} to {max(wrong.values()):+,} devices")
    if taken.refused:
        words.append(f"{len(taken.refused)} not answered ({taken.refused[0][:80]})")
    return "; ".join(words)
