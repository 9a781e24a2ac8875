"""What WFS does beside the abstract tests (test_wfs_abstract_tests.py): forms, long pages, what programs look for."""

import csv
import io
import time
from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connections, transaction
from django.test import Client, override_settings
from lxml import etree

from geodata.writers import gml
from layers.errors import NotAllowed
from layers.layer import Layer
from layers.models import InspectionSite
from layers.query import FeatureQuery
from layers.registry import all_layers, get
from layers.walks import by_id
from services.ogcapi import features as ogc_features
from services.streaming import body as streaming
from services.streaming.transfer import TooLong
from services.wfs import answers
from services.wfs.types import FeatureType
from tests.services.wfs_requests import (
    NAMES,
    SITES,
    ask,
    body,
    document,
    equal,
    features,
    fes,
    hits,
    query,
    reference,
    request,
    send,
    texts,
)

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]
FES = {"fes": NAMES["fes"], "ows": NAMES["ows"], "wfs": NAMES["wfs"]}


def test_the_size_of_a_page_is_told_where_gdal_looks_for_it(client: Client) -> None:
    """GDAL takes CountDefault inside of GetFeature for its pages; without it features on page borders are lost."""
    found = document(ask(client, "GetCapabilities"))
    operation = found.xpath("//ows:Operation[@name='GetFeature']", namespaces=NAMES)[0]
    said = operation.xpath("ows:Constraint[@name='CountDefault']/ows:DefaultValue/text()", namespaces=NAMES)
    assert said == ["10000"]


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


def test_columns_follow_what_the_caller_may_see_at_the_time(world: date) -> None:
    """An account is the same by its number, whatever it may see by now."""
    layer = get("measuring_devices")
    hidden = {item.name for item in layer.fields if item.roles and item.shown}
    user = get_user_model()(pk=1, is_superuser=True)
    assert hidden and hidden <= set(FeatureType(layer, user).names)
    user.is_superuser = False
    with pytest.raises(NotAllowed):
        _ = FeatureType(layer, user).names
    assert not hidden & set(FeatureType(layer, None).names)
