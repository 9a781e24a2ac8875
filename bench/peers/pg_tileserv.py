"""pg_tileserv, built by Go from its module."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.installing import build, require
from bench.peers import source
from bench.places import FOLDER
from bench.running import Running, free_port, program
from bench.tile_lists import Tile

VERSION = "1.0.11"
TITLE = f"pg_tileserv {VERSION}"

HOME = FOLDER / "pg_tileserv"


def install() -> None:
    """Built by `go install` from the module proxy that Go is set to."""
    command = [require("go"), "install", f"github.com/CrunchyData/pg_tileserv@v{VERSION}"]
    build(TITLE, command, makes=HOME / "pg_tileserv", environment={"GOBIN": str(HOME)})


@contextmanager
def serve(*, tuned: bool) -> Iterator[Running]:
    """The peer, answering on 127.0.0.1."""
    port = free_port()
    settings = {
        "DATABASE_URL": source.url(tuned=tuned),
        "TS_HTTPHOST": "127.0.0.1",
        "TS_HTTPPORT": str(port),
        "TS_DEFAULTBUFFER": "0",
    }
    if tuned:
        settings["TS_MAXFEATURESPERTILE"] = "20000000"
    with program("bench-pg_tileserv", [str(HOME / "pg_tileserv")], settings, port=port, ready="/health") as running:
        yield running


def path(tile: Tile) -> str:
    """The path of a tile's address."""
    return f"/{source.SCHEMA}.{source.VIEW}/{tile}.pbf?properties={','.join(source.COLUMNS)}"
