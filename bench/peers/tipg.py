"""TiPg, from PyPI, served by uvicorn."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from urllib.parse import quote

from bench import asking
from bench.installing import python_packages
from bench.peers import source
from bench.places import FOLDER
from bench.running import Running, free_port, program
from bench.tile_lists import Tile

VERSION = "1.6.1"
TITLE = f"TiPg {VERSION}"
FORMS: tuple[str, ...] = ("geojson",)

HOME = FOLDER / "tipg"
_ITEMS = f"/collections/{source.SCHEMA}.{source.RECORDS}/items?f=geojson"


def install() -> None:
    """In a venv of its own."""
    python_packages(HOME, f"tipg=={VERSION}", "uvicorn", program="uvicorn")


@contextmanager
def serve(*, tuned: bool) -> Iterator[Running]:
    """The peer, answering on 127.0.0.1."""
    port = free_port()
    settings = {
        "DATABASE_URL": source.url(tuned=tuned),
        "TIPG_DB_SCHEMAS": f'["{source.SCHEMA}"]',
        "TIPG_DB_SPATIAL_EXTENT": "false",  # Asked once at its start, of all rows.
        "TIPG_DB_DATETIME_EXTENT": "false",
        "TIPG_TILE_BUFFER": "0",
    }
    if tuned:
        settings["TIPG_MAX_FEATURES_PER_TILE"] = "20000000"
    options = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", "--workers", "2" if tuned else "1"]
    command = [str(HOME / "bin" / "uvicorn"), "tipg.main:app", *options]
    with program("bench-tipg", command, settings, port=port, ready="/healthz") as running:
        yield running


def path(tile: Tile) -> str:
    """The path and query of a tile's address."""
    columns = ",".join(source.COLUMNS)
    return f"/collections/{source.SCHEMA}.{source.VIEW}/tiles/WebMercatorQuad/{tile}?properties={columns}"


def page(form: str, *, count: int, start: int) -> str:
    """The path and query of a page of features."""
    return f"{_ITEMS}&limit={count}&offset={start}"


def hits(asked: Mapping[str, Sequence[str]]) -> str:
    """The path and query of one feature and the number that match."""
    return f"{_ITEMS}&limit=1&filter-lang=cql2-text&filter={quote(asking.cql(asked))}"
