"""Downloads: exactly what is filtered, in every layer and form, whole or visibly broken."""

import csv
import gzip
import http.client
import io
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import unicodedata
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import geopandas
import pandas
import psycopg2
import pyarrow.parquet
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connections
from django.db.models import Model
from django.http import HttpResponseBase, QueryDict
from django.test import Client, override_settings
from python_calamine import CalamineWorkbook

from geodata.writers import geojson
from layers.errors import Busy
from layers.filters import parse
from layers.layer import Layer
from layers.models import InspectionSite
from layers.query import FeatureQuery, select
from layers.registry import all_layers
from mapapp.server_shape import THREADS_PER_WORKER
from services.api.serializers import DECIMALS
from services.downloads import views
from services.downloads.forms import FORMS
from services.streaming import peer, reading
from services.streaming.checks import check_downloads
from services.streaming.places import Places
from tests.conftest import serving
from tests.layers.oracle import expected
from tests.layers.questions import questions
from tests.nginx import NGINX, in_front_of

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]
SITES = "/data/inspection_sites"


def body(answer: HttpResponseBase) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def rows_of(client: Client, layer: str, asked: dict[str, str] | None = None) -> list[dict[str, str]]:
    text = body(client.get(f"/data/{layer}.csv", asked or {})).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def features_of(client: Client, layer: str, asked: dict[str, str] | None = None) -> dict:
    return json.loads(body(client.get(f"/data/{layer}.geojson", asked or {})))


@pytest.mark.parametrize("layer", LAYERS)
def test_the_csv_holds_the_rows_that_sql_counts_under_seeded_filters(layer: Layer, client: Client, world: date) -> None:
    for one in questions(layer, world)[::2]:
        rows = rows_of(client, layer.name, one)
        assert len(rows) == len({row["id"] for row in rows}) == expected(layer.name, one, world), one
        assert len(rows) == client.get(f"/api/v1/{layer.name}/", {**one, "limit": "1"}).json()["numberMatched"], one


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_holds_the_same_rows(layer: Layer, form: str, client: Client, world: date, tmp_path: Path) -> None:
    for one in questions(layer, world)[:2]:
        path = tmp_path / f"x.{form}"
        path.write_bytes(body(client.get(f"/data/{layer.name}.{form}", one)))
        wanted = sorted(row[0] for row in select(layer, asked_query(layer, one, world), fields=()))
        assert sorted(READERS[form](path, layer.name)) == wanted, one


def asked_query(layer: Layer, one: dict[str, str], day: date) -> FeatureQuery:
    asked = QueryDict(mutable=True)
    asked.update(one)
    return parse(layer, asked)


