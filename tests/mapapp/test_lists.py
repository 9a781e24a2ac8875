"""The list twin: every layer, its filters as links, paging, and the way out of an empty list."""

from dataclasses import replace
from urllib.parse import quote

import pytest
from django.test import Client

from geodata.language import both
from layers.counting import count
from layers.filters import MAX_TEXT
from layers.layer import Layer
from layers.query import FeatureQuery
from layers.registry import all_layers, get
from mapapp.lists import ROWS
from mapapp.words import in_numbers
from tests.conftest import DAY
from tests.mapapp.pages import Page, page

LAYERS = pytest.mark.parametrize("layer", all_layers(), ids=lambda layer: layer.name)


def records(found: Page, layer: Layer) -> list[str]:
    return [link for link in found.links if link.startswith(f"/{layer.name}/")]


@LAYERS
def test_every_layer_has_a_list_with_its_count(client: Client, layer: Layer):
    total = count(layer, FeatureQuery(day=DAY))
    found = page(client, f"/list/{layer.name}")
    assert f"{in_numbers(total)} {layer.noun.vi}" in found.text
    assert len(records(found, layer)) == min(total, ROWS)


@LAYERS
def test_a_heading_leads_to_the_record(client: Client, layer: Layer):
    assert client.get(records(page(client, f"/list/{layer.name}"), layer)[0]).status_code == 200


@LAYERS
def test_every_filter_that_is_offered_answers_and_counts(client: Client, layer: Layer):
    found = page(client, f"/list/{layer.name}")
    offered = [link for link in found.links if link.startswith(f"/list/{layer.name}?")]
    assert offered
    assert [link for link in offered[::3][:20] if client.get(link).status_code != 200] == []


@LAYERS
def test_it_leads_to_the_same_on_the_map(client: Client, layer: Layer):
    links = page(client, f"/list/{layer.name}?province=01").links
    assert f"/?province=01&layers={layer.name}" in links


def test_pages_follow_each_other_and_meet_every_row_once(client: Client):
    layer, seen, address = get("communes"), [], "/list/communes?province=01,48&kind=ward"
    while address:
        found = page(client, address)
        seen += records(found, layer)
        address = next((attrs["href"] for attrs in found.all("a", rel="next")), "")
    total = client.get("/api/v1/communes/?province=01,48&kind=ward&limit=1").json()["numberMatched"]
    assert ROWS < total == len(seen) == len(set(seen))


def test_a_second_page_leads_back_to_the_first(client: Client):
    second = page(client, page(client, "/list/communes").all("a", rel="next")[0]["href"])
    assert "/list/communes" in second.links
    assert "Về đầu danh sách" in second.text


def test_a_changed_filter_begins_at_the_first_page(client: Client):
    second = page(client, page(client, "/list/communes").all("a", rel="next")[0]["href"])
    assert [link for link in second.links if "kind=ward" in link and "cursor=" in link] == []


def test_a_chosen_value_is_marked_and_its_link_takes_it_away(client: Client):
    found = page(client, "/list/communes?kind=ward,commune")
    chosen = [attrs["href"] for attrs in found.all("a", rel="nofollow") if attrs.get("aria-current") == "true"]
    assert sorted(chosen) == ["/list/communes?kind=commune", "/list/communes?kind=ward"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("q=petro", "“petro”"),
        ("bbox=105,20,106,21", "trong khung đã chọn"),
        ("within=105.8,21,2500", "trong 2,5 km quanh điểm đã chọn"),
        ("on=2026-03-01", "01/03/2026"),
        ("last_checked=2026-01-01/..", "01/01/2026 – …"),
        ("commune=00004", "Phường Ba Đình"),
        ("site_kind=fuel_station", "Cửa hàng xăng dầu"),
    ],
)
def test_every_condition_in_use_can_be_removed(client: Client, asked: str, words: str):
    found = page(client, f"/list/inspection_sites?{asked}")
    assert words in found.text
    assert "/list/inspection_sites" in [
        attrs["href"] for attrs in found.all("a") if "chip" in (attrs.get("class") or "")
    ]


def test_a_layer_says_itself_what_its_list_is_searched_by(client: Client, monkeypatch: pytest.MonkeyPatch):
    layer = replace(get("communes"), search=("full_name_vi",), search_title=both("Tìm theo dấu", "Search by sign"))
    monkeypatch.setattr("mapapp.views.get", lambda name: layer)
    found = page(client, "/list/communes")
    assert "Tìm theo dấu" in found.text
    assert found.all("input", type="search", name="q")[0]["maxlength"] == str(MAX_TEXT)


@LAYERS
def test_every_list_that_can_be_searched_says_by_what(client: Client, layer: Layer):
    found = page(client, f"/list/{layer.name}")
    assert bool(layer.search) == bool(found.all("input", type="search", name="q"))
    assert layer.search_title.vi in found.text


def test_the_search_keeps_the_filters(client: Client):
    found = page(client, "/list/communes?province=01&lang=en")
    assert found.all("input", type="hidden", name="province", value="01")
    assert found.all("input", type="hidden", name="lang", value="en")
    assert found.all("input", type="search", name="q")[0].keys() >= {"required", "minlength"}


def test_the_search_forgives_missing_accents(client: Client):
    assert "Phường Ba Đình" in page(client, f"/list/communes?q={quote('ba dinh')}").text


def test_an_empty_list_offers_a_way_out(client: Client):
    found = page(client, "/list/communes?q=khongcoxanao&kind=ward")
    assert "Không có mục nào khớp" in found.text
    assert {"/list/communes?kind=ward", "/list/communes?q=khongcoxanao", "/list/communes"} <= set(found.links)


def test_words_of_a_reader_enter_as_text(client: Client):
    assert "<script>x" not in page(client, f"/list/communes?q={quote('<script>x')}").source


def test_owners_and_serial_numbers_are_not_in_the_list(client: Client):
    text = page(client, "/list/measuring_devices").text
    assert "Chủ sở hữu" not in text
    assert "Số sản xuất" not in text
