"""What WFS 2.0 (OGC 09-025r2) demands of Simple WFS, Basic WFS and response paging, over every layer.

The numbers are the conformance classes of Annex A: A.1.1 Simple WFS, A.1.2 Basic WFS, A.1.5 HTTP GET, A.1.6 HTTP POST,
A.1.10 response paging; each test names the clause that it holds the service to.
"""

import csv
import io
import json
import time
from datetime import date

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import Client, override_settings
from lxml import etree

from geodata.writers import gml
from layers.layer import Layer
from layers.models import InspectionSite
from layers.query import FeatureQuery
from layers.registry import all_layers
from layers.walks import by_id
from services.ogcapi import features as ogc_features
from services.streaming import body as streaming
from services.streaming.transfer import TooLong
from services.wfs import answers
from tests.ogc_schemas import schema_with, wfs_schema
from tests.services.wfs_requests import (
    BY_ID,
    NAMES,
    SITES,
    ask,
    body,
    document,
    equal,
    features,
    fes,
    hits,
    ids,
    query,
    reference,
    request,
    send,
    texts,
)

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]
FES = {"fes": NAMES["fes"], "ows": NAMES["ows"], "wfs": NAMES["wfs"]}


def test_capabilities_are_valid_and_declare_what_is_kept(client: Client) -> None:
    """A.1.1 and A.1.2; clause 8.3."""
    for language in ("vi", "en"):
        found = document(ask(client, "GetCapabilities", lang=language))
        wfs_schema().assertValid(found)
        types = {
            one.find("wfs:Name", FES).text: one.find("wfs:Title", FES).text for one in found.iter("{*}FeatureType")
        }
        with_language = {f"map:{layer.name}": getattr(layer.title, language) for layer in all_layers()}
        assert types == with_language
    kept = {one.get("name"): one.findtext("ows:DefaultValue", namespaces=FES) for one in found.iter("{*}Constraint")}
    for name in (
        *("ImplementsSimpleWFS", "ImplementsBasicWFS", "KVPEncoding", "XMLEncoding", "ImplementsResultPaging"),
        *("ImplementsQuery", "ImplementsAdHocQuery", "ImplementsResourceId", "ImplementsMinStandardFilter"),
        *("ImplementsStandardFilter", "ImplementsMinSpatialFilter", "ImplementsSpatialFilter", "ImplementsSorting"),
        *("ImplementsMinTemporalFilter", "ImplementsTemporalFilter", "ImplementsMinimumXPath", "ImplementsFunctions"),
    ):
        assert kept[name] == "TRUE", name
    assert kept["ImplementsTransactionalWFS"] == "FALSE"


def test_the_size_of_a_page_is_told_where_gdal_looks_for_it(client: Client) -> None:
    """GDAL takes CountDefault inside of GetFeature for its pages; without it features on page borders are lost."""
    found = document(ask(client, "GetCapabilities"))
    operation = found.xpath("//ows:Operation[@name='GetFeature']", namespaces=NAMES)[0]
    said = operation.xpath("ows:Constraint[@name='CountDefault']/ows:DefaultValue/text()", namespaces=NAMES)
    assert said == ["10000"]


def test_versions_are_negotiated_and_sections_chosen(client: Client) -> None:
    """A.1.1; clauses 8.2 and 6.2.5, OWS Common 7.3."""
    for asked in ({}, {"acceptversions": "1.1.0,2.0.0"}, {"acceptversions": "2.0.0"}, {"version": "2.0.0"}):
        found = document(client.get("/wfs", {"service": "WFS", "request": "GetCapabilities", **asked}))
        assert found.get("version") == "2.0.0"
    asked = {"service": "WFS", "request": "GetCapabilities", "acceptversions": "3.0.0"}
    assert "VersionNegotiationFailed" in body(client.get("/wfs", asked)).decode()
    part = document(client.get("/wfs", {"service": "WFS", "request": "GetCapabilities", "sections": "FeatureTypeList"}))
    wfs_schema().assertValid(part)
    assert [one.tag.rpartition("}")[2] for one in part] == ["FeatureTypeList"]
    sent = '<wfs:GetCapabilities xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS"/>'
    assert document(send(client, sent)).get("version") == "2.0.0"


