"""What refusals say: the values, names or layers that there are, so that the next try is right."""

import pytest
from django.http import HttpResponse
from django.test import Client

from geodata.models import AdministrativeUnit
from layers.filters import MAX_TEXT, MAX_WORDS
from layers.registry import all_layers


def told(client: Client, address: str) -> dict:
    answer: HttpResponse = client.get(address)
    assert 400 <= answer.status_code < 500, answer.content[:200]
    return answer.json()


@pytest.mark.parametrize("value", ["99", "", "1", "01,99"])
def test_an_unknown_province_is_answered_with_the_codes_of_all(client: Client, value: str) -> None:
    codes = AdministrativeUnit.objects.in_force().provinces().values_list("code", flat=True)
    problem = told(client, f"/api/v1/laboratories/?province={value}")
    assert problem["code"] == "province.unknown" and len(codes) == 34
    for text in (problem["detail_vi"], problem["detail_en"]):
        assert all(code in text for code in codes)


@pytest.mark.parametrize("value", ["99999", ""])
def test_an_unknown_commune_is_answered_with_where_the_codes_stand(client: Client, value: str) -> None:
    problem = told(client, f"/api/v1/laboratories/?commune={value}")
    assert "/api/v1/communes/" in problem["detail_vi"] and "/api/v1/communes/" in problem["detail_en"]
    assert client.get("/api/v1/communes/?limit=1").json()["features"][0]["properties"]["code"]


def test_a_list_that_is_cut_shows_that_it_is(client: Client) -> None:
    assert "…" in told(client, "/api/v1/measuring_devices/?device_type=nothing")["detail_en"]


@pytest.mark.parametrize("day", ["1800-01-01", "9999-01-01"])
def test_a_day_beyond_the_range_is_answered_with_the_range(client: Client, day: str) -> None:
    problem = told(client, f"/api/v1/laboratories/?on={day}")
    assert "1900-01-01" in problem["detail_en"] and "2200-12-31" in problem["detail_vi"]
    assert "real" not in problem["detail_en"]


@pytest.mark.parametrize(
    "address", ["/api/v1/nothing/", "/api/v1/nothing", "/tiles/nothing/3/6/3.mvt", "/tiles/nothing.json"]
)
def test_an_unknown_layer_is_answered_with_the_layers(client: Client, address: str) -> None:
    problem = told(client, address)
    assert problem["status"] == 404 and "nothing" in problem["detail"]
    assert all(layer.name in problem["detail_vi"] for layer in all_layers())


def test_a_tile_outside_is_answered_with_the_zooms_of_its_layer(client: Client) -> None:
    assert "0 to 16" in told(client, "/tiles/laboratories/17/0/0.mvt")["detail_en"]
    assert "0 to 12" in told(client, "/tiles/provinces/13/0/0.mvt")["detail_en"]


@pytest.mark.parametrize(
    ("asked", "named", "wanted"),
    [
        ("laboratories.province=01", "province applies to all layers", "write province, "),
        ("laboratories.statu=active", "“laboratories.statu”", "laboratories.status"),
        ("provnce=01", "“provnce”", "province"),
        ("status=active", "status", "laboratories.status"),
    ],
)
def test_the_map_answers_a_wrong_name_shortly_with_the_right_one(
    client: Client, asked: str, named: str, wanted: str
) -> None:
    page = client.get(f"/?lang=en&{asked}")
    assert page.status_code == 400
    lead = page.content.decode().partition('<p class="lead">')[2].partition("</p>")[0]
    assert named in lead and wanted in lead and len(lead) < 200


def test_a_name_like_no_other_is_refused_without_a_list_of_all(client: Client) -> None:
    page = client.get("/?lang=en&zzzzzzz=1").content.decode()
    assert "There is no parameter “zzzzzzz” here.</p>" in page


@pytest.mark.parametrize(("text", "status"), [("ab" * (MAX_TEXT // 2), 200), ("a" * (MAX_TEXT + 1), 400)])
def test_a_text_may_be_as_long_as_a_name(client: Client, text: str, status: int) -> None:
    assert client.get("/api/v1/laboratories/", {"q": text}).status_code == status


@pytest.mark.parametrize(("number", "status"), [(MAX_WORDS, 200), (MAX_WORDS + 1, 400)])
def test_a_text_may_have_as_many_words_as_a_name(client: Client, number: int, status: int) -> None:
    assert client.get("/api/v1/laboratories/", {"q": " ".join(["an"] * number)}).status_code == status
