"""One reading is one moment, and a count that takes too long is left out or refused, never guessed."""

from datetime import date

import pytest
from django.db import connections, transaction
from django.db.models import QuerySet
from django.test import Client

from layers.counting import count, count_within_limit
from layers.errors import TooCostly
from layers.query import FeatureQuery, matching, reading
from layers.registers.base import PUBLIC
from layers.registers.sites import InspectionSite
from layers.registry import get


def test_what_others_commit_meanwhile_is_not_in_a_reading(world: date, committed) -> None:  # type: ignore[no-untyped-def]
    sites, asked = get("inspection_sites"), FeatureQuery(day=world)
    copy = InspectionSite.objects.filter(publish_state=PUBLIC)[0]
    copy.pk, copy.source_id = None, "test-meanwhile"
    with reading(None, "page"):
        before = count(sites, asked)
        committed(copy)
        assert count(sites, asked) == before
    assert count(sites, asked) == before + 1


@pytest.fixture
def slow_counts(monkeypatch: pytest.MonkeyPatch, settings) -> None:  # type: ignore[no-untyped-def]
    settings.QUERY_LIMITS_MS = {**settings.QUERY_LIMITS_MS, "count": 50, "page": 4000}
    monkeypatch.setattr(QuerySet, "count", lambda rows: connections[rows.db].cursor().execute("SELECT pg_sleep(5)"))


def test_a_count_of_words_that_takes_too_long_is_left_out(client: Client, slow_counts: None) -> None:
    page = client.get("/api/v1/laboratories/?q=trung").json()
    assert page["numberReturned"] == len(page["features"]) > 0
    assert "numberMatched" not in page
    words = client.get("/list/laboratories?q=trung&lang=en").content.decode()
    assert "Too many to count in time" in words


def test_a_count_of_codes_is_never_left_out(world: date, client: Client, slow_counts: None) -> None:
    asked = FeatureQuery(day=world, values={"status": ("active",)}, provinces=("01",))
    with pytest.raises(TooCostly):
        count_within_limit(get("laboratories"), asked)
    assert client.get("/api/v1/laboratories/?status=active").status_code == 422


def test_a_reading_goes_on_after_a_count_that_took_too_long(world: date, slow_counts: None) -> None:
    asked = FeatureQuery(day=world, words=("trung",))
    with reading(None, "page"):
        assert count_within_limit(get("laboratories"), asked) is None
        assert matching(get("laboratories"), asked).exists()


def test_a_reader_who_waits_for_a_lock_is_told_to_come_back(client: Client) -> None:
    with transaction.atomic():
        connections["default"].cursor().execute("LOCK TABLE layers_inspectionsite IN ACCESS EXCLUSIVE MODE")
        answer = client.get("/api/v1/inspection_sites/?limit=1")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/api/v1/inspection_sites/?limit=1").status_code == 200
