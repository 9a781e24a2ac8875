"""Connections of long answers, kept from one to the next.

A page of ten thousand features takes a fifth of a second; a new connection, and what PostGIS loads into it, a fifth of
that. None is shared: who has one has it alone until it is given back.
"""

from collections import defaultdict, deque
from collections.abc import Iterable

from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

# By alias: as many as there were long answers at once, which are few (`services.streaming.places`).
_idle: dict[str, deque[BaseDatabaseWrapper]] = defaultdict(deque)


def take(alias: str) -> BaseDatabaseWrapper:
    """A connection that stands, outside of any transaction: it may be used in any thread, by one at a time.

    Raises OperationalError where the database gives none.
    """
    try:
        connection = _idle[alias].pop()
    except IndexError:
        connection = connections[alias].copy()
        connection.inc_thread_sharing()
    connection.close_if_unusable_or_obsolete()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return connection


def give_back(connection: BaseDatabaseWrapper, cursors: Iterable[CursorWrapper]) -> None:
    """Ends what goes on in the connection and keeps it; one that is broken makes itself anew when it is taken.

    `cursors` are those that it has: one read by half would be closed later, in what others do by then.
    """
    try:
        for cursor in cursors:
            cursor.close()
        connection.rollback()
        connection.set_autocommit(True)
    except (Error, connection.Database.Error):  # Django lets through what closing a cursor raises.
        connection.close()
    _idle[connection.alias].append(connection)


def end_all() -> None:
    """Ends the connections that nobody uses: a database that is to be dropped must have none."""
    for idle in _idle.values():
        while idle:
            idle.pop().close()
