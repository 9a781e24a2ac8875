"""P1: tiles made anew where features or small clusters stand, ours beside bare SQL, a static file and the peers."""

from contextlib import ExitStack, suppress
from functools import partial

from bench import race, static_files
from bench.client import Answer, Client
from bench.figures import Figure
from bench.installing import Missing
from bench.peers import source
from bench.peers.registry import PEERS, Peer
from bench.race import Ask, Question
from bench.tile_lists import between, holding, members
from scripts.console import say

TITLE = "Tiles of thousands of devices"

# A generic server takes seconds beyond, which says nothing new: `national` asks that once.
MOST_FOR_PEERS = 50_000
PATIENT_ROUNDS = 5


def measure(*, small: bool) -> list[Figure]:
    """Tiles of five to ten thousand devices for P1; those that are features to all; then of mid and deep zooms."""
    number = 4 if small else 20
    lists = {
        ("P1", "a tile of 5,000 to 10,000 devices"): holding(5_000, 10_000, number),
        ("", "a tile of 1,000 to 1,500 devices"): holding(1_000, 1_500, number),
        ("", "a tile of z7 to z11"): between(7, 11, number),
        ("", "a tile of z12 to z16"): between(12, 16, number),
    }
    found: list[Figure] = []
    with ExitStack() as stack:
        contenders = _contenders(stack)
        for (goal, what), tiles in lists.items():
            questions = [Question(tile) for tile in tiles if members()[tile.z][tile] <= MOST_FOR_PEERS]
            say(f"  {what}: {len(questions)}")
            true = {question: members()[question.tile.z][question.tile] for question in questions}
            taken = race.run(contenders, questions, rounds=2 if small else PATIENT_ROUNDS)
            found += race.summary(goal, what, taken, true)
    return found


def _contenders(stack: ExitStack) -> dict[str, Ask]:
    contenders = race.ours(stack)
    contenders[race.BARE] = stack.enter_context(race.bare_sql())
    with suppress(Missing):
        contenders["nginx, a static file"] = stack.enter_context(static_files.contender(contenders[race.OURS_STORED]))
    source.make()
    for peer in PEERS:
        contenders |= _peer(stack, peer)
    return contenders


def _peer(stack: ExitStack, peer: Peer) -> dict[str, Ask]:
    """The peer as installed and tuned; nothing where it cannot be had."""
    try:
        peer.install()
    except Missing as reason:
        say(f"  {peer.TITLE} is missing: {reason}")
        return {}
    clients = {
        f"{peer.TITLE}, {variant}": stack.enter_context(Client(stack.enter_context(peer.serve(tuned=tuned)).address))
        for variant, tuned in (("as installed", False), ("tuned", True))
    }
    return {name: partial(_ask, peer, client) for name, client in clients.items()}


def _ask(peer: Peer, client: Client, question: Question) -> Answer:
    return client.get(peer.path(question.tile))
