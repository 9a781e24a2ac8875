"""P2: every tile of z0 to z6, made anew; and once, for the record, what a generic server makes of the densest."""

from contextlib import ExitStack, suppress
from functools import partial

from bench import figures, race
from bench.client import Client
from bench.content import content
from bench.figures import Figure
from bench.installing import Missing
from bench.peers import source
from bench.peers.registry import PEERS, Peer
from bench.race import Question
from bench.tile_lists import densest, members, national
from scripts.console import say

TITLE = "National tiles, unfiltered"
GOAL, WHAT = "P2", "a tile of z0 to z6"
# Encoding every row of the country takes a generic server half a minute and 400 MB; beside that one zoom suffices.
GENERIC_ZOOM = 6


def measure(*, small: bool) -> list[Figure]:
    """All national tiles; then one of each peer."""
    found = made_anew(WHAT, rounds=2 if small else 10)
    source.make()
    for peer in PEERS:
        with suppress(Missing):
            found += _once(peer)
    return found


def made_anew(what: str, *, rounds: int, known: bool = True) -> list[Figure]:
    """Ours beside bare SQL over all national tiles. Contents are compared where the devices are those counted."""
    questions = [Question(tile) for tile in national()]
    true = {question: members()[question.tile.z][question.tile] for question in questions} if known else {}
    with ExitStack() as stack:
        contenders = race.ours(stack)
        contenders[race.BARE] = stack.enter_context(race.bare_sql())
        return race.summary(GOAL, what, race.run(contenders, questions, rounds=rounds), true)


def _once(peer: Peer) -> list[Figure]:
    tile = densest(GENERIC_ZOOM)
    what, there = f"the densest tile of z{GENERIC_ZOOM}", members()[GENERIC_ZOOM][tile]
    peer.install()
    with peer.serve(tuned=True) as running, Client(running.address) as client:
        try:
            answer = client.get(peer.path(tile))
        except OSError as error:
            say(f"  {peer.TITLE}: {error}")
            return []
    size = partial(figures.of, "", what, f"{peer.TITLE}, tuned", [1000 * answer.seconds])
    if answer.status != 200:
        return [size(note=f"answered {answer.status}")]
    kept = content(answer.body).devices
    return [size(raw=len(answer.body), sent=answer.sent_bytes, note=f"{kept:,} of {there:,} devices; asked once")]
