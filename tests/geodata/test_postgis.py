"""The database backend knows dead connections from living ones without asking the living."""

from collections.abc import Iterator
from datetime import date

import psycopg2
import pytest
from django.db import ProgrammingError, connections
from django.db.backends.base.base import BaseDatabaseWrapper


@pytest.fixture
def own(world: date) -> Iterator[BaseDatabaseWrapper]:
    """A connection that is nobody else's."""
    fresh = connections["default"].copy()
    fresh.ensure_connection()
    yield fresh
    fresh.close()


def _served_by(connection: BaseDatabaseWrapper) -> int:
    return int(connection.connection.info.backend_pid)


def test_a_connection_that_the_server_ended_is_not_usable(own: BaseDatabaseWrapper) -> None:
    assert own.is_usable()
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [_served_by(own)])
        assert cursor.fetchone() == (True,)
    assert not own.is_usable()


def test_a_living_connection_is_not_asked(own: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Listening(psycopg2.extensions.cursor):
        def execute(self, sql: str, values: object = None) -> None:
            asked.append(sql)

    own.connection.cursor_factory = Listening
    assert own.is_usable() and not asked


def test_a_connection_whose_transaction_failed_is_not_usable(own: BaseDatabaseWrapper) -> None:
    own.set_autocommit(False)
    with own.cursor() as cursor, pytest.raises(ProgrammingError):
        cursor.execute("SELECT FROM no_such_table")
    assert not own.is_usable()
    own.rollback()
    assert own.is_usable()


def test_a_connection_that_was_closed_here_is_not_usable(own: BaseDatabaseWrapper) -> None:
    own.connection.close()
    assert not own.is_usable()
