"""django-vectortiles, from PyPI: a site of one model (`django_vectortiles_site.py`), served by granian as ours is."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.installing import python_packages
from bench.peers import source
from bench.places import FOLDER
from bench.running import Running, free_port, program
from bench.tile_lists import Tile
from mapapp.server_shape import THREADS_PER_WORKER, WORKERS
from scripts.places import ROOT

VERSION = "1.0.2"
TITLE = f"django-vectortiles {VERSION}"

HOME = FOLDER / "django_vectortiles"


def install() -> None:
    """In a venv of its own: it must not meet our packages."""
    python_packages(
        HOME, f"django-vectortiles=={VERSION}", "django~=5.2.0", "granian", "psycopg2-binary", program="granian"
    )


@contextmanager
def serve(*, tuned: bool) -> Iterator[Running]:
    """The peer, answering on 127.0.0.1."""
    port = free_port()
    settings = {
        "PYTHONPATH": str(ROOT / "bench" / "peers"),
        "DATABASE_URL": source.url(tuned=tuned),
        "CONN_MAX_AGE": "600" if tuned else "0",
    }
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "warning"]
    workers = ["--workers", str(WORKERS if tuned else 1), "--blocking-threads", str(THREADS_PER_WORKER)]
    command = [str(HOME / "bin" / "granian"), *options, *workers, "django_vectortiles_site:application"]
    with program("bench-django-vectortiles", command, settings, port=port, ready="/") as running:
        yield running


def path(tile: Tile) -> str:
    """The path of a tile's address."""
    return f"/tiles/{tile}"
