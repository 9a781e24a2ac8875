"""Jobs that run again and again: a chain goes on whatever happens in one run, and never becomes two."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from layers import tasks
from layers.tasks import book_repeated, fold_changes, fold_pyramids
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
