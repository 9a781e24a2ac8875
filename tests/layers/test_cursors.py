"""Cursors of keyset paging: of one layer, one question, one caller, and for a week (P06)."""

import time
from datetime import date

import pytest
from django.http import QueryDict

from accounts.models import User
from layers.cursors import MAX_AGE_S, read_cursor, write_cursor
from layers.errors import BadParameter, Gone
from layers.filters import parse
from layers.order import Place
from layers.query import FeatureQuery
from layers.registry import get

LAYER = get("laboratories")


@pytest.fixture
def query(world: date) -> FeatureQuery:
    return parse(LAYER, QueryDict("status=active"))


@pytest.fixture
def cursor(query: FeatureQuery) -> str:
    return write_cursor(Place(42), LAYER, query, None)


def test_it_leads_behind_the_id_that_it_was_made_for(query: FeatureQuery, cursor: str):
    assert read_cursor(cursor, LAYER, query, None) == Place(42)


def test_it_belongs_to_its_layer_its_question_and_its_caller(query: FeatureQuery, cursor: str):
    others = (
        (get("certification_bodies"), query, None),
        (LAYER, parse(LAYER, QueryDict("status=expired")), None),
        (LAYER, query, User(pk=1)),
    )
    for layer, asked, user in others:
        with pytest.raises(BadParameter, match=r"cursor\.invalid"):
            read_cursor(cursor, layer, asked, user)


def test_no_letter_of_it_can_be_changed_or_left_out(query: FeatureQuery, cursor: str):
    for at, letter in enumerate(cursor):
        for other in ("A" if letter != "A" else "B", ""):
            with pytest.raises(BadParameter, match=r"cursor\.invalid"):
                read_cursor(cursor[:at] + other + cursor[at + 1 :], LAYER, query, None)


@pytest.mark.parametrize(("age_s", "expired"), [(MAX_AGE_S - 60, False), (MAX_AGE_S + 60, True)])
def test_it_expires_after_a_week(query: FeatureQuery, age_s: int, expired: bool):
    then = time.time() - age_s
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("django.core.signing.time.time", lambda: then)
        cursor = write_cursor(Place(42), LAYER, query, None)
    if not expired:
        assert read_cursor(cursor, LAYER, query, None) == Place(42)
        return
    with pytest.raises(Gone, match=r"cursor\.expired"):
        read_cursor(cursor, LAYER, query, None)
