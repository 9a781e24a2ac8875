"""The roll-over: the one thing that reads the clock. It moves the day of the map, missed days one by one."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from layers import locks
from layers.derived import Cursor
from layers.pyramid.turning import hold_day, turn
from layers.registers.counts import recount
from layers.registers.map_day import MapDay
from layers.registry import all_layers


def today() -> date:
    """The day by the clock, in Asia/Ho_Chi_Minh."""
    return timezone.localdate()


def roll_over(until: date) -> int:
    """Moves the day of the map forward to `until`, a day a transaction; gives the days moved (0: already there).

    A map that has not stood on any day yet, as in a new database, is put on `until` at once. Counts are remade in the
    transaction that moves the day, so no reader sees one without the other. Waits for another roll-over and goes on
    from where that one came to. Raises DayHeld while long transactions write; the days moved until then stay moved.
    """
    moved = 0
    while _advance(until):
        moved += 1
    return moved


@transaction.atomic
def stand_on(day: date) -> None:
    """Puts the map on `day` whatever it stood on before, and brings along what depends on it; raises DayHeld.

    Writers wait only from where the pyramids turn; what takes longest is done before.
    """
    with connection.cursor() as cursor:
        hold_roll_over(cursor)
        recount(day)
        hold_day(cursor)
        before = MapDay.objects.values_list("day", flat=True).first()
        MapDay.objects.update_or_create(id=1, defaults={"day": day})
        for layer in all_layers():
            if layer.pyramid:
                turn(cursor, layer, before=before, after=day)


@transaction.atomic
def count_again() -> None:
    """Remakes what is counted once a day, for the day the map stands on; nothing where it stands on none."""
    with connection.cursor() as cursor:
        hold_roll_over(cursor)
    standing = MapDay.objects.first()
    if standing:
        recount(standing.day)


def hold_roll_over(cursor: Cursor) -> None:
    """From here to the end of the transaction no other roll-over runs. Waits as long as one does."""
    cursor.execute("SET LOCAL lock_timeout = 0")
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [locks.ROLL_OVER])
    cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


@transaction.atomic
def _advance(until: date) -> bool:
    with connection.cursor() as cursor:
        hold_roll_over(cursor)
    standing = MapDay.objects.first()
    if standing is None:
        stand_on(until)
    if standing is None or standing.day >= until:
        return False
    stand_on(standing.day + timedelta(days=1))
    return True
