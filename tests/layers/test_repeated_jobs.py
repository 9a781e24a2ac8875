"""Jobs that run again and again: a chain goes on whatever happens in one run, and never becomes two."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from layers import tasks
from layers.tasks import KEPT_FAILURES, book_repeated, fold_changes, fold_pyramids
from tiles.tasks import sweep_tiles


@pytest.fixture
def booked(db: None) -> Iterator[type]:
    """What is booked of each job, from nothing."""
    DBTaskResult.objects.all().delete()
    return DBTaskResult


def _ready(job: Task) -> int:
    return DBTaskResult.objects.filter(task_path=job.module_path, status="READY").count()


@pytest.mark.django_db
def test_bringing_the_map_to_today_begins_every_chain_once(booked: type) -> None:
    for _ in range(2):
        call_command("roll_over", verbosity=0)
    assert [_ready(job) for job in (fold_changes, fold_pyramids, sweep_tiles)] == [1, 1, 1]


@pytest.mark.django_db
def test_a_run_books_the_next_one_and_two_chains_become_one(booked: type) -> None:
    for _ in range(3):
        fold_changes.call()
    assert _ready(fold_changes) == 1


@pytest.mark.django_db
def test_a_run_that_fails_does_not_end_the_chain(booked: type, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(tasks, "fold", fail)
    with pytest.raises(RuntimeError):
        fold_changes.call()
    assert _ready(fold_changes) == 1


@pytest.mark.django_db
def test_runs_that_went_well_do_not_pile_up(booked: type) -> None:
    book_repeated()
    DBTaskResult.objects.update(status="SUCCESSFUL")
    fold_changes.call()
    assert DBTaskResult.objects.filter(task_path=fold_changes.module_path).count() == 1


@pytest.mark.django_db
def test_of_runs_that_failed_the_newest_hundred_stay(booked: type) -> None:
    for number in range(KEPT_FAILURES + 5):
        fold_changes.enqueue()
        finished = timezone.now() - timedelta(minutes=number)
        DBTaskResult.objects.filter(status="READY").update(status="FAILED", finished_at=finished)
    fold_changes.call()
    failed = DBTaskResult.objects.filter(task_path=fold_changes.module_path, status="FAILED")
    assert failed.count() == KEPT_FAILURES
    assert not failed.filter(finished_at__lt=timezone.now() - timedelta(minutes=KEPT_FAILURES)).exists()


@pytest.mark.django_db
def test_the_roll_over_at_midnight_begins_chains_that_broke_off(booked: type) -> None:
    tasks.roll_over_daily.call()
    assert [_ready(job) for job in (fold_changes, fold_pyramids, sweep_tiles)] == [1, 1, 1]
