"""Tables without geometry: downloaded under the grammar of filters like layers, and on no map."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import geopandas
import pyarrow.parquet
import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Model
from django.test import Client
from python_calamine import CalamineWorkbook

from layers.layer import Layer
from layers.models import TypeApproval, Verification
from layers.registry import all_layers, all_tables
from services.downloads.forms import FORMS, forms_of
from tests.services.test_downloads import body, rows_of
from tests.services.verify_rows import a_body, changed

TABLES = [pytest.param(table, id=table.name) for table in all_tables()]
PUBLIC = "publish_state = 'approved_public'"
UNIT = "(SELECT id FROM geodata_administrativeunit WHERE level = 'province' AND valid_to IS NULL AND code = '01')"
DEVICE_TYPE = "(SELECT id FROM layers_devicetype WHERE code = 'fuel_dispenser')"
# What each table holds, and what some filters leave of it, in plain SQL over the registers.
SQL = {
    "organisations": f"layers_organisation t WHERE t.{PUBLIC}",
    "qualifications": f"""layers_qualification t JOIN layers_organisation o ON o.id = t.organisation_id AND o.{PUBLIC}
        WHERE t.{PUBLIC} AND t.valid_from <= %(day)s""",
    "scope_lines": f"""layers_scopeline t JOIN layers_qualification q ON q.id = t.qualification_id AND q.{PUBLIC}
        JOIN layers_placeofactivity p ON p.id = t.place_id AND p.{PUBLIC}
        JOIN layers_organisation o ON o.id = p.organisation_id AND o.{PUBLIC}
        WHERE t.{PUBLIC} AND NOT t.pending AND t.valid_from <= %(day)s""",
    "verifications": f"""layers_verification t JOIN layers_measuringdevice d ON d.id = t.device_id AND d.{PUBLIC}
        JOIN layers_organisation b ON b.id = t.body_id AND b.{PUBLIC}
        WHERE t.{PUBLIC} AND t.verified_on <= %(day)s""",
    "type_approvals": f"layers_typeapproval t WHERE t.{PUBLIC} AND t.decided_on <= %(day)s",
    "device_types": "layers_devicetype t WHERE true",
    "standards": "layers_standard t WHERE true",
    "unit_changes": "geodata_unitchange t WHERE true",
}
FILTERED = [
    ("organisations", {"province": "01"}, f"t.province_id = {UNIT}"),
    ("organisations", {"q": "cong ty"}, "strpos(t.search_key, 'cong') > 0 AND strpos(t.search_key, 'ty') > 0"),
    ("organisations", {"org_type": "enterprise,association"}, "t.org_type IN ('enterprise', 'association')"),
    ("qualifications", {"kind": "accreditation"}, "t.kind = 'accreditation'"),
    ("qualifications", {"ilac_mra": "true"}, "t.ilac_mra"),
    ("qualifications", {"valid_until": "2027-01-01/.."}, "t.valid_until >= '2027-01-01'"),
    ("scope_lines", {"activity": "calibration"}, "t.activity = 'calibration'"),
    ("scope_lines", {"province": "01"}, f"p.province_id = {UNIT}"),
    ("scope_lines", {"status": "suspended"}, """(t.withdrawn_on > %(day)s OR t.withdrawn_on IS NULL)
        AND (t.valid_until >= %(day)s OR t.valid_until IS NULL) AND t.suspended_from <= %(day)s
        AND coalesce(t.suspended_until, 'infinity') >= %(day)s"""),
    ("verifications", {"result": "fail"}, "t.result = 'fail'"),
    ("verifications", {"province": "01"}, f"d.province_id = {UNIT}"),
    ("verifications", {"device_type": "fuel_dispenser"}, f"d.device_type_id = {DEVICE_TYPE}"),
    ("verifications", {"on": "2026-06-01"}, "t.verified_on <= '2026-06-01'"),
    ("type_approvals", {"decided_on": "2020-01-01/.."}, "t.decided_on >= '2020-01-01'"),
    ("device_types", {"device_group": "2"}, "t.device_group = '2'"),
    ("standards", {"kind": "international"}, "t.kind = 'international'"),
    ("unit_changes", {"coverage": "partial"}, "t.coverage = 'partial'"),
]  # fmt: skip
READERS: dict[str, Callable[[Path, str], list[int]]] = {
    "csv": lambda path, table: [int(row["id"]) for row in csv.DictReader(path.open(encoding="utf-8-sig", newline=""))],
    "xlsx": lambda path, table: [
        int(row[0]) for row in CalamineWorkbook.from_path(path).get_sheet_by_name(table).to_python()[1:]
    ],
    "geojson": lambda path, table: [feature["id"] for feature in json.loads(path.read_text())["features"]],
    "geojsonl": lambda path, table: [json.loads(line)["id"] for line in path.read_text().splitlines()],
    "gpkg": lambda path, table: geopandas.read_file(path, layer=table)["id"].tolist(),
    "parquet": lambda path, table: pyarrow.parquet.read_table(path)["id"].to_pylist(),
}


def ids(table: str, day: date, condition: str = "true") -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.id FROM {SQL[table]} AND {condition}", {"day": day})
        return sorted(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("table", TABLES)
def test_a_table_holds_the_published_rows_of_sql(table: Layer, client: Client, world: date) -> None:
    wanted = ids(table.name, world)
    assert wanted and sorted(int(row["id"]) for row in rows_of(client, table.name)) == wanted


@pytest.mark.parametrize(("table", "asked", "condition"), FILTERED)
def test_filters_choose_the_rows_that_sql_chooses(
    table: str, asked: dict[str, str], condition: str, client: Client, world: date
) -> None:
    wanted = ids(table, world, condition)
    assert sorted(int(row["id"]) for row in rows_of(client, table, asked)) == wanted
    assert 0 < len(wanted) < len(ids(table, world)) or table in ("standards", "device_types")


def test_numbers_of_organisations_are_of_those_that_are_published(
    client: Client, committed: Callable[[Model], Model]
) -> None:
    published, hidden = a_body(committed), a_body(committed, publish_state="internal")
    for one in (published, hidden):
        child = a_body(committed, parent=one)
        approval = committed(changed(TypeApproval.objects.all()[0], holder=one, publish_state=published.publish_state))
        wanted = str(one.pk) if one is published else ""
        for table, row, name in (("organisations", child, "parent_id"), ("type_approvals", approval, "holder_id")):
            (told,) = [found[name] for found in rows_of(client, table) if found["id"] == str(row.pk)]
            assert told == wanted, (table, one.publish_state)


@pytest.mark.parametrize("table", TABLES)
def test_every_form_holds_the_same_rows(table: Layer, client: Client, tmp_path: Path) -> None:
    asked = {"province": "01"} if table.units else {}
    wanted = sorted(int(row["id"]) for row in rows_of(client, table.name, asked))
    assert wanted and [form.name for form in forms_of(table)] == list(READERS)
    for form, read in READERS.items():
        path = tmp_path / f"x.{form}"
        path.write_bytes(body(client.get(f"/data/{table.name}.{form}", asked)))
        assert sorted(read(path, table.name)) == wanted, form


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_those_declared_with_labels_beside_codes_and_no_position(table: Layer, client: Client) -> None:
    text = body(client.get(f"/data/{table.name}.csv")).decode("utf-8-sig")
    head = next(csv.reader(io.StringIO(text)))
    wanted = ["id"]
    for item in table.fields:
        if not item.roles:
            wanted += [item.name, *([f"{item.name}_label"] if item.labelled else [])]
    assert head == wanted


def test_a_geopackage_of_a_table_is_sound_and_says_that_it_has_attributes_only(client: Client, tmp_path: Path) -> None:
    (tmp_path / "x.gpkg").write_bytes(body(client.get("/data/standards.gpkg")))
    with closing(sqlite3.connect(tmp_path / "x.gpkg")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("SELECT data_type FROM gpkg_contents").fetchall() == [("attributes",)]
        assert database.execute("SELECT count(*) FROM gpkg_geometry_columns").fetchone() == (0,)


def test_what_is_not_published_is_in_no_table(client: Client, world: date, committed: Callable[[Model], Model]) -> None:
    one = Verification.objects.filter(publish_state="approved_public", result="fail")[0]
    one.pk, one.source_id, one.publish_state, one.published_at = None, "test-hidden", "internal", None
    hidden = committed(one).pk
    assert str(hidden) not in {row["id"] for row in rows_of(client, "verifications")}


def test_fields_of_a_role_are_for_staff_in_every_form(client: Client, tmp_path: Path) -> None:
    chief = get_user_model().objects.create_superuser("tables-chief", password="x" * 20)
    try:
        for form in ("csv", "parquet"):
            assert b"tax_code" not in body(client.get(f"/data/organisations.{form}?province=01"))
        client.force_login(chief)
        for form in ("csv", "parquet"):
            assert b"tax_code" in body(client.get(f"/data/organisations.{form}?province=01&scope=staff"))
    finally:
        chief.delete()


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_on_no_map_and_in_no_service_of_features(table: Layer, client: Client) -> None:
    assert table not in all_layers()
    assert f'"{table.name}"' not in client.get("/layers.json").content.decode()
    for address in (
        f"/api/v1/{table.name}/",
        f"/tiles/{table.name}/0/0/0.mvt",
        f"/list/{table.name}",
        f"/{table.name}/1",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        *((f"/data/standards.{form}", 404, "form.geometry") for form in FORMS if form not in READERS),
        ("/data/standards.exe", 404, "form.unknown"),
        ("/data/verifications.csv?bbox=105,20,106,21", 400, "param.unknown"),
        ("/data/verifications.csv?q=x", 400, "param.unknown"),
        ("/data/standards.csv?province=01", 400, "param.unknown"),
        ("/data/standards.csv?on=2026-01-01", 400, "on.unavailable"),
        ("/data/standards.csv?kind=x", 400, "kind.unknown"),
        ("/data/standards.csv?crs=EPSG:3405", 400, "crs.table"),
        ("/data/organisations.csv?scope=staff", 401, "sign_in"),
        ("/data/layers_organisation.csv", 404, "not_found"),
    ],
)
def test_it_refuses_by_name(client: Client, address: str, status: int, code: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
