"""The picture that the server draws: what it shows and counts, what it refuses, and under which policy it is served."""

import base64
import hashlib
import random
import re
from datetime import date
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from PIL import Image

from geodata.archipelagos import ARCHIPELAGOS, COUNTRY_VIEW
from geodata.forbidden_names import find_forbidden
from layers.models import PlaceOfActivity
from layers.query import FeatureQuery
from layers.registers.base import PUBLIC
from layers.registry import all_layers, get
from mapapp.sharing import picture as sharing_picture
from tiles.picture import View, country_view
from tiles.picture.marks import MARGIN_PX, points_of

SVG = "{http://www.w3.org/2000/svg}"
HANOI = "at=11/21.03/105.85"
POINTS = [layer.name for layer in all_layers() if layer.geometry == "point"]


def picture(client: Client, query: str = "") -> ET.Element:
    response = client.get(f"/picture.svg?{query}")
    assert response.status_code == 200, response.content[:300]
    return ET.fromstring(response.content)


def texts(svg: ET.Element) -> list[str]:
    """Each label, its lines joined."""
    return [" ".join(node.itertext()).strip() for node in svg.iter(f"{SVG}text")]


def drawn(svg: ET.Element, layer: str) -> int:
    """How many rows all marks of a layer stand for."""
    return sum(int(node.get("data-count", "0")) for node in svg.iter(f"{SVG}g") if node.get("data-layer") == layer)


def labels_of_archipelagos(language: str) -> list[str]:
    return [getattr(each.label, language) for each in ARCHIPELAGOS]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "query", ["", "frame=none", "frame=paper", "width=200&height=200", "width=1600&height=200", "layers="]
)
def test_the_whole_country_shows_both_archipelagos_with_their_labels(client: Client, language: str, query: str):
    found = texts(picture(client, f"lang={language}&{query}"))
    assert [label for label in labels_of_archipelagos(language) if label not in found] == []


@pytest.mark.parametrize("size", [(200, 200), (390, 760), (1200, 630), (1600, 1600), (1600, 200)])
def test_the_country_view_contains_the_box_that_the_circular_names(size: tuple[int, int]):
    west, south, east, north = country_view(*size).bounds
    assert west <= COUNTRY_VIEW[0] and south <= COUNTRY_VIEW[1]
    assert east >= COUNTRY_VIEW[2] and north >= COUNTRY_VIEW[3]


@pytest.mark.parametrize("frame", ["full", "paper"])
def test_a_part_of_the_country_carries_a_locator_with_both_archipelagos(client: Client, frame: str):
    svg = picture(client, f"{HANOI}&frame={frame}")
    (locator,) = [node for node in svg.iter(f"{SVG}svg") if node.get("class") == "locator"]
    assert [label for label in labels_of_archipelagos("vi") if label not in texts(locator)] == []


def test_the_whole_country_needs_no_locator(client: Client):
    assert [node for node in picture(client).iter(f"{SVG}svg") if node.get("class") == "locator"] == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("at", ["", "at=6/16/112", "at=8/16.4/112.1", "at=9/9.3/113.9", "at=4/12/112", "at=2.5/14/110"])
def test_no_forbidden_name_is_written(client: Client, language: str, at: str):
    svg = picture(client, f"lang={language}&{at}")
    assert find_forbidden(" | ".join(svg.itertext())) == []


@pytest.mark.parametrize("layer", POINTS)
def test_marks_count_what_the_api_counts(client: Client, layer: str):
    asked = seeded_filters(client, layer)
    assert asked
    for query in asked:
        page = client.get(f"/api/v1/{layer}/?{query}&limit=1").json()
        svg = picture(client, f"layers={layer}&{query}")
        assert drawn(svg, layer) == page["numberMatched"], query


