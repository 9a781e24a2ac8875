"""The peers that serve features, running: tuned, which is the best that they do."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from bench.figures import Figure
from bench.installing import Missing
from bench.peers import source
from bench.peers.registry import FEATURE_PEERS, FeaturePeer
from scripts.console import say


@dataclass(frozen=True)
class Serving:
    """A peer and where it answers."""

    peer: FeaturePeer
    address: str


def serving(stack: ExitStack) -> tuple[dict[str, Serving], list[Figure]]:
    """Those that can be had here, by name, until the stack closes; and a row of the report for each that cannot."""
    source.make()
    found: dict[str, Serving] = {}
    missing: dict[str, str] = {}
    for peer in FEATURE_PEERS:
        try:
            peer.install()
        except Missing as reason:
            say(f"  {peer.TITLE} is missing: {reason}")
            missing[peer.TITLE] = str(reason)
        else:
            running = stack.enter_context(peer.serve(tuned=True))
            found[f"{peer.TITLE}, tuned"] = Serving(peer, running.address)
    return found, absent(missing)


def absent(missing: Mapping[str, str]) -> list[Figure]:
    """A row of the report for each that cannot be had, with the reason."""
    return [Figure("", "missing here", title, 0, 0, 0, note=why) for title, why in missing.items()]
