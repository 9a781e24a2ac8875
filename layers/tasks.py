"""Jobs of the registers, run by the worker."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django_tasks import task

from layers.registers.roll_over import roll_over, today


@task()
def roll_over_daily() -> int:
    """Moves the map to today and books itself for the next midnight; gives the days moved."""
    moved = roll_over(today())
    book_next()
    return moved


def book_next() -> None:
    """Books the roll-over for the coming midnight in Asia/Ho_Chi_Minh."""
    midnight = timezone.make_aware(datetime.combine(today() + timedelta(days=1), time(0, 0, 5)))
    roll_over_daily.using(run_after=midnight).enqueue()
