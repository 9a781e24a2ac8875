"""The abstract tests of OGC API - Features - Part 1: Core (17-069r4, annex A), by number, over every layer.

The numbers in names are those of version 1.0.0 (17-069r3), which OGC's executable suite cites: 1 to 29 Core, 30 and 31
GeoJSON, 32 to 35 the forms in GML that are not offered, 36 and 37 HTML, 38 to 43 OpenAPI 3.0. Version 1.0.1 counts what
10 demands of links, items and extent as 11 to 14, and all that follows is four higher.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from urllib.parse import quote

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from shapely.geometry import box, shape

from layers.filters import CQL2, SHARED
from layers.layer import Layer
from services.ogcapi.asking import OWN
from tests.layers.oracle import expected
from tests.mapapp.pages import Page
from tests.services.ogcapi.documents import LAYERS, ROOT, ask, check_feature, check_links, href, ids, items, links

GEOJSON, HTML, JSON = "application/geo+json", "text/html", "application/json"
BOX = "105,20,106.5,21.5"
EVERY = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
CONFORMANCE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"


@cache
def described() -> dict:
    return ask(Client(SERVER_NAME="127.0.0.1"), "/api", {"lang": "en"})


@pytest.fixture
def api(client: Client) -> dict:
    """The description, made once."""
    return described()


def parameter_of(api: dict, layer: Layer, name: str) -> dict:
    operation = api["paths"][f"/collections/{layer.name}/items"]["get"]
    (found,) = (one for one in operation["parameters"] if one["name"] == name)
    return found


def test_01_it_keeps_http(client: Client) -> None:
    """/conf/core/http: statuses, methods, HEAD as GET without a body, and what a browser asks of other origins."""
    address = f"{ROOT}/collections/laboratories/items?limit=1"
    head = client.head(address)
    assert head.status_code == 200 and head["Content-Type"] == GEOJSON and head.content == b""
    for method in ("post", "put", "delete", "patch"):
        refused = getattr(client, method)(address)
        assert refused.status_code == 405 and refused["Content-Type"].startswith("application/problem+json")
    allowed = client.options(address)
    assert allowed.status_code == 204 and allowed["Allow"] == "GET, HEAD, OPTIONS"
    assert allowed["Access-Control-Allow-Origin"] == client.get(address)["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"{ROOT}/nothing").status_code == 404
    assert client.get("/ogc?lang=en")["Location"] == "/ogc/?lang=en"


@EVERY
def test_02_geometries_are_of_crs84_by_default(layer: Layer, client: Client) -> None:
    """/conf/core/crs84."""
    response = client.get(f"{ROOT}/collections/{layer.name}/items?limit=20")
    assert response["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    for feature in response.json()["features"]:
        check_feature(feature, layer)


def test_03_and_04_the_landing_page_leads_to_all_that_there_is(client: Client) -> None:
    """/conf/core/root-op, /conf/core/root-success."""
    page = ask(client, "/")
    check_links(page, form=JSON)
    for rel in ("service-desc", "service-doc", "conformance", "data"):
        assert href(page, rel), rel
    for link in page["links"]:
        response = client.get(link["href"])
        assert (response.status_code, response["Content-Type"].split("; ")[0]) == (200, link["type"]), link


def test_05_06_40_and_41_the_description_is_found_and_valid(client: Client, api: dict) -> None:
    """/conf/core/api-definition-op, /conf/core/api-definition-success; /conf/oas30/definition-1 and definition-2."""
    (described,) = links(ask(client, "/"), "service-desc")
    response = client.get(described["href"])
    assert response["Content-Type"] == described["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert api["openapi"].startswith("3.0")
    validate(api)


def test_07_and_08_conformance_names_the_classes(client: Client) -> None:
    """/conf/core/conformance-op, /conf/core/conformance-success."""
    classes = ask(client, "/conformance")["conformsTo"]
    assert {f"{CONFORMANCE}/{name}" for name in ("core", "geojson", "html", "oas30")} <= set(classes)
    assert len(classes) == len(set(classes))


def test_09_and_10_every_layer_is_a_collection(client: Client) -> None:
    """/conf/core/fc-md-op, /conf/core/fc-md-success: links, items links, extent."""
    document = ask(client, "/collections")
    check_links(document, form=JSON)
    assert [one["id"] for one in document["collections"]] == [layer.name for layer in LAYERS]
    for one in document["collections"]:
        assert {link["type"] for link in links(one, "items")} == {GEOJSON, HTML}
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        assert -180 <= west < east <= 180 and -90 <= south < north <= 90
        assert len(one["extent"]["temporal"]["interval"][0]) == 2


@EVERY
def test_11_and_12_a_collection_tells_what_the_list_tells(layer: Layer, client: Client) -> None:
    """/conf/core/sfc-md-op, /conf/core/sfc-md-success."""
    (listed,) = (one for one in ask(client, "/collections")["collections"] if one["id"] == layer.name)
    alone = ask(client, f"/collections/{layer.name}")
    check_links(alone, form=JSON)
    assert {**listed, "links": []} == {**alone, "links": []}
    assert [link for link in listed["links"] if link["rel"] != "self"] == [
        link for link in alone["links"] if link["rel"] not in ("self", "alternate")
    ]
    assert ask(client, href(listed, "self"))["id"] == layer.name
    assert "not_found" in str(ask(client, "/collections/nothing", status=404))


@EVERY
def test_13_and_22_a_page_of_features_has_the_structure(layer: Layer, client: Client) -> None:
    """/conf/core/fc-op, /conf/core/fc-response."""
    for asked in ({}, {"bbox": BOX}, {"limit": "3"}):
        page = items(client, layer, asked)
        assert page["type"] == "FeatureCollection"
        for feature in page["features"]:
            check_feature(feature, layer)


@EVERY
def test_14_bbox_is_declared(layer: Layer, api: dict) -> None:
    """/conf/core/fc-bbox-definition."""
    one = parameter_of(api, layer, "bbox")
    assert (one["in"], one["required"], one["style"], one["explode"]) == ("query", False, "form", False)
    assert one["schema"] == {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}


@EVERY
def test_15_bbox_gives_what_meets_the_box(layer: Layer, client: Client, world: date) -> None:
    """/conf/core/fc-bbox-response; with heights, too, which no feature has."""
    asked, area = {"bbox": BOX, "limit": "10000"}, box(*map(float, BOX.split(",")))
    page = items(client, layer, asked)
    assert page["numberMatched"] == expected(layer.name, {"bbox": BOX}, world) > 0
    assert all(shape(feature["geometry"]).intersects(area) for feature in page["features"])
    high = items(client, layer, {**asked, "bbox": "105,20,-100,106.5,21.5,4000"})
    assert high["features"] == page["features"]


@EVERY
def test_16_limit_is_declared(layer: Layer, api: dict) -> None:
    """/conf/core/fc-limit-definition."""
    one = parameter_of(api, layer, "limit")
    assert (one["in"], one["required"], one["style"], one["explode"]) == ("query", False, "form", False)
    assert one["schema"] == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100}


@EVERY
def test_17_limit_is_kept_and_cut_to_its_maximum(layer: Layer, client: Client, world: date) -> None:
    """/conf/core/fc-limit-response."""
    assert len(items(client, layer, {"limit": "5"})["features"]) == 5
    whole = expected(layer.name, {}, world)
    assert len(items(client, layer)["features"]) == min(100, whole)
    assert len(items(client, layer, {"limit": "1000000000"})["features"]) == min(10_000, whole)


@EVERY
def test_18_datetime_is_declared(layer: Layer, api: dict) -> None:
    """/conf/core/fc-time-definition."""
    one = parameter_of(api, layer, "datetime")
    assert (one["in"], one["required"], one["style"], one["explode"]) == ("query", False, "form", False)
    assert one["schema"] == {"type": "string"}


@EVERY
def test_19_datetime_gives_the_state_of_a_day(layer: Layer, client: Client, world: date) -> None:
    """/conf/core/fc-time-response: a day, a moment in Viet Nam, an interval by its day nearest to the map's."""
    earlier, later = world - timedelta(60), world + timedelta(60)
    days = {
        str(world): world,
        f"{world}T16:59:59Z": world,
        f"{world - timedelta(1)}T17:00:00.5Z": world,
        f"{earlier}/{later}": world,
        f"{earlier}/..": world,
        f"/{later}": world,
    }
    if layer.dated:
        days |= {
            str(earlier): earlier,
            f"../{earlier}": earlier,
            f"{later}/..": later,
            f"{earlier}T09:00:00+07:00": earlier,
        }
    for text, day in days.items():
        asked = {} if day == world else {"on": day.isoformat()}
        assert items(client, layer, {"datetime": text, "limit": "1"})["numberMatched"] == expected(
            layer.name, asked, world
        ), text
    if not layer.dated:
        refused = ask(client, f"/collections/{layer.name}/items", {"datetime": str(earlier)}, status=400)
        assert refused["parameter"] == "datetime"