READERS: dict[str, Callable[[Path, str], list[int]]] = {
    "csv": lambda path, layer: pandas.read_csv(path, dtype={"id": int})["id"].tolist(),
    "xlsx": lambda path, layer: [
        int(row[0]) for row in CalamineWorkbook.from_path(path).get_sheet_by_name(layer).to_python()[1:]
    ],
    "geojson": lambda path, layer: [feature["id"] for feature in json.loads(path.read_text())["features"]],
    "geojsonl": lambda path, layer: [json.loads(line)["id"] for line in path.read_text().splitlines()],
    "gpkg": lambda path, layer: geopandas.read_file(path, layer=layer)["id"].tolist(),
    "fgb": lambda path, layer: geopandas.read_file(path)["id"].tolist(),
    "parquet": lambda path, layer: pyarrow.parquet.read_table(path)["id"].to_pylist(),
    "shp.zip": lambda path, layer: geopandas.read_file(f"/vsizip/{path}")["id"].tolist(),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_feature_says_what_the_api_says(layer: Layer, client: Client) -> None:
    """Labels of what is no longer in force included."""
    for language in ("vi", "en"):
        asked = {"lang": language, "province": "01"}
        api = client.get(f"/api/v1/{layer.name}/", {"limit": "300", **asked}).json()["features"]
        here = {feature["id"]: feature for feature in features_of(client, layer.name, asked)["features"]}
        assert api
        for feature in api:
            assert here[feature["id"]]["properties"] == feature["properties"]
            assert here[feature["id"]]["geometry"]["type"] == feature["geometry"]["type"]


@pytest.mark.parametrize("layer", LAYERS)
def test_csv_xlsx_and_gpkg_hold_the_same_values(layer: Layer, client: Client, tmp_path: Path) -> None:
    rows = {int(row["id"]): row for row in rows_of(client, layer.name)}
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body(client.get(f"/data/{layer.name}.xlsx"))))
    head, *cells = sheet.get_sheet_by_index(0).to_python()
    (tmp_path / "x.gpkg").write_bytes(body(client.get(f"/data/{layer.name}.gpkg")))
    with closing(sqlite3.connect(tmp_path / "x.gpkg")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        database.row_factory = sqlite3.Row
        table = {row["id"]: row for row in database.execute(f'SELECT * FROM "{layer.name}"')}
    assert len(cells) == len(rows) == len(table)
    for row in cells[:200]:
        named = dict(zip(head, row, strict=True))
        number = int(named["id"])
        for name, value in named.items():
            assert same(value, rows[number][name]), (name, value, rows[number][name])
            if name not in ("lon", "lat"):
                assert same(table[number][name], rows[number][name]), (name, table[number][name])


def same(value: object, text: str) -> bool:
    """Whether a value of another form is what the CSV writes."""
    if isinstance(value, bool) or text in ("true", "false"):
        return text == str(bool(value)).lower()
    if isinstance(value, int | float):
        return float(text) == value
    return ("" if value is None else str(value)) == text.removeprefix("'")


@pytest.mark.parametrize("layer", LAYERS)
def test_codes_have_labels_and_places_have_a_position(layer: Layer, client: Client) -> None:
    rows = rows_of(client, layer.name)
    for item in layer.fields:
        assert (item.name in rows[0]) == (item.shown and not item.roles)
        if item.labelled and not item.roles:
            assert f"{item.name}_label" in rows[0]
    assert all(102 < float(row["lon"]) < 118 and 4 < float(row["lat"]) < 24 for row in rows)
    assert {row["geom_accuracy"] for row in rows} <= {one.code for one in layer.field("geom_accuracy").codes.items}


def test_lists_are_sorted_codes_and_days_are_iso(client: Client) -> None:
    rows = rows_of(client, "laboratories")
    several = [row["activity"] for row in rows if ";" in row["activity"]]
    assert several and all(codes.split(";") == sorted(codes.split(";")) for codes in several)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d|", row["valid_until"]) for row in rows)


def test_text_is_vietnamese_in_nfc_and_labels_follow_the_language(client: Client) -> None:
    vietnamese, english = (body(client.get(f"{SITES}.csv", {"lang": lang})).decode() for lang in ("vi", "en"))
    assert vietnamese == unicodedata.normalize("NFC", vietnamese) and "Cửa hàng xăng dầu" in vietnamese
    assert "Filling station" in english and "Filling station" not in vietnamese


def test_a_name_that_is_a_formula_is_harmless_in_csv_and_whole_in_others(
    client: Client, committed: Callable[[Model], Model]
) -> None:
    site = InspectionSite.objects.filter(publish_state="approved_public")[0]
    site.pk, site.source_id, site.name = None, "test-formula", '=HYPERLINK("http://x","y")'
    committed(site)
    (row,) = [row for row in rows_of(client, "inspection_sites") if row["id"] == str(site.pk)]
    assert row["name"] == "'" + site.name
    names = [feature["properties"]["name"] for feature in features_of(client, "inspection_sites")["features"]]
    assert site.name in names


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_result_is_a_whole_file(form: str, client: Client, tmp_path: Path) -> None:
    path = tmp_path / f"x.{form}"
    path.write_bytes(body(client.get(f"{SITES}.{form}", {"bbox": "0,0,1,1"})))
    assert READERS[form](path, "inspection_sites") == []


def test_a_collection_says_what_it_is(client: Client) -> None:
    found = features_of(client, "measuring_devices", {"province": "01"})
    assert found["numberMatched"] == len(found["features"]) > 0
    assert found["day"] == "2026-11-22" and found["licence"] and found["source"] and found["demo"] is True
    assert "© OpenStreetMap contributors" in found["credits"]


def test_what_is_not_counted_at_once_is_not_counted(client: Client) -> None:
    assert "numberMatched" not in features_of(client, "measuring_devices", {"q": "xang dau"})


def test_the_name_of_the_file_tells_layer_day_and_filters_in_ascii(client: Client) -> None:
    answer = client.head("/data/inspection_sites.csv", {"q": 'chợ "Đông" / \u2028x', "province": "01", "lang": "en"})
    assert answer["Content-Disposition"] == (
        'attachment; filename="inspection_sites_2026-11-22_province-01_q-cho-dong-x.csv"'
    )
    long = client.head("/data/inspection_sites.csv", {"q": "a" * 190})["Content-Disposition"]
    assert len(long) < 200 and long.isascii()


def test_headers_tell_what_may_be_done_with_the_file(client: Client) -> None:
    answer = client.get(f"{SITES}.gpkg")
    body(answer)
    assert answer["Content-Type"] == "application/geopackage+sqlite3"
    assert answer["X-Robots-Tag"] == "noindex" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-cache" and answer["Access-Control-Allow-Origin"] == "*"
    assert "Content-Length" not in answer


def test_csv_has_a_byte_order_mark_unless_asked_not_to(client: Client) -> None:
    assert body(client.get(f"{SITES}.csv")).startswith(b"\xef\xbb\xbfid,")
    assert body(client.get(f"{SITES}.csv?bom=0")).startswith(b"id,")


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/data/nothing.csv", 404, "not_found"),
        (f"{SITES}.exe", 404, "form.unknown"),
        (f"{SITES}.csv.gz", 404, "form.unknown"),
        (f"{SITES}.csv?colour=red", 400, "param.unknown"),
        (f"{SITES}.csv?province=99", 400, "province.unknown"),
        (f"{SITES}.csv?province=01&province=01", 400, "param.repeated"),
        (f"{SITES}.csv?site_kind=nonsense", 400, "site_kind.unknown"),
        (f"{SITES}.csv?bbox=1,2,3", 400, "bbox.count"),
        (f"{SITES}.csv?on=2026-02-30", 400, "on.date"),
        (f"{SITES}.csv?bom=2", 400, "bom.flag"),
        (f"{SITES}.geojson?bom=0", 400, "bom.flag"),
        (f"{SITES}.csv?lang=xx", 400, "lang.unknown"),
        (f"{SITES}.csv?limit=5", 400, "param.unknown"),
        (f"{SITES}.csv?risk_level=high", 400, "param.unknown"),
        (f"{SITES}.csv?scope=all", 400, "scope.unknown"),
        (f"{SITES}.csv?scope=staff", 401, "sign_in"),
        ("/data/device_counts.csv?on=2026-01-01", 400, "on.unavailable"),
    ],
)
def test_it_refuses_by_name_before_the_first_byte(client: Client, address: str, status: int, code: str) -> None:
    for method in (client.get, client.head):
        answer = method(address)
        assert answer.status_code == status and answer["Content-Type"].startswith("application/problem+json")
    assert client.get(address).json()["code"] == code


