"""The nearest features, compared with all distances computed one by one."""

import pytest
from django.db import connection
from django.test import Client

from layers.layer import Layer
from layers.query import FeatureQuery, matching
from layers.registry import all_layers

PLACES = ((105.85, 21.03), (106.70, 10.78), (108.22, 16.07), (111.9, 16.4), (100.0, 5.0), (180.0, 0.0))


def by_all_distances(layer: Layer, day, lon: float, lat: float, limit: int) -> list[float]:  # type: ignore[no-untyped-def]
    ids = list(matching(layer, FeatureQuery(day=day)).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography) AS metres"
            f' FROM "{layer.model._meta.db_table}" WHERE id = ANY(%s) ORDER BY metres LIMIT %s',
            [lon, lat, ids, limit],
        )
        return [metres for (metres,) in cursor.fetchall()]


@pytest.mark.parametrize("layer", [one for one in all_layers() if one.geometry == "point"], ids=lambda one: one.name)
def test_they_are_the_nearest_by_true_distance_nearest_first(client: Client, world, layer: Layer) -> None:  # type: ignore[no-untyped-def]
    for lon, lat in PLACES:
        answer = client.get(f"/api/v1/{layer.name}/nearest/", {"lon": lon, "lat": lat, "limit": 7})
        assert answer.status_code == 200, answer.content
        found = [feature["properties"]["distance_m"] for feature in answer.json()["features"]]
        assert found == pytest.approx(by_all_distances(layer, world, lon, lat, 7), abs=0.06)


def test_inside_an_area_the_distance_is_none_at_all(client: Client) -> None:
    first = client.get("/api/v1/provinces/nearest/", {"lon": 105.85, "lat": 21.03, "limit": 2}).json()["features"][0]
    assert (first["properties"]["code"], first["properties"]["distance_m"]) == ("01", 0.0)


def test_all_filters_hold(client: Client) -> None:
    asked = {"lon": 105.85, "lat": 21.03, "limit": 100, "site_kind": "fuel_station", "province": "48"}
    features = client.get("/api/v1/inspection_sites/nearest/", asked).json()["features"]
    assert features and {one["properties"]["site_kind"] for one in features} == {"fuel_station"}
    assert {one["properties"]["province"] for one in features} == {"48"}


def test_fewer_than_asked_are_all_there_are(client: Client) -> None:
    asked = {"province": "48", "site_kind": "gold_shop", "status": "x"}
    assert client.get("/api/v1/inspection_sites/nearest/", {"lon": 1, "lat": 1, **asked}).status_code == 400
    few = {"province": "48", "site_kind": "gold_shop"}
    total = client.get("/api/v1/inspection_sites/", {**few, "limit": 1}).json()["numberMatched"]
    found = client.get("/api/v1/inspection_sites/nearest/", {"lon": 105, "lat": 21, "limit": 100, **few}).json()
    assert found["numberReturned"] == min(total, 100)


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({}, "lon"),
        ({"lon": "1"}, "lat"),
        ({"lon": "1", "lat": "91"}, "lat"),
        ({"lon": "nan", "lat": "1"}, "lon"),
        ({"lon": "1", "lat": "1", "limit": "0"}, "limit"),
        ({"lon": "1", "lat": "1", "colour": "red"}, "colour"),
    ],
)
def test_bad_parameters_are_refused_by_name(client: Client, parameters: dict[str, str], named: str) -> None:
    answer = client.get("/api/v1/laboratories/nearest/", parameters)
    assert (answer.status_code, answer.json()["parameter"]) == (400, named)
