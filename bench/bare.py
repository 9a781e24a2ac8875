"""Bare SQL: the statements of a request, run by themselves over a connection with the server's own settings.

They are heard while the request is answered in this process, so they are the server's, whatever it asks by then. The
tile's own are those that it asks beyond what it asks for a stored tile.
"""

import hashlib
import logging
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2
import psycopg2.extensions

from bench import database
from bench.client import another_host
from bench.places import TILE_CACHE
from bench.running import forget_tiles

# What a tile of the product draws one by one, and what one of `bench.single_features` does.
FEATURES, SINGLE_FEATURES = 1_500, 10_000
_PREPARE = re.compile(r"PREPARE (\w+) AS (.*)", re.DOTALL)
_EXECUTE = re.compile(r"(?:\s*SET LOCAL [^;]+;)*\s*EXECUTE (\w+)")
# What this process has prepared on the server's own connection, by name.
_prepared: dict[str, str] = {}


@dataclass(frozen=True)
class Statement:
    """SQL with its values; where it executes a prepared statement (`EXECUTE name`), that one's text."""

    sql: str
    values: Any
    text: str = ""


@dataclass(frozen=True)
class Heard:
    """What was asked of the database: `data` for the tile itself, `unchanged` for a caller who has it already."""

    data: tuple[Statement, ...]
    unchanged: tuple[Statement, ...]


def listen(path: str, *, single: bool = False) -> Heard:
    """The statements behind an address of the server. Raises RuntimeError where the answer is an error."""
    application()
    from tiles.mvt import points

    points.BUDGET = SINGLE_FEATURES if single else FEATURES
    _hear(path, another_host())  # What is asked once in a process's life belongs to no tile.
    forget_tiles()
    made, _ = _hear(path, another_host())
    host = another_host()
    stored, tag = _hear(path, host)
    unchanged, _ = _hear(path, host, HTTP_IF_NONE_MATCH=tag)
    overhead = {statement.sql for statement in stored}
    data = tuple(statement for statement in made if statement.sql not in overhead)
    if not data:  # Under filters an empty tile is stored nowhere.
        data = tuple(statement for statement in made if "tile_version(" not in statement.text)
    if not data or not unchanged:
        raise RuntimeError(f"{path}: of a tile made anew and of an unchanged one some statements must be heard")
    return Heard(data, tuple(unchanged))


class Bare:
    """A connection as the server opens them: same role, same session settings."""

    def __init__(self) -> None:
        application()
        from django.conf import settings

        declared = settings.DATABASES["open"]["OPTIONS"]["options"]
        self._connection = psycopg2.connect(database.address(open_role=True), options=declared)
        self._prepared: set[str] = set()

    def __enter__(self) -> "Bare":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def seconds(self, statements: Sequence[Statement]) -> float:
        """How long the statements take, answers fetched, in one transaction whose beginning and end do not count.

        They are prepared before, as the server has them after the first tile.
        """
        with self._connection as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            for statement in statements:
                self._prepare(cursor, statement)
            begun = time.perf_counter()
            for statement in statements:
                cursor.execute(statement.sql, statement.values)
                if cursor.description:
                    cursor.fetchall()
            return time.perf_counter() - begun

    def _prepare(self, cursor: Any, statement: Statement) -> None:
        name = _EXECUTE.match(statement.sql)
        if name and name[1] not in self._prepared:
            cursor.execute(f"PREPARE {name[1]} AS {statement.text}")
            self._prepared.add(name[1])


def application() -> None:
    """Make the product usable in this process, over the measured database."""
    import django
    from django.apps import apps

    if not apps.ready:
        logging.disable(logging.INFO)  # A line for each request that is listened to says nothing.
        os.environ.update(database.settings() | {"MAP_TILE_CACHE": str(TILE_CACHE)})
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapapp.settings")
        django.setup()
        from django.db import connections

        for name in connections:
            connections[name].settings_dict["OPTIONS"]["cursor_factory"] = _Listening


class _Listening(psycopg2.extensions.cursor):
    """The driver's cursor: below Django's, for the server goes past that where every microsecond counts."""

    def execute(self, sql: str, values: Any = None) -> None:
        _heard.append((sql, values))
        super().execute(sql, values)


_heard: list[tuple[str, Any]] = []


def _hear(path: str, host: str, **headers: str) -> tuple[list[Statement], str]:
    """The statements of one request to the application, and the ETag of its answer."""
    from django.test import RequestFactory

    from mapapp.wsgi import application as wsgi

    answers: list[tuple[str, dict[str, str]]] = []
    asked = RequestFactory().get(path, HTTP_HOST=host, HTTP_ACCEPT_ENCODING="gzip", **headers)
    _heard.clear()
    wsgi(asked.environ, lambda status, headers, *rest: answers.append((status, dict(headers))))
    status, named = answers[0]
    if not status.startswith(("200", "204", "304")):
        raise RuntimeError(f"{path}: {status}")
    return [statement for sql, values in _heard for statement in _statements(sql, values)], named.get("ETag", "")


def _statements(sql: str, values: Any) -> Iterator[Statement]:
    """The statement as it can be run elsewhere, a prepared one under a name of its own; nothing where it only sets."""
    prepare, execute = _PREPARE.match(sql), _EXECUTE.match(sql)
    if prepare:
        _prepared[prepare[1]] = prepare[2]
    elif execute:
        text = _prepared[execute[1]]
        name = f"bare_{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"
        yield Statement(sql.replace(execute[1], name, 1), values, text)
    elif not sql.lstrip().upper().startswith(("SET", "DEALLOCATE")):
        yield Statement(sql, values)
