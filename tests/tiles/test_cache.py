"""Kept tiles: the same bytes while nothing changes, the new state in the very next answer after a commit."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from layers.models import InspectionSite
from tiles import cache

ADDRESS = "/tiles/inspection_sites/12/3252/1803.mvt"


def test_a_second_request_makes_no_tile(client: Client, world: date, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(ADDRESS).content
    monkeypatch.setattr(cache, "make_tile", lambda *_: pytest.fail("made again"))
    assert client.get(ADDRESS).content == first


def test_a_commit_shows_in_the_next_answer(client: Client, committed: Callable, world: date) -> None:
    model = InspectionSite.objects.filter(publish_state="approved_public")[0]
    before = client.get(ADDRESS).content
    model.pk, model.source_id, model.name = None, "test-cache", "Điểm thử"
    model.geom = "SRID=4326;POINT(105.85 21.03)"
    committed(model)
    after = client.get(ADDRESS).content
    assert after != before and "Điểm thử".encode() in after


def test_a_private_row_changes_no_public_byte(client: Client, committed: Callable, world: date) -> None:
    before = client.get(ADDRESS).content
    model = InspectionSite.objects.filter(publish_state="approved_public")[0]
    model.pk, model.source_id, model.publish_state = None, "test-private", "internal"
    model.geom = "SRID=4326;POINT(105.85 21.03)"
    committed(model)
    assert client.get(ADDRESS).content == before


def test_what_is_kept_stays_within_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MAX_BYTES", cache._size + 100)
    for number in range(20):
        cache._keep((f"test {number}", None, None), "1:1:", b"x" * 60)  # type: ignore[arg-type]
    assert cache._size <= cache.MAX_BYTES
