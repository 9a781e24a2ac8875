"""Rows through a connection of their own: read piece by piece from one snapshot, given up when the reader goes.

A download may take an hour. On the connection by which its thread answers map requests, a reader who leaves would
leave a transaction behind; its own is rolled back, and the database ends what it was doing for it.
"""

from collections.abc import Iterator
from itertools import chain
from types import TracebackType

from django.conf import settings
from django.db import OperationalError, connections
from django.db.backends.utils import CursorWrapper

from layers.access import User, connection_for
from layers.query import too_costly
from services.streaming.connections import give_back, take

# The first piece is small, for it is waited for; later ones hold about so many bytes, whatever a row weighs.
FIRST_ROWS, MOST_ROWS = 10, 5000
PIECE_BYTES = 500_000
# The planner takes a plan that gives the first rows soon: they are sent while the next are made.
_SETTINGS = """
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SET TRANSACTION SNAPSHOT %s;
SET LOCAL statement_timeout = %s; SET LOCAL cursor_tuple_fraction = 0.01; SET LOCAL synchronize_seqscans = off
"""


class Reader:
    """A connection that reads in the snapshot of the caller's transaction (`layers.query.reading`), until closed."""

    def __init__(self, user: User, *, limit: str = "download") -> None:
        """`limit` is the class of its queries, as of `reading`.

        Raises OperationalError where the database gives no connection.
        """
        alias = connection_for(user)
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        self._connection, self._cursors, self._closed = take(alias), list[CursorWrapper](), False
        try:
            self._begin(snapshot, limit)
        except BaseException:
            self.close()
            raise

    def _begin(self, snapshot: str, limit: str) -> None:
        self._connection.set_autocommit(False)
        with self._connection.cursor() as cursor:
            cursor.execute(_SETTINGS, [snapshot, settings.QUERY_LIMITS_MS[limit]])

    def pieces(self, sql: str, values: tuple) -> Iterator[list[tuple]]:
        """The rows of a statement, some at a time; the first piece is asked for with the first `next`.

        Raises TooCostly when a piece takes longer than the class of its queries may.
        """
        with self._connection.chunked_cursor() as cursor:
            self._cursors.append(cursor)
            number = FIRST_ROWS
            try:
                cursor.execute(sql, values)
                while rows := cursor.fetchmany(number):
                    yield rows
                    number = _next_number(rows)
            except OperationalError as error:
                raise (too_costly() if _struck(error) else error) from error

    def value(self, sql: str, values: tuple) -> int:
        """The one number that a statement gives, in the same snapshot."""
        return int(self.row(sql, values)[0])

    def row(self, sql: str, values: tuple) -> tuple:
        """The one row that a statement gives, in the same snapshot. Raises TooCostly as `pieces`."""
        with self._connection.cursor() as cursor:
            try:
                cursor.execute(sql, values)
                return tuple(cursor.fetchone())
            except OperationalError as error:
                raise (too_costly() if _struck(error) else error) from error

    def close(self) -> None:
        """Ends what the database still does for it; the second time nothing happens."""
        if not self._closed:
            self._closed = True
            give_back(self._connection, self._cursors)

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class Here:
    """The same for few rows: on the request's own connection, inside its `reading`, all in one piece."""

    def __init__(self, user: User) -> None:
        self._connection = connections[connection_for(user)]

    def pieces(self, sql: str, values: tuple) -> Iterator[list[tuple]]:
        """The rows of a statement; nothing where there are none."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = cursor.fetchall()
        if rows:
            yield rows


def begun(pieces: Iterator[list]) -> Iterator[list]:
    """The same pieces, the first of them read already: what is wrong with a question shows before the answer begins."""
    first = list(next(pieces, []))
    return chain([first] if first else [], pieces)


def _next_number(rows: list[tuple]) -> int:
    """So many rows of this weight as make up PIECE_BYTES; weighed are some of them."""
    some = rows[:: max(1, len(rows) // 20)]
    weight = sum(len(value) for row in some for value in row if isinstance(value, str | bytes | memoryview))
    return max(1, min(MOST_ROWS, PIECE_BYTES * len(some) // max(weight, 1)))


def _struck(error: OperationalError) -> bool:
    return getattr(error.__cause__, "pgcode", "") == "57014"  # query_canceled
