"""Every peer that is measured."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from bench.peers import django_vectortiles, mapserver, martin, pg_tileserv, pygeoapi, tipg
from bench.running import Running
from bench.tile_lists import Tile


class Server(Protocol):
    """What each file of this folder is."""

    TITLE: str
    """The product and its version."""

    def install(self) -> None:
        """Install what is not there yet, under var/bench or by the system's packages. Raises Missing."""

    def serve(self, *, tuned: bool) -> AbstractContextManager[Running]:
        """The peer, answering on 127.0.0.1."""


class Peer(Server, Protocol):
    """A server of tiles."""

    def path(self, tile: Tile) -> str:
        """The path and query of a tile's address."""


class FeaturePeer(Server, Protocol):
    """A server of features."""

    FORMS: tuple[str, ...]
    """What it gives them as: geojson, gml."""

    def page(self, form: str, *, count: int, start: int) -> str:
        """The path and query of so many features behind the first `start`."""

    def hits(self, asked: Mapping[str, Sequence[str]]) -> str:
        """The path and query of an answer that says how many features have one of the codes in each of these fields."""


PEERS: tuple[Peer, ...] = (martin, pg_tileserv, tipg, django_vectortiles, mapserver)
FEATURE_PEERS: tuple[FeaturePeer, ...] = (mapserver, tipg, pygeoapi)
