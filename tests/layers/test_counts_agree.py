"""One question has one answer: by SQL, in the API, in the facets, on the list page, summed over tiles."""

from datetime import date

import pytest
from django.test import Client

from layers.layer import Layer
from layers.registry import all_layers
from tests.layers.oracle import expected
from tests.layers.questions import COUNT, questions

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]


@pytest.mark.parametrize("layer", LAYERS)
def test_the_api_and_the_list_count_what_sql_counts_under_twenty_filters(
    layer: Layer, client: Client, world: date
) -> None:
    asked = questions(layer, world)
    assert len(asked) == COUNT
    found = [(one, client.get(f"/api/v1/{layer.name}/", {**one, "limit": "1"})) for one in asked]
    counted = [(one, answer.json()["numberMatched"]) for one, answer in found]
    assert counted == [(one, expected(layer.name, one, world)) for one in asked]
    for one, number in counted:
        assert client.get(f"/list/{layer.name}", one).context["total"] == number, one


@pytest.mark.parametrize("layer", LAYERS)
def test_some_of_the_twenty_filters_find_something(layer: Layer, client: Client, world: date) -> None:
    """A world in which every question has no answer would prove nothing."""
    assert sum(expected(layer.name, one, world) > 0 for one in questions(layer, world)) >= 5


@pytest.mark.parametrize("layer", LAYERS)
def test_pages_by_cursor_give_every_row_once(layer: Layer, client: Client, world: date) -> None:
    ids: list[int] = []
    address = f"/api/v1/{layer.name}/?limit=400"
    while address:
        page = client.get(address).json()
        ids += [feature["id"] for feature in page["features"]]
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert len(ids) == len(set(ids)) == expected(layer.name, {}, world)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_facet_says_what_choosing_its_value_gives(layer: Layer, client: Client, world: date) -> None:
    for one in questions(layer, world)[:6]:
        answer = client.get(f"/api/v1/{layer.name}/facets/", one).json()
        for name, values in answer["facets"].items():
            for value in values[:4]:
                assert value["count"] == expected(layer.name, {**one, name: value["code"]}, world), (one, name, value)
