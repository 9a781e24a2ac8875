"""The roll-over: the one thing that reads the clock. It moves the day of the map, missed days one by one."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from layers.registers.counts import recount
from layers.registers.map_day import MapDay


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


def stand_on(day: date) -> None:
    """Puts the map on `day` whatever it stood on before, and remakes what depends on it."""
    with transaction.atomic():
        MapDay.objects.update_or_create(id=1, defaults={"day": day})
        recount(day)


@transaction.atomic
def _advance(until: date) -> bool:
    standing = MapDay.objects.select_for_update().get()
    if standing.day >= until:
        return False
    stand_on(standing.day + timedelta(days=1))
    return True
