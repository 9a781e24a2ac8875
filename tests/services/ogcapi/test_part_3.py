"""OGC API - Features - Part 3: queryables, and filters in CQL2 text and JSON; every claim of conformance is tried."""

import json
from datetime import date
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from jsonschema import Draft202012Validator

from layers.cql2.properties import known_properties
from layers.layer import Layer
from services.ogcapi.asking import read_asked
from services.ogcapi.conformance import CLASSES
from tests.services.ogcapi.documents import CRS84, LAYERS, ask, href, ids, items

EVERY = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
AREA = "POLYGON((105.2 20.5,106.3 20.5,106.3 21.5,105.2 21.5,105.2 20.5))"
# One filter that finds something for each class of CQL2 that the service names, in both languages.
CLAIMS = {
    "basic-cql2": ("name <> 'x' AND NOT (id < 0)", {"op": "<>", "args": [{"property": "name"}, "x"]}),
    "advanced-comparison-operators": (
        "name LIKE '%a%' AND id BETWEEN 1 AND 4000000 AND site_kind IN ('gold_shop','fuel_station')",
        {"op": "in", "args": [{"property": "site_kind"}, ["gold_shop", "fuel_station"]]},
    ),
    "case-insensitive-comparison": (
        "CASEI(name) LIKE CASEI('CỬA HÀNG%')",
        {
            "op": "like",
            "args": [{"op": "casei", "args": [{"property": "name"}]}, {"op": "casei", "args": ["CỬA HÀNG%"]}],
        },
    ),
    "accent-insensitive-comparison": (
        "ACCENTI(name) LIKE ACCENTI('Cưa hang%')",
        {
            "op": "like",
            "args": [{"op": "accenti", "args": [{"property": "name"}]}, {"op": "accenti", "args": ["Cưa hang%"]}],
        },
    ),
    "basic-spatial-functions": (
        "S_INTERSECTS(geometry,BBOX(105,20,107,22))",
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [105, 20, 107, 22]}]},
    ),
    "basic-spatial-functions-plus": (
        f"S_INTERSECTS(geometry,{AREA})",
        {
            "op": "s_intersects",
            "args": [
                {"property": "geometry"},
                {"type": "Polygon", "coordinates": [[[105, 20], [107, 20], [107, 22], [105, 22], [105, 20]]]},
            ],
        },
    ),
    "spatial-functions": (
        f"S_WITHIN(geometry,{AREA})",
        {"op": "s_disjoint", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [105, 20]}]},
    ),
    "temporal-functions": (
        "T_AFTER(last_checked,DATE('2020-01-01'))",
        {"op": "t_before", "args": [{"property": "last_checked"}, {"date": "2030-01-01"}]},
    ),
    "property-property": ("site_kind <> name", {"op": "<>", "args": [{"property": "site_kind"}, {"property": "name"}]}),
}
SITES = next(layer for layer in LAYERS if layer.name == "inspection_sites")


@EVERY
def test_queryables_are_what_a_filter_may_name(layer: Layer, client: Client) -> None:
    """/conf/queryables: linked, a valid schema, each one taken by a filter and no other."""
    schema = ask(client, href(ask(client, f"/collections/{layer.name}"), QUERYABLES))
    Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object" and schema["$id"].endswith(f"/collections/{layer.name}/queryables")
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == set(known_properties(layer)) - {"geom"}
    for name, told in schema["properties"].items():
        assert told["title"] and ("type" in told or told["format"].startswith("geometry-"))
        value = {"integer": "1", "number": "1.5", "boolean": "TRUE"}.get(told.get("type", ""), "'x'")
        value = "DATE('2026-01-01')" if told.get("format") == "date" else value
        compared = f"S_INTERSECTS({name},POINT(105 21))" if name == "geometry" else f"{name} = {value}"
        assert read_asked(layer, QueryDict(urlencode({"filter": compared})), None).query.condition
    for name in ("colour", "serial_no", "owner", "risk_level", "organisation__tax_code"):
        refused = ask(client, f"/collections/{layer.name}/items", {"filter": f"{name} = 'x'"}, status=400)
        assert refused["parameter"] == "filter"


