"""Jobs of the registers, run by the worker, and how jobs book themselves again."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import wraps

from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from layers.changes import fold
from layers.pyramid import folding as pyramid
from layers.registers.roll_over import roll_over, today
from layers.registry import all_layers

# Short, for a look at a version counts what is not folded yet; an idle run costs a millisecond.
FOLD_EVERY_S = 5
_REPEATED: list[Task] = []


def repeated(*, every_s: int) -> Callable[[Callable[[], int]], Task]:
    """Makes a job of a function that runs again `every_s` seconds after each run, once `book_repeated` has begun it.

    The next run is booked before the work: one that fails, or is cut off, does not end the chain. Of the runs that
    went well none is kept, of those that failed the trace is.
    """

    def declare(work: Callable[[], int]) -> Task:
        @wraps(work)
        def run() -> int:
            DBTaskResult.objects.filter(task_path=job.module_path, status="SUCCESSFUL").delete()
            _book(job, after_s=every_s)
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
    if not DBTaskResult.objects.filter(task_path=job.module_path, status="READY").exists():
        job.using(run_after=timezone.now() + timedelta(seconds=after_s)).enqueue()


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


@repeated(every_s=FOLD_EVERY_S)
def fold_pyramids() -> int:
    """Moves what commits added and took away into the standing sums; gives how many differences there were."""
    return sum(pyramid.fold(layer) for layer in all_layers() if layer.pyramid)


@repeated(every_s=FOLD_EVERY_S)
def fold_changes() -> int:
    """Moves what commits noted into the versions; gives how many versions were written."""
    return fold()
