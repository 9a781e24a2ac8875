"""Programs of any origin read the answers and the refusals; what staff alone may see is for its own origin."""

import pytest
from django.test import Client

ANSWERS = (
    *("/api/v1/", "/api/v1/laboratories/?limit=1", "/api/v1/laboratories/facets/", "/api/v1/search/?q=ba dinh"),
    *("/api/v1/schema/", "/layers.json", "/tiles/laboratories.json", "/style.json"),
)
REFUSALS = (
    *("/api/v1/laboratories/?nothing=1", "/api/v1/nothing/", "/api/v1/schema/?nothing=1", "/api/v1/search/?q="),
    *("/layers.json?nothing=1", "/tiles/nothing.json", "/tiles/laboratories/99/0/0.mvt"),
)


@pytest.mark.parametrize("address", ANSWERS)
def test_an_answer_is_read_from_any_origin(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers.get("Access-Control-Allow-Origin")) == (200, "*")


@pytest.mark.parametrize("address", REFUSALS)
def test_a_refusal_is_read_from_any_origin(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in (400, 404) and answer["Content-Type"].startswith("application/problem+json")
    assert answer.headers.get("Access-Control-Allow-Origin") == "*"


def test_a_refusal_to_staff_is_for_its_own_origin(client: Client) -> None:
    answer = client.get("/api/v1/laboratories/?scope=staff")
    assert answer.status_code >= 400 and "Access-Control-Allow-Origin" not in answer.headers
