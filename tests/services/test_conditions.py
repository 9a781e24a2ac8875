"""A condition in CQL2 is one of the filters: pages, cursors, the nearest, lists, the schema and refusals know it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connections
from django.test import Client

from layers.cql2.reading import read_text
from layers.layer import Layer
from layers.query import FeatureQuery, matching
from layers.registry import all_layers, get

DEVICES = "/api/v1/measuring_devices/"
SAID = "status IN ('valid', 'due_soon') AND NOT device_type = 'fuel_dispenser'"


def ids(said: str) -> set[int]:
    layer = get("measuring_devices")
    query = FeatureQuery(day=date(2026, 11, 22), condition=read_text(said, layer))
    return set(matching(layer, query).values_list("pk", flat=True))


def test_pages_follow_one_another_under_a_condition(client: Client) -> None:
    found, address = [], f"{DEVICES}?limit=300&lang=en&filter={SAID}"
    while address:
        page = client.get(address).json()
        found += [feature["id"] for feature in page["features"]]
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert len(found) == page["numberMatched"] > 300 and set(found) == ids(SAID)


def test_a_cursor_is_of_its_condition_however_that_is_written(client: Client) -> None:
    page = client.get(DEVICES, {"limit": 1, "filter": SAID}).json()
    (link,) = [link["href"] for link in page["links"] if link["rel"] == "next"]
    (cursor,) = parse_qs(urlsplit(link).query)["cursor"]
    same = SAID.replace("AND NOT device_type", 'and  not "device_type"')
    assert client.get(DEVICES, {"filter": same, "limit": 1, "cursor": cursor}).status_code == 200
    for other in ({}, {"filter": "TRUE"}, {"filter": SAID.replace("valid", "void")}):
        answer = client.get(DEVICES, {**other, "limit": 1, "cursor": cursor})
        assert answer.status_code == 400 and answer.json()["code"] == "cursor.invalid"


def test_the_nearest_are_those_that_meet_the_condition(client: Client) -> None:
    answer = client.get(f"{DEVICES}nearest/", {"lon": "105.85", "lat": "21.03", "limit": "50", "filter": SAID}).json()
    assert len(answer["features"]) == 50
    assert {feature["id"] for feature in answer["features"]} <= ids(SAID)


def test_a_list_shows_the_condition_and_a_way_to_leave_it_out(client: Client) -> None:
    said = "name LIKE '%<b>&%' OR TRUE"
    page = client.get("/list/inspection_sites", {"filter": said, "site_kind": "market", "lang": "en"})
    (chip,) = [one for one in page.context["chosen"] if one["label"] == said]
    assert "filter" not in chip["href"] and "site_kind=market" in chip["href"]
    assert b"CQL2 condition" in page.content
    assert b"%&lt;b&gt;&amp;%" in page.content and b"<b>&" not in page.content


def test_the_schema_names_the_parameter_for_every_layer(client: Client) -> None:
    paths = client.get("/api/v1/schema/").json()["paths"]
    for layer in all_layers():
        said = [one["name"] for one in paths[f"/api/v1/{layer.name}/"]["get"]["parameters"]]
        assert said.count("filter") == 1


@pytest.mark.parametrize("layer", all_layers(), ids=lambda layer: layer.name)
def test_a_picture_of_the_map_says_the_condition(layer: Layer, client: Client) -> None:
    picture = client.get("/picture.svg", {"layers": layer.name, "filter": "id > 0", "lang": "en"})
    assert picture.status_code == 200 and "CQL2 condition: id &gt; 0" in picture.content.decode()


def test_a_condition_that_takes_too_long_is_ended_and_told(client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.QUERY_LIMITS_MS = dict.fromkeys(settings.QUERY_LIMITS_MS, 1)
    slow = " OR ".join(f"ACCENTI(CASEI(site)) LIKE '%{letter}x%y%z%q'" for letter in "abcdefghij")
    answer = client.get(DEVICES, {"filter": slow})
    assert answer.status_code == 422 and answer.json()["code"] == "filter.too_costly"


@contextmanager
def by_index() -> Iterator[None]:
    with connections["open"].cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        try:
            yield
        finally:
            cursor.execute("RESET enable_seqscan")


@pytest.mark.parametrize(
    ("said", "index"),
    [
        ("S_INTERSECTS(geom, BBOX(105.8, 21, 105.81, 21.01))", "geom"),
        ("S_WITHIN(geom, POLYGON((105.8 21, 105.81 21, 105.81 21.01, 105.8 21)))", "geom"),
        ("S_EQUALS(geom, POINT(105.8 21))", "geom"),
        ("province = '01'", "province_id"),
        ("commune IN ('00004')", "commune_id"),
        ("device_type = 'fuel_dispenser'", "device_type"),
        ("id IN (1, 2)", "id = ANY"),
    ],
)
def test_an_index_serves(said: str, index: str, world: date) -> None:
    layer = get("measuring_devices")
    rows = matching(layer, FeatureQuery(day=world, condition=read_text(said, layer))).values("pk")
    with by_index():
        plan = rows.explain()
    assert any("Index" in line and index in line for line in plan.splitlines()), plan