@EVERY
@pytest.mark.parametrize(
    "asked",
    ["limit=0", "limit=-1", "limit=abc", "bbox=1,2,3", "bbox=105,21,106,20", "datetime=now", "crs=EPSG:1", "f=xml"],
)
def test_20_an_invalid_value_is_refused_by_name(layer: Layer, asked: str, client: Client) -> None:
    """/conf/core/query-param-invalid."""
    refused = ask(client, f"/collections/{layer.name}/items?{asked}", status=400)
    assert refused["parameter"] == asked.partition("=")[0] and refused["detail_vi"] and refused["detail_en"]


def test_21_an_unknown_parameter_is_refused_everywhere(client: Client) -> None:
    """/conf/core/query-param-unknown: in every operation that the description names."""
    number = items(client, LAYERS[0], {"limit": "1"})["features"][0]["id"]
    for path in ask(client, "/api")["paths"]:
        there = path.replace("{featureId}", str(number)).replace("{tileMatrixSetId}", "WebMercatorQuad")
        there = re.sub(r"\{tile(Matrix|Row|Col)\}", "0", there)
        refused = ask(client, f"{there}?colour=red", status=400)
        assert (refused["code"], refused["parameter"]) == ("param.unknown", "colour"), path


@EVERY
def test_23_a_page_links_to_itself_its_other_form_its_collection_and_the_next(layer: Layer, client: Client) -> None:
    """/conf/core/fc-links. Every parameter is kept, and the next page is of the same question."""
    page = items(client, layer, {"limit": "2", "bbox": BOX, "lang": "en", "f": "json"})
    check_links(page, form=GEOJSON)
    assert ask(client, href(page, "collection"))["id"] == layer.name
    following = href(page, "next")
    assert following and all(part in following for part in ("limit=2", f"bbox={BOX}", "lang=en", "f=json"))
    after = ask(client, following)
    assert {one["id"] for one in after["features"]}.isdisjoint(one["id"] for one in page["features"])
    assert after["numberMatched"] == page["numberMatched"]


