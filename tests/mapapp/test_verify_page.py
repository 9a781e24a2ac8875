"""The page of the check, without JavaScript: one field, one answer, and ways on from it."""

import re

import pytest
from django.templatetags.static import static
from django.test import Client

from geodata.text import search_key
from mapapp.modules import needed_by
from tests.mapapp.pages import Page, page
from tests.mapapp.record_rows import a_fact, a_place, line_at
from tests.services.verify_rows import Save, a_body, a_device, a_pass

ADDRESSES = [
    *("/verify", "/verify?number=VILAS 5001", "/verify?number=VILAS 5OO1", "/verify?number=8934567890123"),
    *("/verify?number=MH-HC 1", "/verify?number=MH-HC 1&on=2026-01-01", "/verify/signed"),
]
REFUSED = ["/verify?number=--", "/verify?number=VILAS 5001&on=2026-02-30", "/verify?number=MH-KĐ 12&item=máy bay"]


@pytest.mark.parametrize("address", [*ADDRESSES, *REFUSED])
@pytest.mark.parametrize("language", ["", "en"])
def test_it_is_a_whole_page_in_both_languages(client: Client, address: str, language: str) -> None:
    where = f"{address}{'&' if '?' in address else '?'}lang={language}" if language else address
    found = page(client, where, status=400 if address in REFUSED else 200)
    assert found.all("html", lang=language or "vi") and len(found.all("h1")) == 1
    assert (found.unbalanced, found.open) == ([], [])
    ids = [attrs["id"] for _, attrs in found.elements if "id" in attrs]
    assert sorted(ids) == sorted(set(ids))
    assert [one for one in found.fetched if not one.startswith("/static/")] == []
    assert [attrs for _, attrs in found.elements if "style" in attrs or "onclick" in attrs] == []


def test_an_empty_page_says_what_it_answers(client: Client) -> None:
    found = page(client, "/verify")
    assert found.all("input", name="number") and "Các câu trả lời" in found.text


def test_the_answer_stands_on_the_page_with_its_days_as_readers_write_them(client: Client) -> None:
    answer = client.get("/api/v1/verify/", {"number": "VILAS 5001"}).json()
    found = page(client, "/verify?number=VILAS 5001")
    year, month, day = answer["evidence"]["valid_until"].split("-")
    assert answer["title"] in found.text and f"{day}/{month}/{year}" in found.text
    assert found.all("section", **{"data-answer": answer["answer"]})


def test_mark_and_tone_follow_the_answer(client: Client, committed: Save) -> None:
    device, body = a_device(committed, "SN-79001"), a_body(committed)
    a_pass(committed, device, body, certificate_no="79001/KĐ")
    for on, tone, mark in (
        ("2026-11-22", "valid", "✓"),
        ("2027-06-01", "overdue", "!"),
        ("2026-01-01", "unknown", "○"),
    ):
        found = page(client, f"/verify?number=79001/KĐ&on={on}")
        assert found.all("section", **{"data-tone": tone}) and mark in found.text


def test_what_a_form_sends_empty_leaves_the_address(client: Client) -> None:
    answer = client.get("/verify?number=VILAS+5001&on=&item=&lang=en")
    assert (answer.status_code, answer["Location"]) == (302, "/verify?number=VILAS%205001&lang=en")
    assert client.get("/verify?number=")["Location"] == "/verify"
    assert client.get("/verify?number=VILAS+5001&fbclid=x")["Location"] == "/verify?number=VILAS%205001"


@pytest.mark.parametrize(("address", "field"), [*zip(REFUSED, ("number", "on", "item"), strict=True)])
def test_an_error_stands_beside_its_field_and_on_top(client: Client, address: str, field: str) -> None:
    found = page(client, address, status=400)
    assert found.all("input", id=field)[0]["aria-invalid"] == "true"
    assert f"#{field}" in found.links and found.all("p", id=f"{field}-error")
    assert not found.all("section", **{"data-tone": "valid"})


