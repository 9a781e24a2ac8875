"""The page to print, the map to embed, what other sites show of an address, and the map's page without scripts."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from layers.models import InspectionSite
from layers.registers.base import PUBLIC
from tests.mapapp.pages import Page, page

HANOI = "at=11/21.03/105.85"
STATE = f"{HANOI}&layers=laboratories&status=active&lang=en"


def steps(found: Page) -> dict[str, str]:
    """The links to the views beside the one shown, by their names."""
    named = ((re.search(r"step-(\w+)", one.get("class") or ""), one["href"]) for one in found.all("a"))
    return {name[1]: href or "" for name, href in named if name}


def test_only_the_embedded_map_may_be_framed_by_others(client: Client):
    embed, others = client.get("/embed"), [client.get(path) for path in ("/", "/print", "/about", "/list/laboratories")]
    assert "frame-ancestors *" in embed["Content-Security-Policy"] and "X-Frame-Options" not in embed
    assert all("frame-ancestors 'self'" in one["Content-Security-Policy"] for one in others)
    assert all(one["X-Frame-Options"] == "SAMEORIGIN" for one in others)


@pytest.mark.parametrize("query", ["theme=red", "layers=laboratories&status=bogus", "at=5"])
def test_a_frame_shows_why_its_address_is_refused(client: Client, query: str):
    refused = client.get(f"/embed?{query}")
    assert refused.status_code == 400 and query.rpartition("&")[2].partition("=")[0] in refused.content.decode()
    assert "frame-ancestors *" in refused["Content-Security-Policy"] and "X-Frame-Options" not in refused
    assert "'self'" in client.get(f"/print?{query}")["Content-Security-Policy"].partition("frame-ancestors")[2]


@pytest.mark.parametrize("path", ["/", "/embed", "/print"])
def test_no_policy_is_loosened(client: Client, path: str):
    policy = client.get(path)["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy and "style-src 'self'" in policy
    assert client.get(path).cookies == {}


@pytest.mark.parametrize("path", ["/", "/embed", "/print"])
def test_nothing_stands_inline(client: Client, path: str):
    found = page(client, path)
    assert [one for one in found.all("script") if "src" not in one] == [] and found.all("style") == []
    assert [one for _, one in found.elements if "style" in one or any(name.startswith("on") for name in one)] == []


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_who_saves_data_is_not_offered_the_map_before_asking(client: Client, path: str):
    usual, spared = client.get(path), client.get(path, headers={"Save-Data": "on"})
    early = [
        [one["href"] for one in Page(answer).all("link") if "maplibre" in (one["href"] or "")]
        for answer in (usual, spared)
    ]
    assert len(early[0]) == 3 and early[1] == []
    assert all("Save-Data" in one["Vary"] for one in (usual, spared))


def test_the_embedded_map_keeps_language_theme_and_state(client: Client):
    found = page(client, f"/embed?{STATE}&theme=dark")
    assert found.all("html", lang="en", **{"data-theme": "dark"})
    assert found.all("a", id="open-map")[0]["href"] == f"/?{STATE}"
    assert "Demo data" in found.text


def test_the_picture_in_place_of_the_embedded_map_has_legend_and_the_whole_country(client: Client):
    pictures = [one["src"] or "" for one in page(client, f"/embed?{STATE}").all("img")]
    (picture,) = [address for address in pictures if "frame=none" not in address]
    drawn = client.get(picture).content.decode()
    assert 'class="locator"' in drawn and "Testing, calibration" in drawn


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/embed?theme=red", "theme"),
        ("/embed?width=3", "width"),
        ("/print?orientation=round", "orientation"),
    ],
)
def test_pages_refuse_what_means_nothing_by_name(client: Client, path: str, parameter: str):
    response = client.get(path)
    assert response.status_code == 400 and parameter in response.content.decode()


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_the_sheet_holds_picture_title_day_source_address_and_code(client: Client, orientation: str):
    found = page(client, f"/print?{STATE}&orientation={orientation}")
    text = found.text
    assert "National map of standards" in text and "Data up to 22/11/2026" in text and "Demo data" in text
    assert f"http://127.0.0.1/?{STATE}" in text
    assert any(f"paper-{orientation}.css" in address for address in found.fetched)
    assert len(found.all("svg", **{"class": "qr"})) == 1
    (picture,) = found.all("img")
    response = client.get(picture["src"] or "")
    assert response.status_code == 200
    for part in ('class="locator"', 'class="scale"', 'class="north"', "Testing, calibration"):
        assert part in response.content.decode()


def test_an_address_too_long_for_a_code_is_printed_as_text(client: Client):
    long = "province=" + ",".join(["01"] * 600)
    found = page(client, f"/print?layers=laboratories&{long}")
    assert found.all("svg", **{"class": "qr"}) == []


def test_other_sites_are_told_title_picture_and_address(client: Client):
    found = page(client, f"/?{STATE}")
    told = {one["property"]: one["content"] or "" for one in found.all("meta") if "property" in one}
    assert told["og:url"] == f"http://127.0.0.1/?{STATE}"
    assert client.get(told["og:image"].removeprefix("http://127.0.0.1")).status_code == 200
    assert found.all("link", rel="canonical")[0]["href"] == "http://127.0.0.1/?lang=en"


def test_a_record_is_previewed_by_the_map_round_it(client: Client):
    site = InspectionSite.objects.filter(publish_state=PUBLIC)[0]
    found = page(client, f"/inspection_sites/{site.pk}?on=2026-11-20")
    (image,) = found.all("meta", property="og:image")
    asked = parse_qs(urlsplit(image["content"] or "").query)
    assert asked["select"] == [f"inspection_sites/{site.pk}"] and asked["at"][0].startswith("13/")
    assert found.all("link", rel="canonical")[0]["href"] == f"http://127.0.0.1/inspection_sites/{site.pk}"


def test_the_page_leads_on_by_plain_links(client: Client):
    found = page(client, f"/?{STATE}")
    links = steps(found)
    assert list(links) == ["north", "south", "west", "east", "in", "out", "country"]
    north = [float(number) for number in re.findall(r"at=([^&]+)", links["north"])[0].split("/")]
    assert north[0] == 11 and north[1] > 21.03 and north[2] == pytest.approx(105.85)
    assert "at=12/21.03/105.85" in links["in"] and "at=" not in links["country"]
    assert all(client.get(href).status_code == 200 for href in links.values())


def test_at_the_nearest_view_there_is_no_way_nearer(client: Client):
    found = page(client, "/?at=19/21.03/105.85")
    assert "in" not in steps(found) and "out" in steps(found)


def test_the_page_names_the_lists_under_the_same_filters(client: Client):
    found = page(client, f"/?{STATE}&province=01")
    listed = [href for href in found.links if href.startswith("/list/")]
    assert listed == ["/list/laboratories?status=active&lang=en&province=01"]
    assert client.get(listed[0]).status_code == 200


def test_the_first_picture_is_of_the_state(client: Client):
    found = page(client, f"/?{STATE}")
    pictures = [one["srcset"] for one in found.all("source")] + [one.get("src") for one in found.all("img")]
    drawn = [address for address in pictures if address and "/picture" in address]
    assert len(drawn) == 4
    for address in drawn:
        assert HANOI in address and client.get(address).status_code == 200
