"""The pyramid's part of the roll-over: what another day of the map takes away and adds."""

from datetime import date, timedelta

from layers.derived import Cursor
from layers.layer import Layer
from layers.pyramid.keeping import DAY_LOCK, empty, fill
from layers.pyramid.rows import insertion, turned


def hold_day(cursor: Cursor) -> None:
    """From here to the end of the transaction no writer adds rows as of the standing day; those who did are through."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DAY_LOCK])


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
        cursor.execute(insertion(layer, moved, into_changes=True))
