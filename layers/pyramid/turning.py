"""The pyramid's part of the roll-over: what another day of the map takes away and adds."""

import time
from datetime import date, timedelta

from django.db import OperationalError, transaction
from psycopg2.errors import LockNotAvailable

from layers import locks
from layers.derived import Cursor
from layers.layer import Layer
from layers.pyramid.keeping import empty, fill
from layers.pyramid.rows import noting, turned

# Who asks for the day alone has all later writers queue behind him, and those give up after five seconds. So each try
# is short, and between two tries the queue runs off.
TRY_S = 1
TRIES = 5


class DayHeld(Exception):
    """Transactions that write, and are not through yet, hold the standing day."""


def hold_day(cursor: Cursor) -> None:
    """From here to the end of the transaction no writer adds rows as of the standing day; those who did are through.

    Tries for some ten seconds; raises DayHeld where a writer, such as a long import, does not end meanwhile.
    """
    for left in reversed(range(TRIES)):
        if _held(cursor):
            return
        if left:
            time.sleep(TRY_S)
    raise DayHeld("writers hold the day of the map")


def _held(cursor: Cursor) -> bool:
    try:
        with transaction.atomic():
            cursor.execute(f"SET LOCAL lock_timeout = '{TRY_S}s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [locks.DAY])
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return False
        raise
    return True


def turn(cursor: Cursor, layer: Layer, *, before: date | None, after: date) -> None:
    """Brings a layer's pyramid from one day to another, in the transaction that moves the map, under `hold_day`.

    A step of one day reads the rows that it turns; any other step reads all of them.
    """
    if before is None:
        empty(cursor, layer)
        fill(cursor, layer)
    elif before != after:
        every = after - before != timedelta(days=1)
        moved = turned(layer, before=f"DATE '{before}'", after=f"DATE '{after}'", every=every)
        cursor.execute(noting(layer, moved))
