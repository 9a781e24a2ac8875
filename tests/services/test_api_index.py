"""Where the API begins, and addresses without their last slash."""

import pytest
from django.test import Client

from layers.registry import all_layers


def test_the_root_of_the_api_names_every_layer_and_every_address_answers(client: Client) -> None:
    index = client.get("/api/v1/?lang=en").json()
    assert [one["id"] for one in index["layers"]] == [layer.name for layer in all_layers()]
    for layer in index["layers"]:
        assert layer["title"] and layer["description"]
        for address in layer["links"].values():
            assert client.get(address).status_code == 200, address
    for name, address in index["links"].items():
        asked = {"search": "ha noi", "find": "chì", "verify": "VILAS 5001"}.get(name, "")
        assert client.get(address + asked).status_code == 200, address


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1",
        "/api/v1/search?q=ha%20noi",
        "/api/v1/schema",
        "/api/v1/laboratories?status=active,expired&limit=1",
        "/api/v1/laboratories/facets?only=status",
    ],
)
def test_a_missing_last_slash_is_added_and_the_question_kept(client: Client, address: str) -> None:
    answer = client.get(address)
    path, _, query = address.partition("?")
    assert (answer.status_code, answer["Location"]) == (308, f"{path}/?{query}" if query else f"{path}/")
    assert client.get(answer["Location"]).status_code == 200


def test_nothing_but_reading_is_led_on(client: Client) -> None:
    assert client.post("/api/v1/laboratories").status_code == 405
