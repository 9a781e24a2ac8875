"""Jobs of the registers, run by the worker, and how jobs book themselves again."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import wraps

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from layers.changes.folding import fold
from layers.pyramid import folding as pyramid
from layers.registers.retention import forget_due
from layers.registers.roll_over import roll_over, today
from layers.registry import all_layers

# Short, for a look at a version counts what is not folded yet; an idle run costs a millisecond.
FOLD_EVERY_S = 5
ROLL_OVER_AGAIN_S = 60
FORGET_EVERY_S = 3600
KEPT_FAILURES = 100
_REPEATED: list[Task] = []


def repeated(*, every_s: int) -> Callable[[Callable[[], int]], Task]:
    """Makes a job of a function that runs again `every_s` seconds after each run, once `book_repeated` has begun it.

    The next run is booked before the work: one that fails, or is cut off, does not end the chain. Of the runs that
    went well none is kept, of those that failed the newest `KEPT_FAILURES`, with their traces.
    """

    def declare(work: Callable[[], int]) -> Task:
        @wraps(work)
        def run() -> int:
            _book(job, after_s=every_s)
            _forget(job)
            return work()

        job: Task = task()(run)
        _REPEATED.append(job)
        return job

    return declare


def book_repeated() -> None:
    """Begins every chain of repeated jobs that does not run; two chains of one job become one by themselves."""
    for job in _REPEATED:
        _book(job, after_s=0)


def _book(job: Task, *, after_s: int) -> None:
    if not _runs(job, "READY").exists():
        job.using(run_after=timezone.now() + timedelta(seconds=after_s)).enqueue()


def _forget(job: Task) -> None:
    """Lets go of runs that went well, and of all but the newest that failed."""
    _runs(job, "SUCCESSFUL").delete()
    failed = _runs(job, "FAILED")
    failed.exclude(pk__in=failed.order_by("-finished_at").values("pk")[:KEPT_FAILURES]).delete()


def _runs(job: Task, status: str) -> QuerySet:
    return DBTaskResult.objects.filter(task_path=job.module_path, status=status)


@task()
def roll_over_daily() -> int:
    """Moves the map to today and books itself for the midnight after; gives the days moved.

    Until the map stands on today it is booked for the next minute, before the work: a run that fails, as while a long
    import holds the day, or is cut off, is followed by another. Chains of repeated jobs that broke off begin again.
    """
    day = today()
    book_try()
    book_repeated()
    _forget(roll_over_daily)
    moved = roll_over(day)
    book_midnight(day)
    return moved


def book_try() -> None:
    """Books the roll-over for the next minute, in place of whatever is booked of it."""
    _book_roll_over(timezone.now() + timedelta(seconds=ROLL_OVER_AGAIN_S))


def book_midnight(day: date) -> None:
    """Books the roll-over for the midnight after `day` in Asia/Ho_Chi_Minh, in place of whatever is booked of it."""
    _book_roll_over(timezone.make_aware(datetime.combine(day + timedelta(days=1), time(0, 0, 5))))


@transaction.atomic
def _book_roll_over(moment: datetime) -> None:
    _runs(roll_over_daily, "READY").delete()
    roll_over_daily.using(run_after=moment).enqueue()


@repeated(every_s=FOLD_EVERY_S)
def fold_pyramids() -> int:
    """Moves what commits added and took away into the standing sums; gives how many differences there were."""
    return sum(pyramid.fold(layer) for layer in all_layers() if layer.pyramid)


@repeated(every_s=FOLD_EVERY_S)
def fold_changes() -> int:
    """Moves what commits noted into the versions; gives how many versions were written."""
    return fold()


@repeated(every_s=FORGET_EVERY_S)
def forget_reports() -> int:
    """Lets go of the persons in reports that were closed long ago; gives how many reports that were."""
    return forget_due(today())