def seeded_filters(client: Client, layer: str) -> list[str]:
    """No filter, and some that rows answer to: seeded choices among the values of its facets."""
    chance = random.Random(f"picture {layer}")
    facets = client.get(f"/api/v1/{layer}/facets/").json()["facets"]
    known = {name: [one["code"] for one in values if one["count"]] for name, values in facets.items()}
    names = sorted(name for name, codes in known.items() if codes and name != "commune")
    chosen = []
    for _ in range(6):
        some = chance.sample(names, min(len(names), chance.randint(1, 2)))
        chosen.append("&".join(f"{name}={chance.choice(known[name])}" for name in some))
    return ["", *chosen]


def test_the_legend_tells_counts_by_status(client: Client):
    svg = picture(client, "layers=laboratories&lang=en")
    total = client.get("/api/v1/laboratories/?limit=1").json()["numberMatched"]
    description = svg.findtext(f"{SVG}desc") or ""
    assert f"Testing, calibration and verification laboratories: {total:,}" in description
    states = re.findall(r"(?:Active|Scope reduced|Suspended|Expired|Withdrawn): ([\d,]+)", description)
    assert sum(int(number.replace(",", "")) for number in states) == total


@pytest.mark.parametrize("zoom", [5.0, 8.0, 11.0, 14.0])
def test_no_point_comes_from_two_tiles(world: date, zoom: float):
    view = View(105.85, 21.03, zoom, 1000, 600)
    tiles = view.tiles(view.tile_zoom((0, 16)), margin_px=MARGIN_PX)
    ids = [item.id for item in points_of(get("laboratories"), FeatureQuery(day=world), view).items]
    assert len(tiles) > 1 and ids and len(ids) == len(set(ids))


def test_the_selected_record_is_marked_with_its_name(client: Client):
    place = PlaceOfActivity.objects.filter(publish_state=PUBLIC, geom__isnull=False)[0]
    at = f"at=14/{place.geom.y:.5f}/{place.geom.x:.5f}"
    record = client.get(f"/laboratories/{place.pk}.json")
    layer = "laboratories" if record.status_code == 200 else "certification_bodies"
    title = client.get(f"/{layer}/{place.pk}.json").json()["title"]
    svg = picture(client, f"{at}&select={layer}/{place.pk}")
    (marked,) = [node for node in svg.iter(f"{SVG}g") if node.get("class") == "selected"]
    assert texts(marked)[0].rstrip("…") in title


def test_a_record_that_is_gone_leaves_the_picture_as_it_is(client: Client):
    svg = picture(client, f"{HANOI}&select=laboratories/999999999")
    assert [node for node in svg.iter(f"{SVG}g") if node.get("class") == "selected"] == []


def test_it_names_day_source_demo_scale_and_north(client: Client):
    found = texts(picture(client, f"{HANOI}&lang=en"))
    assert "Data up to 22/11/2026" in found
    assert any(text.endswith(" km") for text in found)
    assert "N" in found and "Demo data" in found


def test_it_tells_the_filters_in_force(client: Client):
    found = " ".join(texts(picture(client, "layers=laboratories&province=01&status=active&q=trung tâm")))
    assert "Thành phố Hà Nội" in found and "Còn hiệu lực" in found and "“trung tâm”" in found


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("width=199", "width"),
        ("width=1601", "width"),
        ("height=0", "height"),
        ("height=99999999", "height"),
        ("width=800.5", "width"),
        ("width=-800", "width"),
        ("width=٨٠٠", "width"),
        ("width=800&width=900", "width"),
        ("theme=sepia", "theme"),
        ("frame=gold", "frame"),
        ("at=5", "at"),
        ("at=99/16/108", "at"),
        ("layers=none_such", "layers"),
        ("layers=laboratories&status=bogus", "status"),
        ("province=99", "province"),
        ("bbox=1,2,3", "bbox"),
        ("select=laboratories", "select"),
        ("colour=red", "colour"),
        ("lang=fr", "lang"),
        ("on=2026-02-30", "on"),
    ],
)
def test_it_refuses_what_means_nothing_by_name(client: Client, query: str, parameter: str):
    response = client.get(f"/picture.svg?{query}", headers={"accept": "application/json"})
    assert response.status_code == 400
    assert parameter in response.content.decode()