def test_an_unknown_parameter_is_refused_by_name(client: Client) -> None:
    assert "colour" in page(client, "/verify?colour=red", status=400).text


def test_near_misses_and_choices_are_links(client: Client, committed: Save) -> None:
    for name, serial in (("Trung tâm Một", "SN-79002"), ("Trung tâm Hai", "SN-79003")):
        a_pass(committed, a_device(committed, serial), a_body(committed, name), certificate_no="79/2026-KĐ")
    found = page(client, "/verify?number=79/2026-KĐ&on=2026-11-22")
    choices = [link for link in found.links if "body=" in link]
    assert len(choices) == 2 and all("on=2026-11-22" in link for link in choices)
    assert page(client, choices[0]).all("section", **{"data-answer": "valid"})
    missed = page(client, "/verify?number=79/2O26-KĐ")
    (meant,) = [link for link in missed.links if "79/2026" in link and "/report" not in link]
    assert page(client, meant).all("section", **{"data-answer": "which"})


def test_a_name_typed_for_a_number_leads_to_the_records_of_that_name(client: Client, committed: Save) -> None:
    short, long = "Trung tâm Kỹ thuật 3", "Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng Thử Tên 3"
    for name, status in ((short, 200), (long, 400)):
        place = a_place(committed, a_body(committed), name=name, search_key=search_key(name))
        line_at(committed, place, a_fact(committed, place, f"{len(name)}/QĐ-TĐC"), "Nước sạch")
        shown = page(client, f"/verify?number={name}&lang=en", status=status)
        assert f"/laboratories/{place.pk}?lang=en" in shown.links
    numbers = [page(client, f"/verify?number={number}") for number in ("VILAS 50011", "Quatest 3", "8804")]
    assert not [link for shown in numbers for link in shown.links if link.startswith("/laboratories/")]


def test_every_answer_can_be_reported_and_has_its_address(client: Client) -> None:
    found = page(client, "/verify?number=VILAS 5OO1&lang=en")
    assert any(link.startswith("/report?number=VILAS5OO1") for link in found.links)
    assert any(link.startswith("http://127.0.0.1/verify?number=") for link in found.links)


def test_a_scanned_address_answers_as_the_number_in_it(client: Client) -> None:
    found = page(client, "/verify?number=https://example.vn/qr?so%3DVILAS%205001")
    assert "VILAS 5001" in found.text and found.all("section", **{"data-answer": "valid"})


def test_text_of_the_address_is_never_markup(client: Client) -> None:
    found = page(client, "/verify?number=<b>1</b><script>&item=<i>x</i>", status=200)
    assert not found.all("b") and not found.all("i")


def test_the_signed_copy_is_a_code_and_a_link(client: Client) -> None:
    found = page(client, "/verify?number=VILAS 5001&lang=en")
    assert len(found.all("svg", **{"class": "qr"})) == 1
    assert any(re.match(r"/verify/signed\?lang=en#[\w-]+\.[\w-]+$", link) for link in found.links)


def test_the_worker_keeps_everything_that_the_page_of_signed_copies_fetches(client: Client) -> None:
    response = client.get("/verify/worker.js")
    assert response["Content-Type"].startswith("text/javascript") and response["Cache-Control"] == "no-cache"
    text = response.content.decode()
    here = static("js/main.js").removesuffix("js/main.js")
    assert f'STATIC = "{here}"' in text
    kept = {name if name[0] == "/" else here + name for name in re.findall(r'^  "([^"]+)",$', text, re.M)}
    wanted = set(page(client, "/verify/signed").fetched)
    for path in [one for one in wanted if one.endswith(".js")]:
        wanted |= {static(name) for name in needed_by(path.removeprefix(here))}
    assert wanted <= kept
    assert [one for one in kept if client.get(one).status_code != 200] == []
    assert {"/verify/signed", "/verify/signed?lang=en", "/verify/keys.json"} <= kept


def test_pages_of_before_have_a_way_to_the_check(client: Client) -> None:
    assert "/verify" in Page(client.get("/about")).links
