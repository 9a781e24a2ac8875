"""The abstract tests of OGC API - Features - Part 2: CRS by Reference (18-058r1, annex A), by number, over every layer.

What comes out is compared with EPSG:6960 as pyproj has it, not with the transformation of the map's own.
"""

import re
from datetime import date

import pytest
from django.test import Client
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup

from geodata.crs import CENTRAL_MERIDIANS, UTM_MERIDIANS, VN2000_CODES
from layers.layer import Layer
from layers.models import InspectionSite
from tests.services.ogcapi.documents import CRS84, LAYERS, ROOT, ask, ids, items, pages

EVERY = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
OGC = "http://www.opengis.net/def/crs/EPSG/0/"
URIS = [CRS84, *(f"{OGC}{code}" for code in (4326, 3857, *VN2000_CODES))]
NAME = re.compile(r"http://www\.opengis\.net/def/crs/(OGC/1\.3/CRS84|EPSG/0/\d{4,5})")
LATITUDE_FIRST = (4326, 4756)
BOX = (105.5, 20.7, 106.1, 21.3)
SITES = next(layer for layer in LAYERS if layer.name == "inspection_sites")
WRONG = [
    *("EPSG:999999", "EPSG:abc", "EPSG:-1", "EPSG:4326 OR 1=1", "EPSG:32648", "IAU_2015:49900", "", "CRS", "4326"),
    *("+init=epsg:4326", "+proj=longlat +nadgrids=@http://127.0.0.1/x", "/etc/passwd", "http://127.0.0.1/crs"),
    *("http://www.opengis.net/def/crs/EPSG/0/4327", "http://www.opengis.net/def/crs/OGC/0/CRS84h", "EPSG:4756"),
    'GEOGCS["x",DATUM["x",SPHEROID["x",1,0]]]',
]


def code_of(uri: str) -> int:
    return 4326 if uri == CRS84 else int(uri.rpartition("/")[2])


def by_epsg_6960(code: int) -> Transformer:
    """From WGS 84 to the system, longitude or easting first; by EPSG:6960 where it is of VN-2000."""
    if code not in VN2000_CODES:
        return Transformer.from_crs(4326, code, always_xy=True)
    found = TransformerGroup(4326, 4756, always_xy=True).transformers
    to_vn2000 = next(one for one in found if "VN-2000 to WGS 84 (2)" in one.description)
    assert CRS(code).to_epsg() == code
    if code == 4756:
        return to_vn2000
    projected = Transformer.from_crs(4756, code, always_xy=True)
    return Both(to_vn2000, projected)  # type: ignore[return-value]


class Both:
    """Two transformations one after the other."""

    def __init__(self, *steps: Transformer) -> None:
        self.steps = steps

    def transform(self, x, y):  # type: ignore[no-untyped-def]
        for step in self.steps:
            x, y = step.transform(x, y)
        return x, y


def in_order(uri: str, x: float, y: float) -> tuple[float, float]:
    return (y, x) if uri != CRS84 and code_of(uri) in LATITUDE_FIRST else (x, y)


def first_positions(page: dict) -> list[tuple[int, tuple[float, float]]]:
    """The first position of each feature, by its id."""
    found = []
    for feature in page["features"]:
        place = feature["geometry"]["coordinates"]
        while isinstance(place[0], list):
            place = place[0]
        found.append((feature["id"], tuple(place)))
    return found


def test_01_02_and_03_every_system_has_a_name_the_default_is_among_them_and_so_is_the_stored_one(
    client: Client,
) -> None:
    """/conf/crs/crs-uri, /conf/crs/default-crs, /conf/crs/storageCrs."""
    document = ask(client, "/collections")
    for one in (*document["collections"], *(ask(client, f"/collections/{layer.name}") for layer in LAYERS)):
        assert one["crs"] == URIS and one["crs"][0] == one["storageCrs"] == CRS84
    assert document["crs"] == URIS
    assert all(NAME.fullmatch(uri) for uri in URIS)


@EVERY
def test_04_and_07_every_system_is_given_in_the_order_of_its_axes(layer: Layer, client: Client) -> None:
    """/conf/crs/crs-parameter, /conf/crs/crs-parameter-transform (R04, R06, R07)."""
    few = {"limit": "20", "properties": layer.fields[0].name}
    stored = first_positions(items(client, layer, few))
    for uri in URIS:
        response = client.get(f"{ROOT}/collections/{layer.name}/items", {**few, "crs": uri})
        assert response["Content-Crs"] == f"<{uri}>"
        projected = code_of(uri) in (3857, *CENTRAL_MERIDIANS, *UTM_MERIDIANS)
        near = 0.012 if projected else 1.1e-7  # what seven decimals of a degree leave open
        to_system = by_epsg_6960(code_of(uri))
        for (number, there), (_, (lon, lat)) in zip(first_positions(response.json()), stored, strict=True):
            wanted = in_order(uri, *to_system.transform(lon, lat))
            assert there == pytest.approx(wanted, abs=near), (uri, number)
    number = stored[0][0]
    alone = client.get(f"{ROOT}/collections/{layer.name}/items/{number}", {"crs": f"{OGC}9210"})
    assert alone["Content-Crs"] == f"<{OGC}9210>"
    assert (
        alone.json()["geometry"] == items(client, layer, {"limit": "1", "crs": f"{OGC}9210"})["features"][0]["geometry"]
    )


