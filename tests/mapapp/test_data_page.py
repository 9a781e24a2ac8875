"""The open-data page: every layer's files, and those of exactly what was filtered."""

import csv
import io
import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client, override_settings

from geodata.crs import OFFERED, zones
from layers.layer import Layer
from layers.registry import all_layers, all_tables, dataset
from services.downloads.forms import FORMS, forms_of
from services.downloads.full.manifest import Manifest, folder, public_columns, write_manifest
from tests.layers.oracle import expected
from tests.layers.questions import questions
from tests.mapapp.pages import page

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_every_layer_is_offered_in_every_form(client: Client, language: str) -> None:
    shown = page(client, f"/data/{language}")
    wanted = {f"/data/{layer.name}.{form}{language}" for layer in all_layers() for form in FORMS}
    assert wanted <= set(shown.links) and not shown.unbalanced


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_every_table_is_offered_in_the_forms_that_it_has(client: Client, language: str) -> None:
    shown = page(client, f"/data/{language}")
    wanted = {f"/data/{table.name}.{form.name}{language}" for table in all_tables() for form in forms_of(table)}
    links = {link for link in shown.links for table in all_tables() if link.startswith(f"/data/{table.name}.")}
    assert links == wanted


TABLES = [pytest.param(table, id=table.name) for table in all_tables()]


