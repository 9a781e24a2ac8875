"""Demo data says what it is on every page and in every export, of every layer; real data does not."""

from collections.abc import Iterator

import pytest
from django.test import Client

from layers.layer import Layer
from layers.models import DataOrigin
from layers.query import FeatureQuery, matching
from layers.registry import all_layers
from tests.conftest import DAY
from tests.mapapp.pages import page

LAYERS = pytest.mark.parametrize("layer", all_layers(), ids=lambda layer: layer.name)
WORDS = {"vi": "Dữ liệu minh họa", "en": "Demo data"}
LANGUAGES = pytest.mark.parametrize("language", WORDS)


def a_record(layer: Layer) -> int:
    return matching(layer, FeatureQuery(day=DAY)).order_by("pk").values_list("pk", flat=True)[0]


def answers(layer: Layer) -> list[str]:
    """The addresses that answer with JSON of this layer."""
    number = a_record(layer)
    api = f"/api/v1/{layer.name}/"
    return [f"/{layer.name}/{number}.json", f"{api}?limit=1", f"{api}{number}/", f"{api}facets/?only=province"]


@pytest.fixture
def real_data(world: object) -> Iterator[None]:
    """The same rows, without the note that they are invented."""
    note = DataOrigin.objects.get(name="demo")
    note.delete()
    yield
    DataOrigin.objects.create(name=note.name, value=note.value)


@LAYERS
@LANGUAGES
def test_pages_of_a_layer_say_so(client: Client, layer: Layer, language: str):
    for address in (f"/list/{layer.name}", f"/{layer.name}/{a_record(layer)}"):
        assert WORDS[language] in page(client, f"{address}?lang={language}").text


@LANGUAGES
@pytest.mark.parametrize(("address", "status"), [("/", 200), ("/about", 200), ("/about/errors", 200), ("/no", 404)])
def test_other_pages_say_so(client: Client, address: str, status: int, language: str):
    assert WORDS[language] in page(client, f"{address}?lang={language}", status=status).text


@LAYERS
def test_answers_of_a_layer_say_so(client: Client, layer: Layer):
    assert {address: client.get(address).json().get("demo") for address in answers(layer)} == dict.fromkeys(
        answers(layer), True
    )
    assert client.get(f"/tiles/{layer.name}.json").json()["attribution"].startswith(WORDS["vi"])


@LANGUAGES
def test_answers_of_all_layers_say_so(client: Client, language: str):
    assert client.get(f"/layers.json?lang={language}").json()["demo"] is True
    assert client.get(f"/api/v1/search/?q=Ha Noi&lang={language}").json()["demo"] is True
    sources = client.get(f"/style.json?lang={language}").json()["sources"]
    said = [sources[layer.name].get("attribution", "") for layer in all_layers()]
    assert [words for words in said if not words.startswith(WORDS[language])] == []


def test_real_data_is_not_called_invented(client: Client, real_data: None):
    layer = all_layers()[0]
    assert [address for address in answers(layer) if client.get(address).json().get("demo")] == []
    assert WORDS["vi"] not in client.get(f"/tiles/{layer.name}.json").json()["attribution"]
    assert WORDS["vi"] not in page(client, f"/list/{layer.name}").text
    assert WORDS["vi"] not in client.get("/style.json").json()["sources"][layer.name].get("attribution", "")