def test_only_reading_is_answered(client: Client) -> None:
    assert client.post(f"{SITES}.csv").status_code == 405


def test_head_tells_the_same_and_asks_for_no_rows(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = dict(client.get(f"{SITES}.xlsx").headers)
    monkeypatch.setattr(views, "Reader", None)
    answer = client.head(f"{SITES}.xlsx")
    assert body(answer) == b"" and "Content-Length" not in answer
    assert {**dict(answer.headers), "X-Request-ID": ""} == {**headers, "X-Request-ID": ""}


@pytest.mark.parametrize("form", FORMS)
def test_gzip_on_the_way_gives_the_same_file(form: str, client: Client) -> None:
    answer = client.get(f"{SITES}.{form}", headers={"Accept-Encoding": "gzip, br"})
    packed = body(answer)
    assert answer["Vary"].startswith("Accept-Encoding")
    if FORMS[form].packed:
        assert "Content-Encoding" not in answer
    else:
        plain = body(client.get(f"{SITES}.{form}", headers={"Accept-Encoding": "gzip;q=0, br"}))
        assert answer["Content-Encoding"] == "gzip" and len(gzip.decompress(packed)) == len(plain)


def test_gzip_does_not_hold_the_first_rows_back(client: Client) -> None:
    answer = client.get(f"{SITES}.csv", headers={"Accept-Encoding": "gzip"})
    pieces = iter(answer.streaming_content)
    unpacker = zlib.decompressobj(31)
    first = unpacker.decompress(next(pieces)) + unpacker.decompress(next(pieces))
    answer.close()
    assert first.startswith(b"\xef\xbb\xbfid,name")


def test_staff_get_their_fields_and_nobody_keeps_the_answer(client: Client) -> None:
    chief = get_user_model().objects.create_superuser("downloads-chief", password="x" * 20)
    try:
        client.force_login(chief)
        answer = client.get(f"{SITES}.csv", {"scope": "staff"})
        head = body(answer).decode("utf-8-sig").splitlines()[0]
        assert "risk_level" in head and answer["Cache-Control"] == "private, no-store"
        assert "Access-Control-Allow-Origin" not in answer
        assert "risk_level" not in rows_of(client, "inspection_sites")[0], "without the scope all callers are alike"
    finally:
        chief.delete()


def begun(client: Client, number: int) -> HttpResponseBase:
    """A download that nobody reads, asked for from an address of its own."""
    return client.get(f"{SITES}.csv", headers={"X-Forwarded-For": f"198.51.100.{number}"})


def test_beyond_the_places_one_is_told_to_come_back(client: Client) -> None:
    held = [begun(client, number) for number in range(settings.DOWNLOADS_AT_ONCE)]
    try:
        answer = client.get(f"{SITES}.csv")
        assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "downloads.busy", "5")
        assert client.get("/api/v1/inspection_sites/?limit=1").status_code == 200
    finally:
        for one in held:
            one.close()
    body(client.get(f"{SITES}.csv"))


