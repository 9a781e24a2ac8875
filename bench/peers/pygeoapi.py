"""pygeoapi, from PyPI: its PostgreSQL provider, served by gunicorn."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

from bench import asking, database
from bench.installing import python_packages
from bench.peers import source
from bench.places import FOLDER
from bench.running import Running, free_port, program

VERSION = "0.21.0"
TITLE = f"pygeoapi {VERSION}"
FORMS: tuple[str, ...] = ("geojson",)

HOME = FOLDER / "pygeoapi"
_ITEMS = f"/collections/{source.RECORDS}/items?f=json"


def install() -> None:
    """In a venv of its own: it brings another pygeofilter, SQLAlchemy and Flask."""
    python_packages(HOME, f"pygeoapi=={VERSION}", "psycopg2-binary", "geoalchemy2", "gunicorn", program="gunicorn")


@contextmanager
def serve(*, tuned: bool) -> Iterator[Running]:
    """The peer, answering on 127.0.0.1."""
    port = free_port()
    config, described = HOME / "config.yml", HOME / "openapi.yml"
    config.write_text(json.dumps(_config(port, tuned=tuned)))  # YAML takes JSON.
    generate = [str(HOME / "bin" / "pygeoapi"), "openapi", "generate", str(config), "--output-file", str(described)]
    subprocess.run(generate, check=True, capture_output=True)
    command = [str(HOME / "bin" / "gunicorn"), "pygeoapi.flask_app:APP", "--bind", f"127.0.0.1:{port}"]
    workers = [
        "--workers",
        "2" if tuned else "1",
        "--timeout",
        "600",
        "--keep-alive",
        "60",
        "--worker-class",
        "gthread",
    ]
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described)}
    with program("bench-pygeoapi", [*command, *workers], settings, port=port, ready="/?f=json") as running:
        yield running


def page(form: str, *, count: int, start: int) -> str:
    """The path and query of a page of features."""
    return f"{_ITEMS}&limit={count}&offset={start}"


def hits(asked: Mapping[str, Sequence[str]]) -> str:
    """The path and query of the number of features that match."""
    return f"{_ITEMS}&resulttype=hits&filter-lang=cql-text&filter={quote(asking.cql(asked))}"


def _config(port: int, *, tuned: bool) -> dict[str, Any]:
    texts = {"title": "Devices", "description": "Devices", "keywords": ["devices"]}
    extents = {"spatial": {"bbox": [102, 8, 118, 24], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": True,
            "languages": ["en-US"],
            "limits": {"default_items": 10, "max_items": 10_000},
            "map": {"url": "https://example.org/{z}/{x}/{y}.png", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": texts | {"keywords_type": "theme", "terms_of_service": "", "url": "http://127.0.0.1/"},
            "license": {"name": "", "url": "http://127.0.0.1/"},
            "provider": {"name": "", "url": "http://127.0.0.1/"},
            "contact": {"name": ""},
        },
        "resources": {
            source.RECORDS: texts
            | {"type": "collection", "links": [], "extents": extents, "providers": [_provider(tuned=tuned)]}
        },
    }


def _provider(*, tuned: bool) -> dict[str, Any]:
    url = urlsplit(database.address(open_role=True))
    return {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {
            "host": url.hostname,
            "port": url.port,
            "dbname": url.path.lstrip("/"),
            "user": url.username,
            "password": url.password,
            "search_path": [source.SCHEMA, "public"],
        },
        "options": {"options": source.options(tuned=tuned)},
        "id_field": "id",
        "table": source.RECORDS,
        "geom_field": "geom",
    }