def test_text_from_records_and_addresses_is_text(client: Client):
    svg = picture(client, "layers=laboratories&q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert list(svg.iter(f"{SVG}script")) == []
    assert any("<script>" in text for text in texts(svg))


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\u0085", "\U0010ffff", "&", '"', "]]>"])
def test_signs_that_xml_cannot_write_break_no_picture(client: Client, sign: str):
    asked = {"layers": "laboratories", "q": f"trung{sign}tâm"}
    response = client.get("/picture.svg", asked)
    assert response.status_code == 200
    ET.fromstring(response.content)
    assert client.get("/picture.png", asked).status_code == 200


def test_nothing_in_it_runs_or_is_fetched(client: Client):
    response = client.get(f"/picture.svg?{HANOI}")
    svg = ET.fromstring(response.content)
    style = svg.findtext(f"{SVG}style") or ""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and f"'sha256-{digest}'" in policy and "unsafe" not in policy
    assert all(node.get("href", "#").startswith("#") for node in svg.iter())
    assert [name for node in svg.iter() for name in node.attrib if name.startswith("on") or name == "style"] == []
    assert "url(" not in style and "@import" not in style


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_both_themes_stand_in_its_own_style(client: Client, theme: str):
    style = picture(client, f"theme={theme}").findtext(f"{SVG}style") or ""
    assert ("prefers-color-scheme:dark" in style) == (theme == "auto")
    assert ("#0C2230" in style) == (theme != "light")


def test_it_is_asked_anew_and_not_sent_twice(client: Client):
    first = client.get("/picture.svg")
    again = client.get("/picture.svg", headers={"if-none-match": first["ETag"]})
    assert first["Cache-Control"] == "no-cache" and again.status_code == 304 and again.content == b""
    assert client.get("/picture.svg?lang=en")["ETag"] != first["ETag"]
    assert client.get("/picture.svg?layers=laboratories")["ETag"] != first["ETag"]


def test_one_of_several_known_pictures_is_not_sent_again(client: Client):
    tag = client.get("/picture.svg")["ETag"]
    assert client.get("/picture.svg", headers={"if-none-match": f'"other", W/{tag}'}).status_code == 304
    assert client.get("/picture.svg", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("layers", ["", "laboratories"])
def test_other_software_draws_another_picture(client: Client, monkeypatch: pytest.MonkeyPatch, layers: str):
    before = client.get(f"/picture.svg?layers={layers}")["ETag"]
    monkeypatch.setattr(sharing_picture, "SOURCES", "another")
    assert client.get(f"/picture.svg?layers={layers}")["ETag"] != before


def test_a_committed_change_is_in_the_next_picture(client: Client, rename):  # type: ignore[no-untyped-def]
    address = "/picture.svg?layers=inspection_sites&at=17/21.03/105.85"
    before = client.get(address)["ETag"]
    rename("Chợ đổi tên")
    response = client.get(address)
    assert response["ETag"] != before and "Chợ đổi tên" in response.content.decode()


def test_the_preview_is_a_png_of_the_size_that_networks_show(client: Client):
    response = client.get("/picture.png")
    with Image.open(BytesIO(response.content)) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))
    assert response["Content-Type"] == "image/png"


def test_the_preview_takes_the_state_alone(client: Client):
    assert client.get("/picture.png?width=300").status_code == 400


def test_areas_are_drawn_as_outlines(client: Client):
    svg = picture(client, "layers=provinces&province=01")
    (area,) = [node for node in svg.iter(f"{SVG}path") if node.get("data-layer") == "provinces"]
    assert area.get("d")


def test_only_areas_in_view_are_counted(client: Client):
    described = picture(client, f"layers=provinces&{HANOI}&lang=en").findtext(f"{SVG}desc") or ""
    (number,) = re.findall(r"Provinces and cities: (\d+)", described)
    assert 1 <= int(number) < 10


def test_moving_half_a_picture_and_back_leads_to_the_same_place():
    view = View(105.85, 21.03, 11.0, 900, 800)
    back = view.moved(0.5, -0.5).moved(-0.5, 0.5)
    assert (back.lon, back.lat) == pytest.approx((view.lon, view.lat))