def test_24_a_page_says_when_it_was_made(client: Client) -> None:
    """/conf/core/fc-timeStamp."""
    made = datetime.fromisoformat(items(client, LAYERS[0], {"limit": "1"})["timeStamp"])
    assert abs(datetime.now(UTC) - made) < timedelta(seconds=30)


@EVERY
def test_25_and_26_a_page_says_how_many_there_are_and_how_many_it_holds(
    layer: Layer, client: Client, world: date
) -> None:
    """/conf/core/fc-numberMatched, /conf/core/fc-numberReturned."""
    page = items(client, layer, {"bbox": BOX, "limit": "7"})
    assert page["numberReturned"] == len(page["features"])
    assert page["numberMatched"] == len(ids(client, layer, {"bbox": BOX, "limit": "2000"}))


@EVERY
def test_27_28_and_29_a_feature_is_what_the_page_shows(layer: Layer, client: Client) -> None:
    """/conf/core/f-op, /conf/core/f-success, /conf/core/f-links."""
    for feature in items(client, layer, {"limit": "3"})["features"]:
        alone = ask(client, f"/collections/{layer.name}/items/{feature['id']}")
        check_links(alone, form=GEOJSON)
        assert ask(client, href(alone, "collection"))["id"] == layer.name
        assert {key: alone[key] for key in feature} == feature
    for nothing in ("99999999999999", "abc", "-1", "01"):
        ask(client, f"/collections/{layer.name}/items/{nothing}", status=404)


