"""The page to print, the map to embed, what other sites show of an address, and the map's page without scripts."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from lxml import html

from layers.models import InspectionSite
from layers.registers.base import PUBLIC

HANOI = "at=11/21.03/105.85"
STATE = f"{HANOI}&layers=laboratories&status=active&lang=en"


def page(client: Client, address: str) -> html.HtmlElement:
    response = client.get(address)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def test_only_the_embedded_map_may_be_framed_by_others(client: Client):
    embed, others = client.get("/embed"), [client.get(path) for path in ("/", "/print", "/about", "/list/laboratories")]
    assert "frame-ancestors *" in embed["Content-Security-Policy"] and "X-Frame-Options" not in embed
    assert all("frame-ancestors 'self'" in one["Content-Security-Policy"] for one in others)
    assert all(one["X-Frame-Options"] == "SAMEORIGIN" for one in others)


@pytest.mark.parametrize("path", ["/", "/embed", "/print"])
def test_no_policy_is_loosened(client: Client, path: str):
    policy = client.get(path)["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy and "style-src 'self'" in policy
    assert client.get(path).cookies == {}


@pytest.mark.parametrize("path", ["/", "/embed", "/print"])
def test_nothing_stands_inline(client: Client, path: str):
    found = page(client, path)
    assert found.xpath("//script[not(@src)] | //style | //*[@style] | //*[@onclick]") == []


def test_the_embedded_map_keeps_language_theme_and_state(client: Client):
    found = page(client, f"/embed?{STATE}&theme=dark")
    assert (found.get("lang"), found.get("data-theme")) == ("en", "dark")
    assert found.xpath("//a[@id='open-map']/@href") == [f"/?{STATE}"]
    assert "Demo data" in found.text_content()


@pytest.mark.parametrize(
    ("path", "parameter"), [("/embed?theme=red", "theme"), ("/embed?width=3", "width"), ("/print?orientation=round", "orientation")]
)  # fmt: skip
def test_pages_refuse_what_means_nothing_by_name(client: Client, path: str, parameter: str):
    response = client.get(path)
    assert response.status_code == 400 and parameter in response.content.decode()


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_the_sheet_holds_picture_title_day_source_address_and_code(client: Client, orientation: str):
    found = page(client, f"/print?{STATE}&orientation={orientation}")
    text = found.text_content()
    assert "National map of standards" in text and "Data up to 22/11/2026" in text and "Demo data" in text
    assert f"http://127.0.0.1/?{STATE}" in text
    assert found.xpath(f"//link[contains(@href, 'paper-{orientation}.css')]")
    assert len(found.xpath("//*[local-name()='svg'][contains(@class, 'qr')]")) == 1
    (picture,) = found.xpath("//figure/img/@src")
    response = client.get(picture)
    assert response.status_code == 200
    for part in ('class="locator"', 'class="scale"', 'class="north"', "Testing, calibration"):
        assert part in response.content.decode()


def test_an_address_too_long_for_a_code_is_printed_as_text(client: Client):
    long = "province=" + ",".join(["01"] * 600)
    found = page(client, f"/print?layers=laboratories&{long}")
    assert found.xpath("//*[local-name()='svg'][contains(@class, 'qr')]") == []


def test_other_sites_are_told_title_picture_and_address(client: Client):
    found = page(client, f"/?{STATE}")
    told = {node.get("property"): node.get("content") for node in found.xpath("//meta[@property]")}
    assert told["og:url"] == f"http://127.0.0.1/?{STATE}"
    assert client.get(told["og:image"].removeprefix("http://127.0.0.1")).status_code == 200
    assert found.xpath("//link[@rel='canonical']/@href") == ["http://127.0.0.1/?lang=en"]


def test_a_record_is_previewed_by_the_map_round_it(client: Client):
    site = InspectionSite.objects.filter(publish_state=PUBLIC)[0]
    found = page(client, f"/inspection_sites/{site.pk}?on=2026-11-20")
    (image,) = found.xpath("//meta[@property='og:image']/@content")
    asked = parse_qs(urlsplit(image).query)
    assert asked["select"] == [f"inspection_sites/{site.pk}"] and asked["at"][0].startswith("13/")
    assert found.xpath("//link[@rel='canonical']/@href") == [f"http://127.0.0.1/inspection_sites/{site.pk}"]


def test_the_page_leads_on_by_plain_links(client: Client):
    found = page(client, f"/?{STATE}")
    links = {node.text_content(): node.get("href") for node in found.xpath("//nav[@class='steps']/a")}
    assert list(links) == ["North", "South", "West", "East", "Zoom in", "Zoom out", "Whole country"]
    north = [float(number) for number in re.findall(r"at=([^&]+)", links["North"])[0].split("/")]
    assert north[0] == 11 and north[1] > 21.03 and north[2] == pytest.approx(105.85)
    assert "at=12/21.03/105.85" in links["Zoom in"] and "at=" not in links["Whole country"]
    assert all(client.get(href).status_code == 200 for href in links.values())


def test_at_the_nearest_view_there_is_no_way_nearer(client: Client):
    found = page(client, "/?at=19/21.03/105.85")
    assert "Phóng to" not in [node.text_content() for node in found.xpath("//nav[@class='steps']/a")]


def test_the_page_names_the_lists_under_the_same_filters(client: Client):
    found = page(client, f"/?{STATE}&province=01")
    (href,) = found.xpath("//ul[@class='noscript-lists']//a/@href")
    assert href == "/list/laboratories?status=active&lang=en&province=01"
    assert client.get(href).status_code == 200


def test_the_first_picture_is_of_the_state(client: Client):
    found = page(client, f"/?{STATE}")
    for address in found.xpath("//picture//@srcset | //picture//img/@src"):
        assert HANOI in address and client.get(address).status_code == 200
