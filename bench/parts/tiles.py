"""P1: tiles made anew where features or small clusters stand, ours beside bare SQL, a static file and the peers."""

from contextlib import ExitStack, suppress
from dataclasses import dataclass

from bench import race, static_files
from bench.client import Client
from bench.figures import Figure
from bench.installing import Missing
from bench.peers import source
from bench.peers.registry import PEERS, Peer
from bench.race import Ask, Question
from bench.tile_lists import Tile, between, holding, members
from scripts.console import say

TITLE = "Tiles of thousands of devices"
ROUNDS = 5
AS_SERVED = "P1, as served"
_VARIANTS = {"as installed": False, "tuned": True}


@dataclass(frozen=True)
class Group:
    """Tiles of one kind; with `single` ours draw every device, as the peers do.

    Peers take seconds beyond 50,000 devices, which says nothing new: `national` asks once.
    """

    what: str
    tiles: list[Tile]
    goal: str = ""
    for_peers: bool = True
    single: bool = False


def measure(*, small: bool) -> list[Figure]:
    """By the number of devices, from those that are features to all upwards; then by zoom, as visits fall."""
    found: list[Figure] = []
    with ExitStack() as stack:
        own = {single: _own(stack, single=single) for single in (False, True)}
        peers, missing = _peers(stack)
        for group in _groups(4 if small else 20):
            say(f"  {group.what}: {len(group.tiles)}")
            true = {Question(tile): members()[tile.z][tile] for tile in group.tiles}
            contenders = own[group.single] | (peers if group.for_peers else {})
            taken = race.run(contenders, list(true), rounds=2 if small else ROUNDS)
            found += race.summary(group.goal, group.what, taken, true)
    return [*found, *(Figure("", "missing here", title, 0, 0, 0, note=why) for title, why in missing.items())]


def _groups(number: int) -> list[Group]:
    return [
        Group("a tile of 5,000 to 10,000 devices, one by one", holding(5_000, 10_000, number), goal="P1", single=True),
        Group("a tile of 5,000 to 10,000 devices", holding(5_000, 10_000, number), goal=AS_SERVED),
        Group("a tile of 1,000 to 1,500 devices", holding(1_000, 1_500, number)),
        Group("a tile of 20,000 to 50,000 devices", holding(20_000, 50_000, number // 2)),
        Group("a tile of z12 to z16", between(12, 16, number)),
        Group("a tile of z7 to z11", between(7, 11, number), for_peers=False),
    ]


def _own(stack: ExitStack, *, single: bool) -> dict[str, Ask]:
    contenders = race.ours(stack, single=single)
    contenders[race.BARE] = stack.enter_context(race.bare_sql(single=single))
    with suppress(Missing):
        contenders["nginx, a static file"] = stack.enter_context(static_files.contender(contenders[race.OURS_STORED]))
    return contenders


def _peers(stack: ExitStack) -> tuple[dict[str, Ask], dict[str, str]]:
    """Every peer as installed and tuned; and those that cannot be had here, with the reason."""
    source.make()
    found: dict[str, Ask] = {}
    missing: dict[str, str] = {}
    for peer in PEERS:
        try:
            peer.install()
        except Missing as reason:
            say(f"  {peer.TITLE} is missing: {reason}")
            missing[peer.TITLE] = str(reason)
        else:
            found |= {f"{peer.TITLE}, {name}": _ask(stack, peer, tuned=tuned) for name, tuned in _VARIANTS.items()}
    return found, missing


def _ask(stack: ExitStack, peer: Peer, *, tuned: bool) -> Ask:
    client = stack.enter_context(Client(stack.enter_context(peer.serve(tuned=tuned)).address))
    return lambda question: client.get(peer.path(question.tile))
