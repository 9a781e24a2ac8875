"""Pages of features: every row once under every filter and in every order, at any size; what paging refuses."""

import json
import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest
from django.db.models import Model
from django.test import Client, RequestFactory

from accounts.models import User
from layers.layer import Field, Layer
from layers.models import InspectionSite, Tombstone
from layers.registers.base import PUBLIC
from services.ogcapi import features, views
from tests.layers.oracle import expected
from tests.layers.questions import questions
from tests.services.ogcapi.documents import LAYERS, ROOT, ask, body_of, href, ids, items, pages
from tests.services.wfs_requests import ask as wfs
from tests.services.wfs_requests import ids as wfs_ids

EVERY = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
ORDERS = [
    pytest.param(layer, item, sign, id=f"{layer.name}-{sign}{item.name}")
    for layer in LAYERS
    for item in layer.fields
    if item.sort
    for sign in ("", "-")
]
SITES = next(layer for layer in LAYERS if layer.name == "inspection_sites")


@EVERY
def test_pages_give_the_rows_of_sql_once_under_seeded_filters(layer: Layer, client: Client, world: date) -> None:
    for one in questions(layer, world)[::4]:
        wanted = expected(layer.name, one, world)
        found = ids(client, layer, {**one, "limit": str(max(2, wanted // 3))})
        assert len(found) == len(set(found)) == wanted, one
        assert found == sorted(found)
        assert items(client, layer, {**one, "limit": "1"})["numberMatched"] == wanted, one


@EVERY
def test_a_large_page_is_sent_while_it_is_read_and_holds_the_same(
    layer: Layer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"limit": "150", "province": "01", "lang": "en"}
    small = body_of(client.get(f"{ROOT}/collections/{layer.name}/items", asked))
    monkeypatch.setattr(features, "AT_ONCE", 1)
    response = client.get(f"{ROOT}/collections/{layer.name}/items", asked)
    large = body_of(response)
    assert response.streaming and response["Content-Crs"]
    once = [re.sub(rb'"timeStamp": "[^"]*"|:[\w-]{6}:[\w-]{43}"', b"", text) for text in (small, large)]
    assert once[0].replace(b"\n", b"") == once[1].replace(b"\n", b"")
    head = client.head(f"{ROOT}/collections/{layer.name}/items", asked)
    assert head.status_code == 200 and body_of(head) == b""


@pytest.mark.parametrize(("layer", "item", "sign"), ORDERS)
def test_rows_stand_in_the_order_asked_for_and_each_comes_once(
    layer: Layer, item: Field, sign: str, client: Client, world: date
) -> None:
    """Those without a value are last, in both directions; the API gives the same order."""
    asked = {"sortby": f"{sign}{item.name}", "province": "01", "limit": "41", "properties": item.name}
    rows = [feature for page in pages(client, layer, asked) for feature in page["features"]]
    values = [feature["properties"][item.name] for feature in rows]
    numbers = [feature["id"] for feature in rows]
    assert len(numbers) == len(set(numbers)) == expected(layer.name, {"province": "01"}, world) > 0
    some = [value for value in values if value is not None]
    assert values == some + [None] * (len(values) - len(some)), "no value is last"
    if item.kind != "text":  # names stand as the database orders letters
        assert some == sorted(some, reverse=bool(sign))
    for first, second in pairwise(rows):
        if first["properties"] == second["properties"]:
            assert (first["id"] > second["id"]) == bool(sign)
    page = client.get(
        f"/api/v1/{layer.name}/", {**{k: asked[k] for k in ("sortby", "province")}, "limit": "1000"}
    ).json()
    assert [feature["id"] for feature in page["features"]] == numbers[:1000]


def test_names_stand_by_the_vietnamese_alphabet(client: Client, committed: Callable[[Model], Model]) -> None:
    """By code points Á, Â and Đ would stand behind Z. WFS gives the same order."""
    site = InspectionSite.objects.filter(publish_state=PUBLIC)[0]
    names = ["An Bình", "Án Bình", "Ăn Bình", "Ân Bình", "Bình An", "Dân", "Đan", "Ea", "Êa", "Ông", "Ơn", "Ừ", "Yên"]
    for number, name in enumerate(reversed(names)):
        site.pk, site.source_id, site.name = None, f"test-alphabet-{number}", name
        committed(site)
        site = InspectionSite.objects.get(pk=site.pk)
    asked = {"properties": "name", "province": site.province.code, "limit": "7"}
    for sign, wanted in (("", names), ("-", names[::-1])):
        rows = [row for page in pages(client, SITES, {**asked, "sortby": f"{sign}name"}) for row in page["features"]]
        assert [row["properties"]["name"] for row in rows if row["properties"]["name"] in names] == wanted
        same = {"cql_filter": f"province = '{site.province.code}'", "sortby": "name DESC" if sign else "name"}
        assert wfs_ids(wfs(client, "GetFeature", typenames=SITES.name, **same)) == [row["id"] for row in rows]


def test_rows_come_and_go_between_pages_and_no_other_is_lost(
    client: Client, committed: Callable[[Model], Model]
) -> None:
    """P07, in the order of a field: the last row of a page is gone when the next page is asked for."""
    site = InspectionSite.objects.filter(publish_state=PUBLIC, last_checked__isnull=False)[0]
    made = []
    for number in range(6):
        site.pk, site.source_id, site.name = None, f"test-order-{number}", f"Ω {number}"
        made.append(committed(site).pk)
        site = InspectionSite.objects.get(pk=made[-1])
    asked = {"sortby": "-name", "limit": "2", "province": site.province.code}
    first = items(client, SITES, asked)
    assert [feature["id"] for feature in first["features"]] == made[:3:-1]
    InspectionSite.objects.filter(pk=made[4]).update(publish_state="internal")
    rest = [feature["id"] for feature in ask(client, href(first, "next"))["features"]]
    assert rest == [made[3], made[2]]


@pytest.mark.parametrize(
    ("asked", "parameter", "code"),
    [
        ("sortby=unknown", "sortby", "sortby.unknown"),
        ("sortby=geom", "sortby", "sortby.unknown"),
        ("sortby=name;drop", "sortby", "sortby.unknown"),
        ("sortby=" + ",".join(["name"] * 50), "sortby", "sortby.unknown"),
        ("sortby=", "sortby", "sortby.unknown"),
        ("sortby=name&sortby=name", "sortby", "param.repeated"),
        ("properties=risk_level", "properties", "properties.unknown"),
        ("properties=colour", "properties", "properties.unknown"),
        ("properties=", "properties", "properties.unknown"),
        ("properties=name,name", "properties", "properties.repeated"),
        ("properties=geom", "properties", "properties.unknown"),
        ("cursor=x", "cursor", "cursor.invalid"),
        ("offset=1", "offset", "param.unknown"),
        ("scope=staff", "scope", "param.unknown"),
        ("datetime=2026-02-30", "datetime", "datetime.date"),
        ("datetime=2026-13-01", "datetime", "datetime.date"),
        ("datetime=../..", "datetime", "datetime.form"),
        ("datetime=2027/2026", "datetime", "datetime.date"),
        ("datetime=2027-01-01/2026-01-01", "datetime", "datetime.form"),
        ("datetime=0000-01-01", "datetime", "datetime.date"),
        ("datetime=10000-01-01", "datetime", "datetime.date"),
        ("datetime=2026-01-01T00:00:00%2B25:00", "datetime", "datetime.form"),
        ("datetime=2026-01-01&on=2026-01-01", "on", "datetime.twice"),
        ("bbox=1,2,3,4,5", "bbox", "bbox.count"),
        ("bbox=105,20,NaN,106,21,9", "bbox", "bbox.number"),
        ("bbox=20,105,22,106", "bbox", "bbox.range"),
        ("status=nonsense", "status", "param.unknown"),
        ("site_kind=nonsense", "site_kind", "site_kind.unknown"),
        ("f=xml", "f", "f.unknown"),
    ],
)
def test_what_means_nothing_is_refused_by_name(asked: str, parameter: str, code: str, client: Client) -> None:
    """Groups P and B; a hidden field and an unknown one have the same answer (P09)."""
    refused = ask(client, f"/collections/inspection_sites/items?{asked}", status=400)
    assert (refused["parameter"], refused["code"]) == (parameter, code)


def test_a_cursor_belongs_to_its_order(client: Client) -> None:
    following = href(items(client, SITES, {"sortby": "name", "limit": "1"}), "next")
    assert ask(client, following)["numberReturned"] == 1
    for other in (following.replace("sortby=name", "sortby=-name"), following.replace("sortby=name&", "")):
        assert ask(client, other, status=400)["code"] == "cursor.invalid"


def test_a_long_interval_of_days_is_fine(client: Client, world: date) -> None:
    """P11."""
    page = items(client, SITES, {"datetime": "1900-01-01/2200-12-31", "limit": "1"})
    assert page["numberMatched"] == expected("inspection_sites", {}, world)


def test_a_record_that_was_merged_or_withdrawn_is_told_so(client: Client, committed: Callable[[Model], Model]) -> None:
    merged, gone = 9_000_001, 9_000_002
    committed(Tombstone(layer="inspection_sites", record=merged, gone_on=date(2026, 1, 1), merged_into=1))
    committed(Tombstone(layer="inspection_sites", record=gone, gone_on=date(2026, 1, 1)))
    answer = client.get(f"{ROOT}/collections/inspection_sites/items/{merged}?lang=en")
    assert (answer.status_code, answer["Location"]) == (301, f"{ROOT}/collections/inspection_sites/items/1?lang=en")
    assert client.get(f"{ROOT}/collections/inspection_sites/items/{gone}").status_code == 410


def test_chosen_fields_come_with_their_words_and_no_others_do(client: Client) -> None:
    (feature,) = items(client, SITES, {"properties": "site_kind,name", "limit": "1"})["features"]
    assert list(feature["properties"]) == ["name", "site_kind", "site_kind_label"]
    (feature,) = items(client, SITES, {"properties": "address", "sortby": "name", "limit": "1"})["features"]
    assert list(feature["properties"]) == ["address"]


@EVERY
def test_a_feature_says_what_the_download_says(layer: Layer, client: Client) -> None:
    for language in ("vi", "en"):
        asked = {"lang": language, "province": "01"}
        file = json.loads(body_of(client.get(f"/data/{layer.name}.geojson", asked)))
        wanted = {feature["id"]: feature for feature in file["features"]}
        for feature in items(client, layer, {**asked, "limit": "100"})["features"]:
            assert feature == wanted[feature["id"]]


def test_a_session_of_the_browser_opens_nothing(world: date) -> None:
    """The service goes by the Authorization header."""
    request = RequestFactory().get(f"{ROOT}/collections/inspection_sites/items?limit=1")
    request.user = User(pk=1, is_superuser=True)
    (feature,) = json.loads(views.items(request, "inspection_sites").content)["features"]
    hidden = {item.name for item in SITES.fields if item.roles}
    assert hidden and hidden.isdisjoint(feature["properties"])
