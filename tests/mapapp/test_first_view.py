"""Where the map and its picture open: what the address narrows it to, unless it names the place itself."""

import re

import pytest
from django.db import connections
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from geodata.models import AdministrativeUnit, Level
from layers.registry import all_layers
from mapapp.sharing.state import area_of

SVG_LOCATOR = 'class="locator"'


def area(client: Client, query: str, page: str = "/") -> tuple[float, ...] | None:
    text = client.get(f"{page}?{query}").content.decode()
    found = re.search(r'id="map" data-area="([^"]*)"', text)
    return tuple(map(float, found[1].split(","))) if found else None


def size(box: tuple[float, ...]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def holds(box: tuple[float, ...], lon: float, lat: float) -> bool:
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]


@pytest.mark.parametrize("page", ["/", "/embed"])
def test_a_province_in_the_address_opens_the_map_there(client: Client, page: str):
    hanoi = AdministrativeUnit.objects.by_code(Level.PROVINCE, "01")
    assert hanoi is not None
    box = area(client, "province=01", page)
    assert box is not None and holds(box, hanoi.label_point.x, hanoi.label_point.y) and size(box) < 4


def test_several_provinces_are_all_in_the_first_view(client: Client):
    boxes = [area(client, f"province={codes}") for codes in ("01", "79", "01,79")]
    north, south, both_ = (box or () for box in boxes)
    assert holds(both_, north[0], north[3]) and holds(both_, south[2], south[1])


def test_a_commune_is_nearer_than_its_province(client: Client):
    commune = AdministrativeUnit.objects.in_force().communes().filter(parent__code="01").first()
    assert commune is not None
    near, far = area(client, f"province=01&commune={commune.code}"), area(client, "province=01")
    assert near is not None and far is not None and size(near) < size(far) / 4


def test_a_circle_and_a_box_open_the_map_there(client: Client):
    west, south, east, north = area(client, "within=105.8,21,5000") or ()
    assert west < 105.8 < east and south < 21 < north
    assert north - south == pytest.approx(0.09, abs=0.002) and east - west > north - south
    assert area(client, "bbox=105,20,106,21") == (105, 20, 106, 21)


@pytest.mark.parametrize("query", ["", "at=9/21/105.8&province=01", "province=", "q=can", "layers="])
def test_otherwise_the_place_in_the_address_or_the_country_is_shown(client: Client, query: str):
    assert area(client, query) is None


@pytest.mark.parametrize("query", ["province=01", "province=01,79", "within=105.8,21,5000", "bbox=105,20,106,21"])
def test_an_open_map_is_told_the_same_place_as_one_that_is_opened(client: Client, query: str):
    assert client.get(f"/area.json?{query}").json()["bbox"] == pytest.approx(area(client, query))


def test_without_anything_that_narrows_it_an_open_map_is_told_no_place(client: Client):
    assert client.get("/area.json").json() == {"bbox": None}


@pytest.mark.parametrize("page", ["/", "/embed"])
def test_where_a_province_lies_is_asked_once_for_a_page(client: Client, page: str):
    with CaptureQueriesContext(connections["open"]) as asked:
        assert area(client, "province=01", page)
    assert sum("ST_Extent" in query["sql"] for query in asked.captured_queries) == 1


@pytest.mark.django_db(databases=["default", "open"])
def test_a_value_that_means_nothing_is_left_to_what_answers_it():
    assert area_of(QueryDict("province=nowhere")) is None


@pytest.mark.parametrize("layer", [layer.name for layer in all_layers() if layer.geometry == "point"])
def test_the_picture_of_a_province_shows_all_of_it_and_where_it_lies(client: Client, layer: str):
    told = client.get(f"/api/v1/{layer}/?province=01&limit=1").json()["numberMatched"]
    svg = client.get(f"/picture.svg?layers={layer}&province=01").content.decode()
    assert SVG_LOCATOR in svg
    assert sum(map(int, re.findall(rf'data-layer="{layer}"[^>]*data-count="(\d+)"', svg))) == told