@pytest.mark.parametrize("layer", LAYERS)
def test_features_are_valid_by_the_schema_that_describes_them(layer: Layer, client: Client) -> None:
    """A.1.1; clauses 9 and 11.3, in KVP (A.1.5) and XML (A.1.6)."""
    described = body(ask(client, "DescribeFeatureType", typenames=f"map:{layer.name}"))
    sent = request("DescribeFeatureType", f"<wfs:TypeName>map:{layer.name}</wfs:TypeName>")
    assert body(send(client, sent)) == described
    schema = schema_with(described, NAMES["map"])
    for asked in ({"count": 40}, {"count": 3, "srsname": "urn:ogc:def:crs:EPSG::3405"}, {"resulttype": "hits"}):
        found = document(ask(client, "GetFeature", typenames=layer.name, **asked))
        schema.assertValid(found)
        every = found.xpath("//@gml:id", namespaces=NAMES)
        assert len(every) == len(set(every))
    schema.assertValid(document(send(client, request("GetFeature", query(layer.name), count=40))))


def test_all_types_are_described_at_once(client: Client) -> None:
    """A.1.1; clause 9.2.4.1."""
    described = body(ask(client, "DescribeFeatureType"))
    schema_with(described, NAMES["map"])
    assert all(f'<xsd:element name="{layer.name}" '.encode() in described for layer in all_layers())


@pytest.mark.parametrize("layer", LAYERS)
def test_all_forms_say_what_the_api_says(layer: Layer, client: Client) -> None:
    """Fields, labels in the language asked for, and the number of rows."""
    asked = {"typenames": layer.name, "count": 30, "lang": "en"}
    api = client.get(f"/api/v1/{layer.name}/", {"limit": "30", "lang": "en"}).json()
    geojson = ask(client, "GetFeature", **asked, outputformat="application/json").json()  # type: ignore[attr-defined]
    assert [one["id"] for one in geojson["features"]] == [one["id"] for one in api["features"]]
    assert [one["properties"] for one in geojson["features"]] == [one["properties"] for one in api["features"]]
    assert geojson["numberMatched"] == api["numberMatched"]
    rows = list(csv.DictReader(io.StringIO(body(ask(client, "GetFeature", **asked, outputformat="csv")).decode())))
    assert all(102 < float(row["lon"]) < 118 and 4 < float(row["lat"]) < 24 and None not in row for row in rows)
    collection = document(ask(client, "GetFeature", **asked))
    assert hits(ask(client, "GetFeature", typenames=layer.name, resulttype="hits")) == api["numberMatched"]
    for feature, row, said in zip(features(collection), rows, api["features"], strict=True):
        told = {one.tag.rpartition("}")[2]: one.text for one in feature}
        for name, value in said["properties"].items():
            joint = " | " if name.endswith("_label") else ";"
            written = joint.join(value) if isinstance(value, list) else "" if value is None else str(value)
            written = written.lower() if isinstance(value, bool) else written.removesuffix(".0")
            assert (told.get(name) or "") == written and row[name].lstrip("'") == written.lstrip("'"), name


def test_the_stored_query_gives_the_feature_itself(client: Client) -> None:
    """A.1.1; clauses 7.9.3.6 and 14."""
    schema = schema_with(body(ask(client, "DescribeFeatureType")), NAMES["map"])
    for operation in ("ListStoredQueries", "DescribeStoredQueries"):
        for response in (ask(client, operation), send(client, request(operation))):
            found = document(response)
            schema.assertValid(found)
            assert BY_ID in {one.get("id") for one in found}
    chosen = request("DescribeStoredQueries", f"<wfs:StoredQueryId>{BY_ID}</wfs:StoredQueryId>")
    assert document(send(client, chosen))[0].get("id") == BY_ID
    for layer in all_layers():
        (number,) = ids(ask(client, "GetFeature", typenames=layer.name, count=1))
        parameter = f'<wfs:Parameter name="ID">{layer.name}.{number}</wfs:Parameter>'
        stored = f'<wfs:StoredQuery id="{BY_ID}">{parameter}</wfs:StoredQuery>'
        asked = {"storedquery_id": BY_ID, "id": f"{layer.name}.{number}"}
        for response in (ask(client, "GetFeature", **asked), send(client, request("GetFeature", stored))):
            found = document(response)
            schema.assertValid(found)
            assert found.tag == f"{{{NAMES['map']}}}{layer.name}"
            assert found.get(f"{{{NAMES['gml']}}}id") == f"{layer.name}.{number}"
        assert json.loads(body(ask(client, "GetFeature", **asked, outputformat="geojson")))["id"] == number
        (row,) = csv.DictReader(io.StringIO(body(ask(client, "GetFeature", **asked, outputformat="csv")).decode()))
        assert row["id"] == str(number)


