"""Coordinates of WFS: the order that each name demands, and the one transformation to VN-2000."""

from typing import Any

import pytest
from django.test import Client

from geodata.crs import OFFERED, VN2000_CODES, WGS84, official, transformer
from tests.services.wfs_requests import (
    NAMES,
    SITES,
    ask,
    body,
    document,
    envelope,
    features,
    fes,
    ids,
    point,
    query,
    request,
    send,
    spatial,
)

MILLIMETRE_IN_DEGREES = 1e-8


def placed(collection: Any) -> dict[int, tuple[float, float, str]]:
    """The two numbers of each point by the record's id, and the system they say they are in."""
    found = {}
    for one in features(collection):
        shape = one.find("map:geom/gml:Point", NAMES)
        x, y = map(float, shape.find("gml:pos", NAMES).text.split())
        found[int(one.find("map:id", NAMES).text)] = (x, y, shape.get("srsName"))
    return found


@pytest.mark.parametrize(
    ("name", "latitude_first"),
    [
        ("", True),
        ("urn:ogc:def:crs:EPSG::4326", True),
        ("urn:x-ogc:def:crs:EPSG::4326", True),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", True),
        ("urn:ogc:def:crs:EPSG::4756", True),
        ("EPSG:4326", False),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", False),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", False),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", False),
        ("EPSG:4756", False),
    ],
)
def test_degrees_stand_in_the_order_that_the_name_demands(name: str, latitude_first: bool, client: Client) -> None:
    """R04, in what is sent and in what is asked."""
    asked = {"typenames": SITES, "count": 5, **({"srsname": name} if name else {})}
    for first, second, _ in placed(document(ask(client, "GetFeature", **asked))).values():
        lat, lon = (first, second) if latitude_first else (second, first)
        assert 8 < lat < 24 < 102 < lon < 110
    hanoi = ("20.9 105.7", "21.1 106") if latitude_first else ("105.7 20.9", "106 21.1")
    if name:
        literal = fes(spatial("Within", envelope(*hanoi, srs=name)))
        assert ids(ask(client, "GetFeature", typenames=SITES, filter=literal))


@pytest.mark.parametrize("code", OFFERED)
def test_every_system_is_offered_and_given_as_pyproj_has_it(code: int, client: Client) -> None:
    """R07. VN-2000 by EPSG:6960 to a millimetre."""
    urn = official(code).urn
    chosen = {"typenames": SITES, "count": 60, "propertyname": "id,geom", "sortby": "name"}
    degrees = placed(document(ask(client, "GetFeature", **chosen)))
    there = placed(document(ask(client, "GetFeature", **chosen, srsname=urn)))
    assert degrees.keys() == there.keys() and len(there) == 60
    into = transformer(WGS84, code)
    near = MILLIMETRE_IN_DEGREES * 10 if code in (WGS84, 4756) else 0.001 * 12  # degrees come with seven decimals
    for number, (lat, lon, _) in degrees.items():
        x, y = into.transform(lon, lat)
        first, second, told = there[number]
        assert told == urn
        wanted = (y, x) if official(code).latitude_first else (x, y)
        assert abs(first - wanted[0]) < near and abs(second - wanted[1]) < near


def test_every_system_is_declared(client: Client) -> None:
    told = body(ask(client, "GetCapabilities")).decode()
    assert all(f">{official(code).urn}<" in told for code in OFFERED)


@pytest.mark.parametrize("code", VN2000_CODES[::4])
def test_literals_of_vn_2000_mean_the_same_places(code: int, client: Client) -> None:
    """A box a centimetre wide about a record's own place, as its coordinates are told, holds it."""
    asked = {"typenames": SITES, "count": 20, "srsname": official(code).urn, "filter": SOUTH}
    there = placed(document(ask(client, "GetFeature", **asked)))
    wide = 1e-6 if code == 4756 else 0.1
    for number, (first, second, urn) in list(there.items())[:4]:
        corners = (f"{first - wide:.9f} {second - wide:.9f}", f"{first + wide:.9f} {second + wide:.9f}")
        literal = fes(spatial("BBOX", envelope(*corners, srs=urn)))
        assert number in ids(send(client, request("GetFeature", query(SITES, literal))))


# Hồ Chí Minh City: PROJ left alone is 0.8 m off there.
SOUTH = fes(spatial("Within", envelope("106.5 10.6", "106.9 11")))


def test_json_has_longitude_first_whatever_is_asked_for(client: Client) -> None:
    for name in ("", "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4756"):
        asked = {"typenames": SITES, "count": 3, "outputformat": "geojson", **({"srsname": name} if name else {})}
        found = ask(client, "GetFeature", **asked).json()  # type: ignore[attr-defined]
        assert all(one["geometry"]["coordinates"][0] > 100 for one in found["features"])
        assert ("crs" in found) == name.endswith("4756")


def test_a_point_of_one_system_is_found_by_another(client: Client) -> None:
    """R08: transformed once."""
    (number, (lat, lon, _)), *_ = placed(
        document(ask(client, "GetFeature", typenames="inspection_sites", count=1))
    ).items()
    x, y = transformer(WGS84, 3405).transform(lon, lat)
    about = envelope(f"{x - 1} {y - 1}", f"{x + 1} {y + 1}", srs="urn:ogc:def:crs:EPSG::3405")
    asked = {"typenames": SITES, "filter": fes(spatial("Intersects", about)), "srsname": "EPSG:3857"}
    assert number in ids(ask(client, "GetFeature", **asked))
    commune = fes(spatial("Contains", point(f"{x} {y}", srs="urn:ogc:def:crs:EPSG::3405")))
    assert len(ids(ask(client, "GetFeature", typenames="provinces", filter=commune, propertyname="id"))) == 1
