"""Connections of long answers are kept from one to the next, and nothing of the one is in the other."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django.test import Client

from layers.access import User
from layers.query import reading
from services.streaming.connections import end_all
from services.streaming.reading import Reader

PAGE = "/ogc/collections/measuring_devices/items?limit=1500&f=json"
PID = "SELECT pg_backend_pid()"
MANY = "SELECT generate_series(1, 100000)"


@pytest.fixture(autouse=True)
def none_kept(world: date) -> Iterator[None]:
    """Each test begins and ends without any."""
    end_all()
    yield
    end_all()


def pid_of_reader(user: User = None) -> int:
    with reading(user, "page"), Reader(user) as reader:
        return reader.value(PID, ())


def state_of(pid: int) -> str | None:
    """What a backend does now; None when there is none."""
    with connections["open"].cursor() as cursor:
        cursor.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", [pid])
        found = cursor.fetchone()
        return found[0] if found else None


def test_the_next_answer_has_the_connection_of_the_last() -> None:
    first = pid_of_reader()
    assert (pid_of_reader(), state_of(first)) == (first, "idle")


def test_staff_have_others_than_the_public() -> None:
    of_public, of_staff = pid_of_reader(), pid_of_reader(AnonymousUser())
    assert of_public != of_staff
    assert (pid_of_reader(), pid_of_reader(AnonymousUser())) == (of_public, of_staff)


def test_two_at_once_have_one_each() -> None:
    with reading(None, "page"), Reader(None) as one, Reader(None) as other:
        assert one.value(PID, ()) != other.value(PID, ())


def test_what_was_read_by_half_is_not_in_the_way_of_the_next() -> None:
    with reading(None, "page"):
        left = Reader(None)
        half_read = left.pieces(MANY, ())
        next(half_read)
        left.close()
        left.close()
        with Reader(None) as reader:
            pieces = reader.pieces(MANY, ())
            first = len(next(pieces))
            half_read.close()
            assert first + sum(map(len, pieces)) == 100_000


def test_each_sees_what_stood_when_its_question_came() -> None:
    pid = pid_of_reader()
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (now,) = cursor.fetchone()
    with reading(None, "page"), Reader(None) as reader:
        assert reader.value(PID, ()) == pid
        assert reader.value("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint", ()) > now


def test_a_connection_that_the_database_ended_is_made_anew(client: Client) -> None:
    pid = pid_of_reader()
    with connections["open"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert pid_of_reader() != pid
    assert len(b"".join(client.get(PAGE))) > 100_000


def test_an_answer_that_failed_leaves_a_sound_connection() -> None:
    pid = pid_of_reader()
    with reading(None, "page"):
        broken = Reader(None)
        with pytest.raises(Exception, match="division by zero"):
            broken.value("SELECT 1 / (SELECT 0)", ())
        broken.close()
    assert (state_of(pid), pid_of_reader()) == ("idle", pid)


def test_an_answer_whose_connection_is_gone_gives_its_place_back(client: Client) -> None:
    """Who takes nothing for a minute loses his transaction (idle_in_transaction_session_timeout), then leaves."""
    for _ in range(2 * settings.DOWNLOADS_AT_ONCE):
        answer = client.get(PAGE)
        next(iter(answer))
        with connections["open"].cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE state = 'idle in transaction' AND pid <> pg_backend_pid() AND datname = current_database()"
            )
            assert cursor.fetchall() == [(True,)]
        answer.close()
    assert len(b"".join(client.get(PAGE))) > 100_000


def test_a_reader_who_goes_leaves_no_transaction_behind(client: Client) -> None:
    pid = pid_of_reader()
    answer = client.get(PAGE)
    next(iter(answer))
    assert state_of(pid) == "idle in transaction"
    answer.close()
    assert state_of(pid) == "idle"
