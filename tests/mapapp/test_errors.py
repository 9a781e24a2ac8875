"""Refusals: a page for people, problem+json for programs, the same facts in both."""

import pytest
from django.test import Client

from tests.mapapp.pages import page

PROGRAMS = (
    "/api/v1/communes/?colour=red",
    "/tiles/communes/4/12/7.mvt?colour=red",
    "/layers.json?colour=red",
    "/area.json?colour=red",
    "/communes/4.json?colour=red",
)
PAGES = ("/list/communes?colour=red", "/communes/4?colour=red", "/about?colour=red")


@pytest.mark.parametrize("address", PROGRAMS)
def test_programs_get_a_problem(client: Client, address: str):
    response = client.get(address)
    problem = response.json()
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json; charset=utf-8")
    assert (problem["code"], problem["parameter"]) == ("param.unknown", "colour")
    assert problem["request_id"] == response["X-Request-ID"]
    assert "colour" in problem["detail_vi"] and "colour" in problem["detail_en"]


@pytest.mark.parametrize("address", PAGES)
def test_people_get_a_page_that_names_the_parameter_and_goes_on_without_it(client: Client, address: str):
    found = page(client, address, status=400)
    assert "colour" in found.text
    assert address.partition("?")[0] in found.links


def test_the_type_of_a_problem_leads_to_a_page(client: Client):
    problem = client.get(PROGRAMS[0]).json()
    page(client, problem["type"].partition("#")[0])


def test_a_refusal_speaks_english_when_asked(client: Client):
    assert "not valid" in page(client, "/list/communes?colour=red&lang=en", status=400).text
    assert client.get("/nowhere?lang=en").content.decode().count("Not found")


def test_a_page_that_is_not_there_offers_the_lists(client: Client):
    assert "/list/laboratories" in page(client, "/nowhere", status=404).links


@pytest.mark.parametrize("address", ["/nowhere", "/list/communes?colour=red", *PROGRAMS])
def test_a_refusal_is_not_kept(client: Client, address: str):
    assert client.get(address)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/list/communes?kind=' OR 1=1 --", "/communes/4?on=2026-02-30"])
def test_a_refusal_tells_nothing_of_the_inside(client: Client, address: str):
    source = client.get(address).content.decode()
    assert [word for word in ("Traceback", "SELECT", "psycopg", "django", ".py") if word in source] == []


@pytest.mark.parametrize("query", ["x" * 9000, "&".join(f"p{number}=1" for number in range(5000))])
@pytest.mark.parametrize("path", ["/list/communes", "/api/v1/communes/"])
def test_an_endless_address_is_refused(client: Client, path: str, query: str):
    assert client.get(f"{path}?{query}").status_code in (400, 414)


def test_a_page_says_so_when_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch):
    client.raise_request_exception = False
    monkeypatch.setattr("mapapp.views.list_context", _fail)
    found = page(client, "/list/communes", status=500)
    assert "Dữ liệu không thay đổi" in found.text
    assert "secret" not in found.source


def _fail(*args: object) -> None:
    raise RuntimeError("secret")