@pytest.mark.parametrize("uri", URIS)
def test_control_points_are_within_a_millimetre_of_epsg_6960(uri: str, client: Client) -> None:
    """Compared with the position as it is stored, not as GeoJSON rounds it; Ho Chi Minh City is the trap."""
    places = dict(InspectionSite.objects.using("open").order_by("pk").values_list("pk", "geom")[:1000])
    page = items(client, SITES, {"limit": "1000", "crs": uri})
    assert any(10 < place.y < 11 and 106 < place.x < 107.2 for place in places.values())
    to_system, checked = by_epsg_6960(code_of(uri)), 0
    for number, there in first_positions(page):
        wanted = in_order(uri, *to_system.transform(places[number].x, places[number].y))
        metres = code_of(uri) not in LATITUDE_FIRST
        assert there == pytest.approx(wanted, abs=1e-3 if metres else 1e-7), (uri, number)
        checked += 1
    assert checked >= 200


@pytest.mark.parametrize("parameter", ["crs", "bbox-crs", "filter-crs"])
def test_05_and_09_a_system_that_is_not_offered_is_refused(parameter: str, client: Client) -> None:
    """/conf/crs/crs-parameter-invalid, /conf/crs/bbox-crs-parameter-invalid; R01 to R03: none of it reaches PROJ."""
    for text in WRONG:
        asked = {parameter: text, "limit": "1", "bbox": "105,20,106,21", "filter": "id > 1"}
        refused = ask(client, "/collections/provinces/items", asked, status=400)
        assert (refused["code"], refused["parameter"]) == ("crs.unknown", parameter), text
        assert f"{OGC}9218" in refused["detail_en"]


@EVERY
def test_06_and_10_without_a_word_all_is_in_crs84(layer: Layer, client: Client) -> None:
    """/conf/crs/crs-parameter-default, /conf/crs/bbox-crs-parameter-default."""
    plain = items(client, layer, {"limit": "5", "bbox": "105,20,106.5,21.5"})
    named = items(client, layer, {"limit": "5", "bbox": "105,20,106.5,21.5", "crs": CRS84, "bbox-crs": CRS84})
    assert plain["features"] == named["features"] != []


@EVERY
def test_08_a_box_of_any_system_gives_the_rows_of_a_precise_test(layer: Layer, client: Client) -> None:
    """/conf/crs/bbox-crs-parameter: each position moved into the system lies in the box, and no other's does."""
    wider = {"limit": "5000", "properties": layer.fields[0].name, "bbox": "105.3,20.5,106.3,21.5"}
    every = pages(client, layer, wider)
    whole = {feature["id"]: feature["geometry"] for page in every for feature in page["features"]}
    for uri in URIS if layer is SITES else (f"{OGC}4756", f"{OGC}3405"):
        to_system = by_epsg_6960(code_of(uri))
        west, south = to_system.transform(*BOX[:2])
        east, north = to_system.transform(*BOX[2:])
        corners = (*in_order(uri, west, south), *in_order(uri, east, north))
        found = set(ids(client, layer, {"bbox": ",".join(map(repr, corners)), "bbox-crs": uri, "limit": "5000"}))
        if layer.geometry == "point":
            there = {number: to_system.transform(*place["coordinates"]) for number, place in whole.items()}
            assert found == {n for n, (x, y) in there.items() if west <= x <= east and south <= y <= north} != set(), (
                uri
            )
        else:
            near = set(ids(client, layer, {"bbox": ",".join(map(str, BOX)), "limit": "5000"}))
            assert len(found ^ near) <= max(2, len(near) // 20) and found, uri


def test_short_names_and_urns_have_the_order_that_their_writers_mean(client: Client) -> None:
    """R04: equal points once they are put in one order."""
    ((number, (lon, lat)),) = first_positions(items(client, SITES, {"limit": "1"}))
    for name, order, uri in (
        ("urn:ogc:def:crs:EPSG::4326", (lat, lon), f"{OGC}4326"),
        ("EPSG:4326", (lon, lat), CRS84),
        ("OGC:CRS84", (lon, lat), CRS84),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", (lon, lat), CRS84),
    ):
        response = client.get(f"{ROOT}/collections/inspection_sites/items", {"limit": "1", "crs": name})
        assert first_positions(response.json()) == [(number, order)]
        assert response["Content-Crs"] == f"<{uri}>"


def test_a_box_beyond_its_system_still_finds_what_lies_in_it(client: Client, world: date) -> None:
    """What cannot be turned into degrees is tested row by row; a box that is empty or upside down is refused (B06)."""
    address = {"bbox-crs": f"{OGC}9210", "limit": "1"}
    all_of_them = items(client, SITES, {"limit": "1"})["numberMatched"]
    assert items(client, SITES, {**address, "bbox": "-1e7,-1e7,1e7,1e7"})["numberMatched"] == all_of_them
    for box in ("600000,2300000,500000,2400000", "500000,2400000,600000,2300000"):
        assert (
            ask(client, "/collections/inspection_sites/items", {**address, "bbox": box}, status=400)["code"]
            == "bbox.order"
        )
    assert items(client, SITES, {"bbox": "20,105,22,107", "bbox-crs": f"{OGC}4326", "limit": "1"})["numberMatched"] > 0
