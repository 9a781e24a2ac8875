"""Codes and units of a condition are the bare filters of the same names: so they are counted at any size."""

from datetime import date
from unittest.mock import patch

import pytest
from django.http import QueryDict

from layers.counting import count_within_limit
from layers.filters import parse
from layers.layer import Layer
from layers.plain import plainly
from layers.query import FeatureQuery, matching
from layers.registry import all_layers, get
from tests.services.one_question import Codes, Question, questions

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]


def asked(layer: Layer, parameters: dict[str, str]) -> FeatureQuery:
    given = QueryDict(mutable=True)
    given.update(parameters)
    return parse(layer, given)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_condition_of_codes_is_the_bare_question(layer: Layer, world: date) -> None:
    by_key = layer.units.by == "key"
    drawn = [
        tuple(part for part in one.parts if isinstance(part, Codes) and (by_key or part.name != "province"))
        for one in questions(layer, world, 30)
    ]
    found = 0
    for parts in filter(None, drawn):
        question = Question(layer, parts)
        bare = asked(layer, question.bare())
        assert plainly(layer, asked(layer, {"filter": question.text()})) == bare
        found += 1
    assert found


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        ("status='overdue' OR device_type='fuel_dispenser'", True),
        ("NOT status='overdue'", True),
        ("status<>'overdue'", True),
        ("CASEI(status)=CASEI('overdue')", True),
        ("status='nonsense'", True),
        ("province='1'", True),
        ("status='overdue' AND status='valid'", True),
        ("status='overdue' OR status='valid'", False),
        ("status IN ('overdue') AND province='01'", False),
    ],
)
def test_what_the_grammar_cannot_say_stays_a_condition(condition: str, left: bool, world: date) -> None:
    layer = get("measuring_devices")
    query = asked(layer, {"filter": condition})
    plain = plainly(layer, query)
    assert (plain.condition is not None) is left
    assert matching(layer, plain).count() == matching(layer, query).count() == count_within_limit(layer, query)


def test_a_bare_filter_of_the_same_name_holds_beside_the_condition(world: date) -> None:
    layer = get("measuring_devices")
    query = asked(layer, {"status": "overdue,valid", "filter": "status IN ('valid', 'due_soon')"})
    assert plainly(layer, query).values == query.values
    assert count_within_limit(layer, query) == matching(layer, asked(layer, {"status": "valid"})).count()


def test_codes_of_a_condition_are_counted_without_a_look_at_the_rows(world: date) -> None:
    layer = get("measuring_devices")
    query = asked(layer, {"filter": "status='overdue' AND province IN ('01', '79')"})
    with patch("layers.counting.matching", side_effect=AssertionError("the rows were counted")):
        assert count_within_limit(layer, query)