@pytest.mark.parametrize(
    ("first", "same", "other"),
    [
        ("198.51.100.1", "203.0.113.9, 198.51.100.1", "198.51.100.2"),
        ("2001:db8:1:2::1", "2001:db8:1:2::9", "2001:db8:1:3::1"),
    ],
)
def test_one_network_holds_one_place(client: Client, first: str, same: str, other: str) -> None:
    held = client.get(f"{SITES}.csv", headers={"X-Forwarded-For": first})
    try:
        answer = client.get(f"{SITES}.csv", headers={"X-Forwarded-For": same})
        assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "downloads.one_each", "5")
        body(client.get(f"{SITES}.csv", headers={"X-Forwarded-For": other}))
    finally:
        held.close()
    body(client.get(f"{SITES}.csv", headers={"X-Forwarded-For": same}))


def test_who_lets_go_twice_gives_nobody_else_s_place_away() -> None:
    places = Places(2)
    leave = places.take("198.51.100.1")
    leave()
    places.take("198.51.100.1")
    leave()
    with pytest.raises(Busy):
        places.take("198.51.100.1")


def test_pages_of_one_network_leave_a_place_to_others() -> None:
    places = Places(2)
    places.take("198.51.100.1", alone=False)
    for alone in (False, True):
        with pytest.raises(Busy):
            places.take("198.51.100.1", alone=alone)
    places.take("198.51.100.2")


def test_a_place_let_go_is_his_who_waits_and_no_newcomer_s() -> None:
    places, got = Places(1), []
    leave = places.take("198.51.100.1")
    waiter = threading.Thread(target=lambda: got.append(places.take("198.51.100.2", alone=False, wait_s=30)))
    waiter.start()
    assert eventually(lambda: places._waiting is not None)
    leave()
    with pytest.raises(Busy):
        places.take("198.51.100.3", wait_s=0)
    waiter.join(30)
    got[0]()
    places.take("198.51.100.3")


def test_who_waited_in_vain_is_given_nothing_later() -> None:
    places = Places(1)
    leave = places.take("198.51.100.1")
    with pytest.raises(Busy):
        places.take("198.51.100.2", alone=False, wait_s=0.01)
    leave()
    places.take("198.51.100.3")


def test_a_setting_that_leaves_maps_no_thread_is_refused() -> None:
    asked = {**os.environ, "MAP_DOWNLOADS_AT_ONCE": str(THREADS_PER_WORKER)}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=asked, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "MAP_DOWNLOADS_AT_ONCE" in done.stderr