@pytest.mark.parametrize("table", TABLES)
def test_every_public_column_of_a_table_is_explained_and_no_other(table: Layer, client: Client) -> None:
    (offered,) = [one for one in client.get("/data/").context["tables"] if one["layer"] is table]
    told = [name for column in offered["columns"] for name in (column["name"], column.get("label")) if name]
    answer = client.get(f"/data/{table.name}.csv")
    head = next(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert told == head


def test_tables_are_never_counted_for_the_page(client: Client, tmp_path: Path, world: date) -> None:
    """Their numbers are those of the whole files, where these are of the day."""
    table = dataset("standards")

    def told() -> list[int | None]:
        return [one["total"] for one in client.get("/data/").context["tables"] if one["layer"] is table]

    with override_settings(FULL_FILES=tmp_path):
        assert told() == [None]
        folder(table).mkdir()
        for day, number in ((world, 4321), (world - timedelta(days=1), None)):
            write_manifest(table, Manifest(day, "", 4321, public_columns(table), "", {}))
            assert told() == [number]


@pytest.mark.parametrize("layer", LAYERS)
def test_every_public_column_of_the_files_is_explained_and_no_other(layer: Layer, client: Client) -> None:
    response = client.get("/data/")
    (offered,) = [one for one in response.context["offered"] if one["layer"] is layer]
    told = [name for column in offered["columns"] for name in (*column["name"].split(", "), column.get("label"))]
    answer = client.get(f"/data/{layer.name}.csv?bbox=0,0,1,1")
    head = next(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert [name for name in told if name] == head


def test_every_system_can_be_chosen_without_a_script(client: Client) -> None:
    """By the address alone: the rest of the page's question stays."""
    asked = "/data/?layer=inspection_sites&province=01&lang=en"
    for address, crs in (
        ("/data/?lang=en", "EPSG:4326"),
        (asked, "EPSG:4326"),
        (f"{asked}&crs=EPSG:9210", "EPSG:9210"),
    ):
        shown = page(client, address)
        options = shown.all("option")
        assert {one["value"] for one in options} == {f"EPSG:{code}" for code in OFFERED} and len(options) == len(
            OFFERED
        )
        assert [one["value"] for one in options if "selected" in one] == [crs]
        kept = {(one["name"], one["value"]) for one in shown.all("input", type="hidden")}
        assert kept >= {("lang", "en"), *([("province", "01")] if "province" in address else [])}
        assert "crs" not in dict(kept)
    for zone in zones():
        assert zone.legacy_province_name in shown.text


def test_the_system_chosen_goes_into_every_link_that_can_have_it(client: Client) -> None:
    shown = page(client, "/data/?layer=inspection_sites&province=01&crs=urn:ogc:def:crs:EPSG::9210")
    assert "/data/inspection_sites.gpkg?province=01&crs=EPSG:9210" in shown.links
    assert {"/list/inspection_sites?province=01", "/data/inspection_sites.geojsonl?province=01"} <= set(shown.links)
    files = [link for link in shown.links if re.match(r"/data/\w+\.", link) and ".pmtiles" not in link]
    tables = {table.name for table in all_tables()}
    for link in files:
        name, _, form = link.removeprefix("/data/").partition("?")[0].partition(".")
        assert ("crs=EPSG:9210" in link) == (name not in tables and FORMS[form].systems), link
        assert client.head(link).status_code == 200


def test_wfs_and_ogc_api_are_led_to(client: Client) -> None:
    shown = page(client, "/data/?lang=en")
    wanted = {"/wfs?service=WFS&request=GetCapabilities", "/ogc/?f=html&lang=en", "/ogc/api?f=html&lang=en"}
    assert wanted <= set(shown.links)
    for link in wanted:
        assert client.get(link).status_code == 200


def test_columns_of_a_file_in_another_system_are_explained(client: Client) -> None:
    (offered,) = [
        one for one in client.get("/data/?crs=EPSG:3405").context["offered"] if one["layer"].name == "provinces"
    ]
    answer = client.get("/data/provinces.csv?bbox=0,0,1,1&crs=EPSG:3405")
    head = next(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    told = [name for column in offered["columns"] for name in (*column["name"].split(", "), column.get("label"))]
    assert [name for name in told if name] == head


@pytest.mark.parametrize("layer", LAYERS)
def test_a_filtered_page_counts_the_rows_and_its_files_keep_the_filters(
    layer: Layer, client: Client, world: date
) -> None:
    for one in questions(layer, world)[:8]:
        response = client.get("/data/", {"layer": layer.name, **one})
        asked = response.context["asked"]
        assert asked["total"] == expected(layer.name, one, world), one
        for form in asked["forms"]:
            answer = client.head(form["href"])
            assert answer.status_code == 200 and answer.wsgi_request.GET.dict() == one


def test_the_list_leads_to_the_files_of_its_filters_and_back(client: Client) -> None:
    shown = page(client, "/list/inspection_sites?province=01&site_kind=fuel_station&lang=en")
    (there,) = [link for link in shown.links if link.startswith("/data/?") and "layer=" in link]
    back = page(client, there)
    assert "/list/inspection_sites?province=01&site_kind=fuel_station&lang=en" in back.links
    assert "/data/inspection_sites.gpkg?province=01&site_kind=fuel_station&lang=en" in back.links


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/data/?layer=nothing", "nothing"),
        ("/data/?province=01", "province"),
        ("/data/?crs=EPSG:1234", "crs"),
        ("/data/?layer=inspection_sites&crs=x", "crs"),
        ("/data/?layer=inspection_sites&colour=red", "colour"),
        ("/data/?layer=inspection_sites&province=99", "99"),
        ("/data/?layer=inspection_sites&layer=inspection_sites", "layer"),
        ("/data/?layer=inspection_sites&limit=5", "limit"),
    ],
)
def test_it_refuses_with_a_page_that_names_the_parameter(client: Client, address: str, named: str) -> None:
    shown = page(client, address, status=400)
    assert named in shown.text and "<!doctype html>" in shown.source


def test_staff_scope_is_for_who_is_signed_in(client: Client) -> None:
    assert client.get("/data/?scope=staff").status_code == 401
    assert client.get("/data/?layer=inspection_sites&scope=staff").status_code == 401


def test_licence_sources_and_demo_are_told(client: Client) -> None:
    shown = page(client, "/data/?lang=en")
    assert "© OpenStreetMap contributors" in shown.text and "Open data of state agencies" in shown.text
    assert "demo data" in shown.text


def test_what_social_media_append_is_dropped_by_one_redirect(client: Client) -> None:
    answer = client.get("/data/?layer=inspection_sites&fbclid=x")
    assert (answer.status_code, answer["Location"]) == (302, "/data/?layer=inspection_sites")


@pytest.mark.parametrize("address", ["/data/", "/data/?layer=laboratories&province=01"])
def test_no_heading_is_skipped(client: Client, address: str) -> None:
    ranks = [int(name[1]) for name, _ in page(client, address).elements if re.fullmatch("h[1-6]", name)]
    assert ranks[0] == 1 and all(later <= earlier + 1 for earlier, later in pairwise(ranks))