@EVERY
def test_30_and_31_geojson_is_what_is_asked_for_and_what_the_schema_says(layer: Layer, client: Client) -> None:
    """/conf/geojson/definition, /conf/geojson/content. A property without a value is null."""
    address = f"{ROOT}/collections/{layer.name}/items?limit=30"
    for accepted in (GEOJSON, JSON, "*/*", f"{GEOJSON};q=0.9,{HTML};q=0.1"):
        response = client.get(address, headers={"Accept": accepted})
        assert response["Content-Type"] == GEOJSON, accepted
    schema = ask(client, f"/collections/{layer.name}/schema")
    Draft202012Validator.check_schema(schema)
    properties = {name: told for name, told in schema["properties"].items() if "x-ogc-role" not in told}
    checker = Draft202012Validator({"properties": properties, "additionalProperties": False})
    for feature in response.json()["features"]:
        assert set(feature["properties"]) == set(properties)
        checker.validate({name: value for name, value in feature["properties"].items() if value is not None})


def test_36_and_37_html_is_what_a_browser_gets(client: Client) -> None:
    """/conf/html/definition, /conf/html/content: every address with a page, in both languages, by Accept and by `f`."""
    number = items(client, LAYERS[0], {"limit": "1"})["features"][0]["id"]
    browser = f"{HTML},application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    operations = ask(client, "/api")["paths"].items()
    paths = [path for path, one in operations if HTML in one["get"]["responses"]["200"]["content"]]
    assert len(paths) == 6 + 7 * len(LAYERS)
    for path in paths:
        address = f"{ROOT}{path}".replace("{featureId}", str(number))
        address = address.replace("{tileMatrixSetId}", "WebMercatorQuad")
        if f"/{number}" in address and LAYERS[0].name not in address:
            continue
        accepted = Page(client.get(address, headers={"Accept": browser}))
        named = Page(client.get(f"{address}?f=html&lang=en"))
        for page, language in ((accepted, "vi"), (named, "en")):
            assert page.status == 200 and page.unbalanced == []
            assert page.all("html", lang=language) and len(page.all("h1")) == 1
            assert "cụm" in page.text if language == "vi" else "clusters" in page.text
            assert not [link for link in page.fetched if link.startswith("http")], "all comes from here"
    refused = client.get(f"{ROOT}/collections", headers={"Accept": "application/xml"})
    assert refused.status_code == 406 and refused.json()["code"] == "accept"


def test_38_39_42_and_43_the_description_is_complete_and_its_references_hold(client: Client, api: dict) -> None:
    """/conf/oas30/completeness, /conf/oas30/exceptions-codes, /conf/oas30/oas-impl, /conf/oas30/security."""
    assert "security" not in api and "securitySchemes" not in api["components"]
    names = [one["get"]["operationId"] for one in api["paths"].values()]
    assert len(names) == len(set(names))
    for path, one in api["paths"].items():
        assert set(one["get"]["responses"]) == {"200", "default"}, path
        assert all(f"{{{p['name']}}}" in path for p in one["get"]["parameters"] if p["in"] == "path")


@EVERY
def test_42_the_description_names_just_the_parameters_that_are_taken(layer: Layer, client: Client, api: dict) -> None:
    """/conf/oas30/oas-impl: and every code that it lists is taken."""
    described = api["paths"][f"/collections/{layer.name}/items"]["get"]["parameters"]
    taken = {*SHARED, CQL2, *OWN, *(item.name for item in layer.filters)} - (set() if layer.dated else {"on"})
    assert {one["name"] for one in described} == taken
    for one in described:
        codes = one["schema"].get("items", one["schema"]).get("enum")
        if codes and one["name"] != "f":
            many = ",".join(codes) if one["schema"]["type"] == "array" else codes[-1]
            ask(client, f"/collections/{layer.name}/items?limit=1&{one['name']}={quote(many)}")
