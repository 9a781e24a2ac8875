"""Boxes and points off the earth: whoever swapped the axes is told so, and the order of the system as it was named."""

import json
from itertools import product

import pytest
from django.test import Client
from lxml import etree

from tests.services.wfs_requests import NAMES, ask, body, envelope, fes, point, spatial

SITES = "inspection_sites"
URI, URN = "http://www.opengis.net/def/crs/EPSG/0/", "urn:ogc:def:crs:EPSG::"
LATITUDE_FIRST, LONGITUDE_FIRST = "105,20,106,22", "20,105,22,106"
"""Boxes in the wrong order for the systems that have this one."""
SOUTH_FIRST, WEST_FIRST = ("nam,tây,bắc,đông", "south,west,north,east"), ("tây,nam,đông,bắc", "west,south,east,north")


def told_by_ogc(client: Client, **asked: str) -> tuple[str, str]:
    answer = client.get(f"/ogc/collections/{SITES}/items", {"f": "json", **asked})
    assert answer.status_code == 400, body(answer)
    problem = json.loads(body(answer))
    return problem["detail_vi"], problem["detail_en"]


def told_by_wfs(client: Client, **asked: str) -> tuple[str, str]:
    answer = ask(client, "GetFeature", typenames=SITES, **asked)
    report = etree.fromstring(body(answer))
    vi, en = (one.text for one in report.iterfind(".//ows:ExceptionText", NAMES))
    assert answer.status_code == 400 and report.find("ows:Exception", NAMES).get("locator") == next(iter(asked))
    return vi, en


def check(told: tuple[str, str], order: tuple[str, str]) -> None:
    vi, en = told
    assert "có vẻ kinh độ và vĩ độ bị đổi chỗ" in vi and order[0] in vi, vi
    assert "longitude and latitude seem swapped" in en and order[1] in en, en


@pytest.mark.parametrize(
    ("box", "name", "order"),
    [
        *((LATITUDE_FIRST, f"{kind}{code}", SOUTH_FIRST) for kind, code in product((URI, URN), (4326, 4756))),
        *((LONGITUDE_FIRST, name, WEST_FIRST) for name in ("EPSG:4326", "EPSG:4756", "urn:ogc:def:crs:OGC:1.3:CRS84")),
    ],
)
def test_wfs_tells_the_order_of_the_system_as_it_was_named(
    box: str, name: str, order: tuple[str, str], client: Client
) -> None:
    check(told_by_wfs(client, bbox=f"{box},{name}"), order)
    west, south, east, north = box.split(",")
    for shape in (envelope(f"{west} {south}", f"{east} {north}", srs=name), point(f"{west} {south}", srs=name)):
        check(told_by_wfs(client, filter=fes(spatial("Intersects", shape))), order)


def test_wfs_tells_the_order_where_no_system_is_named(client: Client) -> None:
    check(told_by_wfs(client, bbox=LONGITUDE_FIRST), WEST_FIRST)


@pytest.mark.parametrize("code", [4326, 4756])
def test_ogc_api_tells_the_order_of_the_system_that_was_named(code: int, client: Client) -> None:
    uri = f"{URI}{code}"
    check(told_by_ogc(client, **{"bbox": LATITUDE_FIRST, "bbox-crs": uri}), SOUTH_FIRST)
    check(told_by_ogc(client, **{"bbox": "105,20,0,106,22,9", "bbox-crs": uri}), SOUTH_FIRST)
    for condition in (f"S_INTERSECTS(geom, BBOX({LATITUDE_FIRST}))", "S_INTERSECTS(geom, POINT(105 20))"):
        check(told_by_ogc(client, **{"filter": condition, "filter-crs": uri}), SOUTH_FIRST)


def test_ogc_api_tells_the_order_where_no_system_is_named(client: Client) -> None:
    check(told_by_ogc(client, bbox=LONGITUDE_FIRST), WEST_FIRST)
    check(told_by_ogc(client, filter=f"S_INTERSECTS(geom, BBOX({LONGITUDE_FIRST}))"), WEST_FIRST)


def test_metres_are_not_taken_for_swapped_axes(client: Client) -> None:
    vi, en = told_by_wfs(client, bbox="587000,2325000,588000,2326000,EPSG:4326")
    assert "đổi chỗ" not in vi and "swapped" not in en and "metres of another system" in en