@pytest.mark.parametrize("layer", LAYERS)
def test_values_of_one_property_are_given_in_the_order_of_the_features(layer: Layer, client: Client) -> None:
    """A.1.2; clause 10."""
    schema = schema_with(body(ask(client, "DescribeFeatureType", typenames=layer.name)), NAMES["map"])
    whole = features(document(ask(client, "GetFeature", typenames=layer.name, count=20)))
    for name in ("id", layer.fields[0].name, layer.fields[-1].name, "geom"):
        if name not in ("id", "geom") and (layer.field(name).roles or not layer.field(name).shown):
            continue
        found = document(ask(client, "GetPropertyValue", typenames=layer.name, valuereference=name, count=20))
        schema.assertValid(found)
        values = [one[0].text for one in found]
        assert len(values) == len(whole) == int(found.get("numberReturned"))
        if name != "geom":
            assert values == [one.findtext(f"map:{name}", namespaces=NAMES) for one in whole]
    sent = request("GetPropertyValue", query(layer.name), valueReference="map:id", count=20)
    assert texts(document(send(client, sent)), "id") == texts(
        document(ask(client, "GetFeature", typenames=layer.name, count=20)), "id"
    )


@pytest.mark.parametrize("layer", LAYERS)
def test_pages_visit_every_feature_once(layer: Layer, client: Client) -> None:
    """A.1.10; clause 7.7.4.4: `next` and `previous` are absent at the ends."""
    total = hits(ask(client, "GetFeature", typenames=layer.name, resulttype="hits"))
    size = max(20, total // 5 + 1)
    asked = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typenames": layer.name, "count": str(size)}
    page = document(client.get("/wfs", {**asked, "propertyname": "id"}))
    assert page.get("previous") is None
    seen, back = [], 0
    while True:
        seen += [int(text) for text in texts(page, "id")]
        assert int(page.get("numberReturned")) == len(features(page)) and int(page.get("numberMatched")) == total
        if page.get("next") is None:
            break
        page = document(client.get(page.get("next")))
        back += page.get("previous") is not None
    assert seen == sorted(set(seen)) and len(seen) == total and back == -(-total // size) - 1
    first = document(client.get(page.get("previous")))
    assert int(texts(first, "id")[-1]) < int(texts(page, "id")[0])


def test_a_page_beyond_the_last_is_empty(client: Client) -> None:
    for order in ({}, {"sortby": "name"}, {"sortby": "id DESC"}):
        found = document(ask(client, "GetFeature", typenames=SITES, startindex=900_000, **order))
        assert (found.get("numberReturned"), found.get("next"), len(found)) == ("0", None, 0)


def test_pages_of_a_request_in_xml_go_on_in_addresses(client: Client) -> None:
    sort = f"<fes:SortBy><fes:SortProperty>{reference('name')}</fes:SortProperty></fes:SortBy>"
    page = document(send(client, request("GetFeature", query(SITES, sort), count=7)))
    further = document(client.get(page.get("next")))
    names = [one.findtext("map:name", namespaces=NAMES) for one in (*features(page), *features(further))]
    whole = document(ask(client, "GetFeature", typenames=SITES, count=14, sortby="name"))
    assert names == [one.findtext("map:name", namespaces=NAMES) for one in features(whole)]


def test_a_long_page_is_the_same_as_its_short_ones(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read on a connection of its own, packed or not."""
    whole = {
        form: body(ask(client, "GetFeature", typenames=SITES, outputformat=form))
        for form in ("gml32", "geojson", "csv")
    }
    monkeypatch.setattr(answers, "ONE_PIECE", 50)
    for form, told in whole.items():
        streamed = ask(client, "GetFeature", typenames=SITES, outputformat=form)
        assert streamed.streaming
        rows = body(streamed)
        assert _without_time(rows) == _without_time(told)


def test_a_page_that_cannot_be_counted_at_once_takes_its_place_first(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says how many features it holds as any other."""
    count = int(document(ask(client, "GetFeature", typenames=SITES)).get("numberReturned"))
    monkeypatch.setattr(answers, "count_within_limit", lambda *_: None)
    monkeypatch.setattr(streaming, "_PAGE_WAIT_S", 0)
    streamed = ask(client, "GetFeature", typenames=SITES)
    try:
        assert ask(client, "GetFeature", typenames=SITES).status_code == 503
        assert ask(client, "GetFeature", typenames=SITES, count=1000).status_code == 200
    finally:
        told = body(streamed)
    page = etree.fromstring(told)
    assert (page.get("numberMatched"), page.get("numberReturned")) == ("unknown", str(count))


def test_a_long_page_is_broken_off_sooner_than_a_download(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.PAGE_SECONDS < settings.DOWNLOAD_SECONDS
    monkeypatch.setattr(answers, "ONE_PIECE", 50)
    with override_settings(PAGE_SECONDS=0.01):
        streamed = ask(client, "GetFeature", typenames=SITES)
        time.sleep(0.1)
        with pytest.raises(TooLong):
            body(streamed)


def test_what_runs_without_a_place_has_the_time_of_a_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def counted(*_: object) -> int:
        with connections["open"].cursor() as cursor:
            cursor.execute("SELECT setting FROM pg_settings WHERE name = 'statement_timeout'")
            seen.extend(cursor.fetchone())
        return 0

    for service in (answers, ogc_features):
        monkeypatch.setattr(service, "count_within_limit", counted)
    assert ask(client, "GetFeature", typenames=SITES).status_code == 200
    body(client.get(f"/ogc/collections/{SITES}/items", {"limit": 2000, "f": "json"}))
    assert seen == [str(settings.QUERY_LIMITS_MS["page"])] * 2


def _without_time(told: bytes) -> bytes:
    at = told.find(b"timeStamp")
    return told if at < 0 else told[:at] + told[at + 36 :]


def test_what_xml_cannot_hold_is_left_out(client: Client, committed) -> None:  # type: ignore[no-untyped-def]
    site = InspectionSite.objects.filter(publish_state="approved_public")[0]
    site.pk, site.source_id, site.name = None, "test-xml", "a\x01\x1f & <b> \ufffe\"c\" ]]> 'd'"
    committed(site)
    filtered = fes(equal("id", str(site.pk)))
    assert texts(document(ask(client, "GetFeature", typenames=SITES, filter=filtered)), "name") == [
        "a & <b> \"c\" ]]> 'd'"
    ]
    assert gml.alone("\x00a\x0b") == b"a"


def test_a_row_of_many_values_has_its_codes_in_one_element(client: Client) -> None:
    found = document(ask(client, "GetFeature", typenames="laboratories", count=50))
    several = [text for text in texts(found, "activity") if ";" in text]
    assert several and all(text.split(";") == sorted(text.split(";")) for text in several)


def test_what_a_deep_page_passes_over_is_read_from_an_index_alone(world: date) -> None:
    """P8: `startIndex` of a million must not read a million rows."""
    layer = next(one for one in all_layers() if one.name == "measuring_devices")
    rows = by_id(layer, FeatureQuery(day=world), None, start=1500, most=10)
    with transaction.atomic(using="open"), connections["open"].cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        sql, values = rows.values("pk").query.get_compiler(using="open").as_sql()
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan using device_published_by_id" in plan, plan
