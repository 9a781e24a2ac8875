"""Martin, from crates.io: a table source; features for PostgreSQL only, its cache off."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from bench.installing import build, require
from bench.peers import source
from bench.places import FOLDER
from bench.running import Running, free_port, program
from bench.tile_lists import Tile

VERSION = "1.14.0"
TITLE = f"Martin {VERSION}"

HOME = FOLDER / "martin"


def install() -> None:
    """Built by cargo, which takes about ten minutes on two cores."""
    options = ["--version", VERSION, "--locked", "--no-default-features", "--features", "postgres"]
    command = [require("cargo"), "install", "martin", *options, "--root", str(HOME)]
    build(TITLE, command, makes=HOME / "bin" / "martin")


@contextmanager
def serve(*, tuned: bool) -> Iterator[Running]:
    """The peer, answering on 127.0.0.1."""
    port = free_port()
    config = HOME / "config.json"  # YAML takes JSON.
    config.write_text(json.dumps(_config(tuned=tuned)))
    command = [str(HOME / "bin" / "martin"), "--config", str(config), "--listen-addresses", f"127.0.0.1:{port}"]
    with program("bench-martin", command, {"RUST_LOG": "warn"}, port=port, ready="/health") as running:
        yield running


def path(tile: Tile) -> str:
    """The path of a tile's address."""
    return f"/{source.VIEW}/{tile}"


def _config(*, tuned: bool) -> dict[str, object]:
    table = {
        "schema": source.SCHEMA,
        "table": source.VIEW,
        "srid": 4326,
        "geometry_column": "geom",
        "geometry_type": "POINT",
        "id_column": "id",
        "buffer": 0,
        "properties": source.TYPES,
    }
    postgres: dict[str, object] = {
        "connection_string": source.url(tuned=tuned),
        "auto_bounds": "skip",
        "tables": {source.VIEW: table},
    }
    return {"cache": {"size_mb": 0}, "postgres": postgres | ({"pool_size": 4} if tuned else {})}
