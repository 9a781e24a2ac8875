"""What every public page has, whatever it shows."""

import pytest
from django.test import Client
from django.utils.translation import override

from geodata.language import language_of
from layers.registry import all_layers
from tests.mapapp.pages import Page, page

FIRST_ROW = {layer.name: layer.model for layer in all_layers()}
STANDING = ("/", "/about", "/about/errors", *(f"/list/{name}" for name in FIRST_ROW))
ADDRESSES = [*STANDING, "/list/laboratories?status=active", "/nowhere", "/laboratories/9999999999", "/list/nothing"]
HANDLERS = ("onclick", "onload", "onerror", "onsubmit", "onchange", "style")


READ: dict[str, Page] = {}


def read(client: Client, address: str) -> Page:
    """The page at that address, whatever its status; asked for once, since many claims are made of the same page."""
    if address not in READ:
        READ[address] = Page(client.get(address))
    return READ[address]


@pytest.mark.parametrize("address", STANDING)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_answers_in_both_languages(client: Client, address: str, language: str):
    found = page(client, f"{address}?lang={language}")
    assert found.all("html", lang=language)
    assert len(found.all("h1")) == 1


ENGLISH = (
    *(f"/list/{name}?lang=en" for name in FIRST_ROW),
    "/find?lang=en&competence=chì nước",
    "/find?lang=en&competence=kiểm định cân bàn&lat=21.03&lon=105.85",
    "/verify?lang=en&number=VILAS 216",
    "/report?lang=en",
    "/data/?lang=en",
    "/about?lang=en",
)


@pytest.mark.parametrize("address", ENGLISH)
def test_vietnamese_is_marked_as_such_on_english_pages(client: Client, address: str):
    assert unmarked(read(client, address)) == []


@pytest.mark.parametrize("layer", all_layers(), ids=lambda layer: layer.name)
def test_vietnamese_is_marked_as_such_on_english_records(client: Client, layer):
    first = client.get(f"/list/{layer.name}?lang=en")
    record = next(one for one in Page(first).links if one.startswith(f"/{layer.name}/"))
    assert unmarked(read(client, record)) == []


def unmarked(found: Page) -> list[str]:
    """Words of Vietnamese that a screen reader would read out as English; numbers of documents are no words."""
    with override("en"):
        return [text for lang, text in found.said if lang == "en" and language_of(text) and text != text.upper()]


@pytest.mark.parametrize("address", ADDRESSES)
def test_elements_are_closed_in_order(client: Client, address: str):
    found = read(client, address)
    assert (found.unbalanced, found.open) == ([], [])


@pytest.mark.parametrize("address", ADDRESSES)
def test_ids_occur_once(client: Client, address: str):
    ids = [attrs["id"] for _, attrs in read(client, address).elements if "id" in attrs]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_fetched_from_elsewhere(client: Client, address: str):
    ours = ("/static/", "/picture.svg", "/layers.json")
    assert [one for one in read(client, address).fetched if not one.startswith(ours)] == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_has_no_inline_script_or_style(client: Client, address: str):
    found = read(client, address)
    assert [attrs for attrs in found.all("script") if "src" not in attrs] == []
    assert found.all("style") == []
    assert [attrs for _, attrs in found.elements if set(attrs) & set(HANDLERS)] == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_says_that_the_data_are_a_demo(client: Client, address: str):
    assert "Dữ liệu minh họa" in read(client, address).text
    assert "Demo data" in read(client, f"{address}{'&' if '?' in address else '?'}lang=en").text


@pytest.mark.parametrize("address", [one for one in ADDRESSES if one != "/"])
def test_it_leads_back_to_the_map(client: Client, address: str):
    assert "/" in read(client, address).links


@pytest.mark.parametrize("address", ["/about", *(f"/list/{name}" for name in FIRST_ROW)])
def test_it_names_the_day_the_map_stands_on(client: Client, address: str):
    assert "22/11/2026" in page(client, address).text


@pytest.mark.parametrize("address", ["/", "/about", "/list/provinces"])
def test_it_drops_what_social_media_append(client: Client, address: str):
    response = client.get(f"{address}?utm_source=zalo&fbclid=x&lang=en&zarsrc=30")
    assert (response.status_code, response["Location"]) == (302, f"{address}?lang=en")


def test_about_links_to_every_list(client: Client):
    links = page(client, "/about").links
    assert [layer.name for layer in all_layers() if f"/list/{layer.name}" not in links] == []


def test_the_content_security_policy_allows_nothing_unsafe(client: Client):
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
