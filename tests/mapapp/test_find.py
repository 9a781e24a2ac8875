"""The page that says who can do it, as a reader without JavaScript sees it."""

import html

import pytest
from django.test import Client


def page(client: Client, **parameters: str) -> str:
    answer = client.get("/find", parameters)
    assert answer.status_code == 200, answer.content
    return html.unescape(answer.content.decode())


def test_the_empty_page_offers_examples_that_find_something(client: Client) -> None:
    text = page(client)
    assert "kiểm định cân bàn 60 kg" in text
    for example in ("kiểm định cân bàn 60 kg", "hiệu chuẩn áp kế 25 bar", "chì trong nước; E. coli trong nước"):
        assert "found-places" in page(client, competence=example), example


def test_places_are_named_with_what_permits_them_distance_and_directions(client: Client) -> None:
    text = page(client, competence="kiểm định cân bàn", lon="105.85", lat="21.03")
    assert "Chỉ định" in text and "hiệu lực đến" in text and "đường chim bay" in text
    assert " km" in text and 'href="geo:' in text and "Đến tận nơi" in text


def test_a_device_without_an_activity_asks_whether_verification_or_calibration(client: Client) -> None:
    assert "Cần kiểm định hay hiệu chuẩn?" in page(client, competence="cân bàn")
    assert "Cần kiểm định hay hiệu chuẩn?" not in page(client, competence="cân bàn", activity="calibration")


def test_fields_left_empty_ask_for_nothing(client: Client) -> None:
    assert "found-places" in page(client, competence="chì nước", activity="", province="", on="")


def test_nothing_found_says_why_and_what_to_try(client: Client) -> None:
    assert "Chưa thấy nơi nào" in page(client, competence="hiệu chuẩn cân ô tô 900 tấn")


def test_it_speaks_english(client: Client) -> None:
    assert "Comes to you" in page(
        client, competence="verification of a bench scale", lon="105.85", lat="21.03", lang="en"
    )


@pytest.mark.parametrize("parameters", [{"competence": "trong"}, {"competence": "chì", "province": "99"}])
def test_what_cannot_be_asked_is_refused_in_words(client: Client, parameters: dict[str, str]) -> None:
    assert client.get("/find", parameters).status_code == 400