def test_where_connections_cannot_be_told_apart_the_check_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_downloads() == []
    monkeypatch.setattr(peer, "OWN_SOCKETS", "/nowhere/fd")
    assert [message.id for message in check_downloads()] == ["services.W001"]


@pytest.mark.parametrize("form", ["csv", "geojsonl", "geojson", "gpkg"])
def test_where_nothing_can_be_cut_it_is_logged_and_gzip_shows_it(
    form: str, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer ends as the server ends it: properly."""
    monkeypatch.setattr(peer, "OWN_SOCKETS", "/nowhere/fd")
    answer = client.get(f"/data/communes.{form}", headers={"Accept-Encoding": "gzip"})
    pieces, got = iter(answer.streaming_content), b""
    with pytest.raises(Exception, match="terminat"):
        got += next(pieces)
        _end(at_work()[0])
        for piece in pieces:
            got += piece
    with pytest.raises(EOFError):
        gzip.decompress(got)
    assert [line.getMessage() for line in caplog.records if "may look whole" in line.getMessage()]


def test_places_are_given_back_by_downloads_that_end_fail_or_are_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        body(client.get(f"{SITES}.csv"))
        client.get(f"{SITES}.csv").close()
    monkeypatch.setattr(reading, "_SETTINGS", "nonsense %s %s")
    for _ in range(3):
        with pytest.raises(Exception, match="nonsense"):
            client.get(f"{SITES}.csv")
    monkeypatch.undo()
    body(client.get(f"{SITES}.csv"))


def test_all_pieces_are_of_one_snapshot(client: Client, committed: Callable[[Model], Model]) -> None:
    """A row that comes while the file is on its way is in the next file."""
    answer = client.get(f"{SITES}.csv")
    pieces = iter(answer.streaming_content)
    first = next(pieces)
    site = InspectionSite.objects.filter(publish_state="approved_public")[0]
    site.pk, site.source_id = None, "test-snapshot"
    committed(site)
    text = (first + b"".join(pieces)).decode()
    assert f"\n{site.pk}," not in text
    assert f"\n{site.pk}," in body(client.get(f"{SITES}.csv")).decode()


def test_a_question_that_takes_too_long_is_refused_before_the_first_byte(client: Client) -> None:
    limits = {**settings.QUERY_LIMITS_MS, "download": 1}
    with override_settings(QUERY_LIMITS_MS=limits):
        answer = client.get("/data/laboratories.csv")
    assert (answer.status_code, answer.json()["code"]) == (422, "query.too_costly")


def test_values_of_a_request_are_parameters(client: Client) -> None:
    for text in ("'; DROP TABLE layers_inspectionsite; --", "%s %(x)s %", '"'):
        assert body(client.get(f"{SITES}.csv", {"q": f"ab {text}"})).count(b"\r\n") == 1


def test_it_reads_the_day_asked_for(client: Client, world: date) -> None:
    then = rows_of(client, "measuring_devices", {"on": "2026-03-31"})
    now = rows_of(client, "measuring_devices")
    assert {row["id"]: row["status"] for row in then} != {row["id"]: row["status"] for row in now}


# What only a real server shows. The file is larger than what lies in buffers on the way.
LARGE = "/data/communes.geojson"


def asked(server: str, path: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=30)
    connection.request("GET", path)
    return connection, connection.getresponse()


def slow_reader(server: str, path: str, *, address: str = "198.51.100.1") -> socket.socket:
    """A client that has asked and reads hardly anything."""
    where = urlsplit(server)
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.connect((where.hostname, where.port))
    reader.sendall(f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nX-Forwarded-For: {address}\r\n\r\n".encode())
    assert reader.recv(1000).startswith((b"HTTP/1.1 200", b"HTTP/1.1 503"))
    return reader


def at_work() -> list[int]:
    """The database's processes that hold a download, as the open role sees its own."""
    found = settings.DATABASES["open"]
    name = connections["open"].settings_dict["NAME"]
    address = f"postgresql://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}/{name}"
    with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE query LIKE '%django_curs%' AND pid <> pg_backend_pid()"
            " AND datname = current_database() AND state <> 'idle'"
        )
        return [pid for (pid,) in cursor.fetchall()]


