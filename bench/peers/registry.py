"""Every peer that is measured."""

from contextlib import AbstractContextManager
from typing import Protocol

from bench.peers import django_vectortiles, mapserver, martin, pg_tileserv, tipg
from bench.running import Running
from bench.tile_lists import Tile


class Peer(Protocol):
    """What each file of this folder is."""

    TITLE: str
    """The product and its version."""

    def install(self) -> None:
        """Install what is not there yet, under var/bench or by the system's packages. Raises Missing."""

    def serve(self, *, tuned: bool) -> AbstractContextManager[Running]:
        """The peer, answering on 127.0.0.1."""

    def path(self, tile: Tile) -> str:
        """The path and query of a tile's address."""


PEERS: tuple[Peer, ...] = (martin, pg_tileserv, tipg, django_vectortiles, mapserver)
