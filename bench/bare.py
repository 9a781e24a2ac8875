"""Bare SQL: the statements of a request, run by themselves over a connection with the server's own settings.

They are heard while the request is answered in this process, so they are the server's, whatever it asks by then. The
database's share of an uncached request is what it asks beyond a cached one.
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
from bench.places import TILE_CACHE
from bench.running import forget_tiles

Statement = tuple[str, Any]


@dataclass(frozen=True)
class Heard:
    """What a request asked of the database: `data` for the tile itself, `overhead` also when the tile is stored."""

    data: tuple[Statement, ...]
    overhead: tuple[Statement, ...]


def listen(path: str, **headers: str) -> Heard:
    """The statements behind an address of the server, asked uncached and then again, that time with the headers.

    Raises RuntimeError where the answer is an error.
    """
    application()
    _heard(path)  # What is asked once in a process's life belongs to no tile.
    forget_tiles()
    first, again = _heard(path), _heard(path, **headers)
    overhead = {sql for sql, _ in again}
    data = tuple(statement for statement in first if statement[0] not in overhead)
    return Heard(data, tuple(again))


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


def _heard(path: str, **headers: str) -> list[Statement]:
    from django.db import connections
    from django.test import Client

    found: list[Statement] = []

    def hear(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().upper().startswith("SET"):
            found.append((sql, values))
        return execute(sql, values, many, context)

    with ExitStack() as stack:
        for name in connections:
            stack.enter_context(connections[name].execute_wrapper(hear))
        answer = Client(headers={"host": "127.0.0.1", "accept-encoding": "gzip", **headers}).get(path)
        if answer.status_code >= 400:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.content[:500]!r}")
    return found