@EVERY
def test_codes_are_listed_with_their_labels_in_both_languages(layer: Layer, client: Client) -> None:
    coded = [item for item in layer.filters if item.filter == "code" and getattr(item.choices, "inline", True)]
    for language in ("vi", "en"):
        told = ask(client, f"/collections/{layer.name}/queryables", {"lang": language})["properties"]
        for item in coded:
            listed = [one["const"] for one in told[item.name]["oneOf"]]
            assert listed == [code.code for code in item.choices.read("open")]
            assert all(one["title"] for one in told[item.name]["oneOf"])


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claimed_class_of_cql2_finds_rows_in_text_and_in_json(name: str, client: Client) -> None:
    """/conf/filter, /conf/features-filter, and the class itself."""
    assert f"http://www.opengis.net/spec/cql2/1.0/conf/{name}" in CLASSES
    text, tree = CLAIMS[name]
    assert items(client, SITES, {"filter": text, "limit": "1"})["numberMatched"] > 0
    assert (
        items(client, SITES, {"filter": json.dumps(tree), "filter-lang": "cql2-json", "limit": "1"})["numberMatched"]
        > 0
    )


def test_every_class_of_cql2_that_is_claimed_is_tried() -> None:
    claimed = {name.rpartition("/")[2] for name in CLASSES if "/cql2/" in name}
    assert claimed == {*CLAIMS, "cql2-text", "cql2-json"}


@EVERY
def test_text_and_json_and_the_grammar_give_the_same_rows(layer: Layer, client: Client) -> None:
    coded = next((item for item in layer.filters if item.filter == "code"), None)
    assert coded is not None
    codes = [code.code for code in coded.choices.read("open")][:3]
    listed = ",".join(f"'{code}'" for code in codes)
    tree = {"op": "in", "args": [{"property": coded.name}, codes]}
    by_grammar = ids(client, layer, {coded.name: ",".join(codes), "limit": "5000"})
    assert by_grammar == ids(client, layer, {"filter": f"{coded.name} IN ({listed})", "limit": "5000"})
    assert by_grammar == ids(client, layer, {"filter": json.dumps(tree), "filter-lang": "cql2-json", "limit": "5000"})


def test_the_system_of_a_filters_geometries_is_that_of_filter_crs(client: Client) -> None:
    east, north = "POLYGON((20 105,22 105,22 107,20 107,20 105))", "POLYGON((105 20,107 20,107 22,105 22,105 20))"
    wanted = ids(client, SITES, {"filter": f"S_INTERSECTS(geometry,{north})"})
    assert wanted and wanted == ids(client, SITES, {"filter": f"S_INTERSECTS(geometry,{north})", "filter-crs": CRS84})
    flipped = {"filter": f"S_INTERSECTS(geometry,{east})", "filter-crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}
    assert wanted == ids(client, SITES, flipped)


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"filter": "id > 1", "filter-lang": "cql"}, "filter-lang"),
        ({"filter": "id > 1", "filter-lang": ""}, "filter-lang"),
        ({"filter": '{"op":"=","args":[{"property":"id"},1]}'}, "filter"),
        ({"filter": "id = 1", "filter-lang": "cql2-json"}, "filter"),
        ({"filter": '{"op":"=","op":"<","args":[{"property":"id"},1]}', "filter-lang": "cql2-json"}, "filter"),
        ({"filter": '{"op":"=","args":[{"property":"id"},1]} // x', "filter-lang": "cql2-json"}, "filter"),
        ({"filter": '{"op":"=","args":[{"property":"id"},NaN]}', "filter-lang": "cql2-json"}, "filter"),
        ({"filter": "(" * 2000}, "filter"),
        ({"filter": "pg_sleep(10) = 1"}, "filter"),
    ],
)
def test_f18_and_what_else_is_no_filter_is_refused(asked: dict, parameter: str, client: Client) -> None:
    refused = ask(client, "/collections/inspection_sites/items", asked, status=400)
    assert refused["parameter"] == parameter
    assert items(client, SITES, {"limit": "1"})["numberReturned"] == 1


def test_a_filter_cannot_widen_what_the_public_sees(client: Client, world: date) -> None:
    """F19."""
    whole = items(client, SITES, {"limit": "1"})["numberMatched"]
    assert items(client, SITES, {"filter": "id > 0 OR id <= 0", "limit": "1"})["numberMatched"] == whole
