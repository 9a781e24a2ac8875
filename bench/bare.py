"""Bare SQL: the statements of a request, run by themselves over a connection with the server's own settings.

They are heard while the request is answered in this process, so they are the server's, whatever it asks by then. The
tile's own are those that it asks beyond what it asks for a stored tile.
"""

import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2

from bench import database
from bench.client import another_encoding
from bench.places import TILE_CACHE
from bench.running import forget_tiles

Statement = tuple[str, Any]


@dataclass(frozen=True)
class Heard:
    """What was asked of the database: `data` for the tile itself, `unchanged` for a caller who has it already."""

    data: tuple[Statement, ...]
    unchanged: tuple[Statement, ...]


def listen(path: str) -> Heard:
    """The statements behind an address of the server. Raises RuntimeError where the answer is an error."""
    application()
    _hear(path, another_encoding("gzip"))  # What is asked once in a process's life belongs to no tile.
    forget_tiles()
    made, _ = _hear(path, another_encoding("gzip"))
    encoding = another_encoding("gzip")
    stored, tag = _hear(path, encoding)
    unchanged, _ = _hear(path, encoding, HTTP_IF_NONE_MATCH=tag)
    overhead = {sql for sql, _ in stored}
    return Heard(tuple(statement for statement in made if statement[0] not in overhead), tuple(unchanged))


@contextmanager
def connection() -> Iterator[Any]:
    """A connection as the server opens them: same role, same session settings."""
    application()
    from django.conf import settings

    declared = settings.DATABASES["open"]
    opened = psycopg2.connect(database.address(open_role=True), options=declared["OPTIONS"]["options"])
    try:
        yield opened
    finally:
        opened.close()


def seconds(opened: Any, statements: Sequence[Statement]) -> float:
    """How long the statements take, answers fetched, in one transaction whose own beginning and end do not count."""
    with opened, opened.cursor() as cursor:
        cursor.execute("SELECT 1")
        begun = time.perf_counter()
        for sql, values in statements:
            cursor.execute(sql, values)
            if cursor.description:
                cursor.fetchall()
        return time.perf_counter() - begun


def application() -> None:
    """Make the product usable in this process, over the measured database."""
    import django
    from django.apps import apps

    if not apps.ready:
        logging.disable(logging.INFO)  # A line for each request that is listened to says nothing.
        os.environ.update(database.settings() | {"MAP_TILE_CACHE": str(TILE_CACHE)})
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapapp.settings")
        django.setup()


def _hear(path: str, encoding: str, **headers: str) -> tuple[list[Statement], str]:
    """The statements of one request to the application, and the ETag of its answer."""
    from django.db import connections
    from django.test import RequestFactory

    from mapapp.wsgi import application as wsgi

    found: list[Statement] = []
    answers: list[tuple[str, dict[str, str]]] = []

    def hear(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().upper().startswith("SET"):
            found.append((sql, values))
        return execute(sql, values, many, context)

    asked = RequestFactory().get(path, HTTP_HOST="127.0.0.1", HTTP_ACCEPT_ENCODING=encoding, **headers)
    with ExitStack() as stack:
        for name in connections:
            stack.enter_context(connections[name].execute_wrapper(hear))
        wsgi(asked.environ, lambda status, headers, *rest: answers.append((status, dict(headers))))
    status, named = answers[0]
    if not status.startswith(("200", "204", "304")):
        raise RuntimeError(f"{path}: {status}")
    return found, named.get("ETag", "")