def eventually(held: Callable[[], bool]) -> bool:
    for _ in range(100):
        if held():
            return True
        time.sleep(0.1)
    return False


def test_a_client_who_leaves_leaves_no_query_behind(server: str, world: date) -> None:
    assert eventually(lambda: at_work() == [])
    reader = slow_reader(server, LARGE)
    assert eventually(lambda: len(at_work()) == 1)
    reader.close()
    assert eventually(lambda: at_work() == [])
    connection, answer = asked(server, LARGE)
    assert json.loads(answer.read())["numberMatched"] == 3321
    connection.close()


def test_a_failure_on_the_way_breaks_the_transfer(server: str, world: date) -> None:
    """And other connections of the same client go on: those that rest, and those that ask meanwhile."""
    assert eventually(lambda: at_work() == [])
    others = [idle(server) for _ in range(8)]  # some of them at the process that will send the file
    connection, answer = asked(server, LARGE)
    answer.read(1000)
    assert eventually(lambda: len(at_work()) == 1)
    rest, busy = others[::2], others[1::2]
    assert all(lives(other) for other in busy)
    _end(at_work()[0])
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        answer.read()
    assert [lives(other) for other in (*rest, *busy)] == [True] * 8
    connection.close()


def idle(server: str) -> http.client.HTTPConnection:
    """A connection that asked for something, has its answer, and rests."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=30)
    assert lives(connection)
    return connection


def lives(connection: http.client.HTTPConnection) -> bool:
    """Whether it is the same connection still, and answers."""
    before = connection.sock
    try:
        connection.request("GET", "/live")
        answer = connection.getresponse()
        answer.read()
    except (http.client.HTTPException, OSError):
        return False
    return answer.status == 200 and before in (None, connection.sock)


def test_who_reads_too_slowly_is_broken_off_in_time(world: date, tmp_path: Path) -> None:
    """Also while the server waits for him; the place is free for the next then."""
    with serving(tmp_path / "log", workers=1, MAP_DOWNLOAD_SECONDS="5") as server:
        resting = idle(server)
        reader = slow_reader(server, LARGE)
        assert eventually(lambda: len(at_work()) == 1)
        assert "503 " in str(slow_reader_s_answer(server))
        assert eventually(lambda: at_work() == [])
        with suppress(ConnectionError):
            while reader.recv(2**20):
                pass
        connection, answer = asked(server, f"{SITES}.csv")
        assert answer.status == 200 and answer.read()
        assert lives(resting)
        connection.close()
    assert "a download took too long" in (tmp_path / "log").read_text()


def slow_reader_s_answer(server: str) -> bytes:
    """What somebody else at the same address is told."""
    where = urlsplit(server)
    with socket.create_connection((where.hostname, where.port)) as other:
        asks = f"GET {SITES}.csv HTTP/1.1\r\nHost: {where.netloc}\r\nX-Forwarded-For: 198.51.100.1\r\n\r\n"
        other.sendall(asks.encode())
        return other.recv(1000)


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
def test_a_failure_breaks_the_transfer_through_nginx_too(server: str, world: date, tmp_path: Path) -> None:
    with in_front_of(server, tmp_path) as front:
        connection, answer = asked(front, LARGE)
        answer.read(1000)
        assert eventually(lambda: len(at_work()) == 1)
        _end(at_work()[0])
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()
        connection.close()
        connection, answer = asked(front, LARGE)
        assert json.loads(answer.read())["numberMatched"] == 3321
        connection.close()


def _end(pid: int) -> None:
    with connections["open"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_maps_are_answered_while_downloads_are_under_way(server: str, world: date) -> None:
    readers = [slow_reader(server, LARGE, address=f"198.51.100.{n}") for n in range(2 * settings.DOWNLOADS_AT_ONCE)]
    try:
        connection, answer = asked(server, "/api/v1/inspection_sites/?limit=1")
        assert answer.status == 200
        connection.close()
    finally:
        for reader in readers:
            reader.close()
    assert eventually(lambda: at_work() == [])


def test_decimals_are_those_of_the_api() -> None:
    assert geojson.DECIMALS == DECIMALS
