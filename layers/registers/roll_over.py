"""The roll-over: the one thing that reads the clock. It moves the day of the map, missed days one by one."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

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
    transaction that moves the day, so no reader sees one without the other.
    """
    if not MapDay.objects.exists():
        stand_on(until)
    moved = 0
    while _advance(until):
        moved += 1
    return moved


@transaction.atomic
def stand_on(day: date) -> None:
    """Puts the map on `day` whatever it stood on before, and brings along what depends on it.

    Writers wait only from where the pyramids turn; what takes longest is done before.
    """
    recount(day)
    with connection.cursor() as cursor:
        hold_day(cursor)
        before = MapDay.objects.values_list("day", flat=True).first()
        MapDay.objects.update_or_create(id=1, defaults={"day": day})
        for layer in all_layers():
            if layer.pyramid:
                turn(cursor, layer, before=before, after=day)


@transaction.atomic
def _advance(until: date) -> bool:
    standing = MapDay.objects.get()
    if standing.day >= until:
        return False
    stand_on(standing.day + timedelta(days=1))
    return True
