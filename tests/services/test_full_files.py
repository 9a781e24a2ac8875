"""Whole files that lie ready, and the catalogue that tells of all files."""

import hashlib
import io
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas
import pyshacl
import pytest
import rdflib
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.http import HttpResponseBase
from django.test import Client, override_settings

from layers.errors import Conflict
from layers.layer import Layer
from layers.registry import all_layers, all_tables, dataset
from services import tasks
from services.downloads.forms import Contents, Form, forms_of
from services.downloads.full import making, manifest
from services.streaming.transfer import TooLong
from tests.services.test_downloads import body, rows_of

MADE = ("inspection_sites", "standards")
SHAPES = Path(__file__).parent.parent / "data" / "catalog_shapes.ttl"
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """The files of a layer and a table, made by the command."""
    place = tmp_path_factory.mktemp("full")
    with override_settings(FULL_FILES=place), django_db_blocker.unblock():
        call_command("export_data", *MADE, stdout=io.StringIO())
        yield place


@pytest.mark.parametrize("name", MADE)
def test_the_files_hold_the_public_rows_and_are_as_the_manifest_says(
    name: str, folder: Path, client: Client, world: date
) -> None:
    told = manifest.manifest_of(dataset(name))
    assert told is not None and told.day == world and told.rows == len(rows_of(client, name))
    assert list(told.files) == [form.name for form in forms_of(dataset(name))]
    for form, one in told.files.items():
        answer = client.get(f"/data/full/{name}.{form}")
        content = body(answer)
        assert len(content) == one.size == int(answer["Content-Length"])
        assert hashlib.sha256(content).hexdigest() == one.sha256
    assert len(pandas.read_csv(told.path(dataset(name), "csv"))) == told.rows


def test_ranges_and_conditions_are_answered(folder: Path, client: Client) -> None:
    whole = client.get("/data/full/inspection_sites.csv")
    content = body(whole)
    part = client.get("/data/full/inspection_sites.csv", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 100-199/{len(content)}")
    assert b"".join(part.streaming_content) == content[100:200]  # type: ignore[attr-defined]
    assert whole["Accept-Ranges"] == "bytes" and whole["Repr-Digest"].startswith("sha-256=:")
    again = client.get("/data/full/inspection_sites.csv", headers={"If-None-Match": whole["ETag"]})
    assert again.status_code == 304
    beyond = client.get("/data/full/inspection_sites.csv", headers={"Range": "bytes=999999999-"})
    assert beyond.status_code == 416


def test_a_slow_reader_holds_a_place_and_conditions_need_none(folder: Path, client: Client) -> None:
    address = "/data/full/inspection_sites.csv"
    held = client.get(address)
    try:
        refused = client.get(address, headers={"Range": "bytes=0-9"})
        assert (refused.status_code, refused.json()["code"]) == (503, "downloads.one_each")
        assert client.head(address).status_code == 200
        assert client.get(address, headers={"If-None-Match": held["ETag"]}).status_code == 304
    finally:
        held.close()
    assert body(client.get(address))


def test_it_is_broken_off_when_its_time_is_over(folder: Path, client: Client) -> None:
    with override_settings(DOWNLOAD_SECONDS=0.01):
        held = client.get("/data/full/inspection_sites.csv")
        time.sleep(0.1)
        with pytest.raises(TooLong):
            body(held)
    body(client.get("/data/full/inspection_sites.csv"))


def test_an_nginx_that_sends_files_is_told_which(folder: Path, client: Client) -> None:
    told = manifest.manifest_of(dataset("standards"))
    answer = client.get("/data/full/standards.csv", headers={"X-Sendfile-Type": "X-Accel-Redirect"})
    assert told is not None and answer["X-Accel-Redirect"] == f"/full/standards/{told.run}/standards.csv"
    assert answer.content == b"" and answer["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/data/full/laboratories.csv", 404, "full.none"),
        ("/data/full/standards.fgb", 404, "full.none"),
        ("/data/full/nothing.csv", 404, "not_found"),
        ("/data/full/inspection_sites.csv?province=01", 400, "param.unknown"),
        ("/data/full/inspection_sites.csv?scope=staff", 400, "param.unknown"),
    ],
)
def test_it_refuses_by_name(folder: Path, client: Client, address: str, status: int, code: str) -> None:
    answer: HttpResponseBase = client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (status, code)  # type: ignore[attr-defined]


def test_a_new_run_takes_the_place_of_the_old_one_whole(folder: Path, client: Client) -> None:
    layer = dataset("standards")
    before = manifest.manifest_of(layer)
    again = making.export(layer, lambda line: None)
    assert before is not None and manifest.manifest_of(layer) == again
    runs = [each.name for each in manifest.folder(layer).iterdir() if each.is_dir()]
    assert runs == [again.run]


def test_a_run_has_the_time_that_it_needs(folder: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def write(form: Form, contents: Contents, path: Path) -> manifest.Whole:
        with connections["open"].cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            seen.extend((*cursor.fetchone(), *contents.reader.row("SHOW statement_timeout", ())))
        return made(form, contents, path)

    made = making._write
    monkeypatch.setattr(making, "_write", write)
    making.export(dataset("standards"), lambda line: None)
    assert set(seen) == {"0"}


def test_a_run_that_fails_leaves_the_old_files_and_the_next_sweeps(
    folder: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = dataset("standards")
    before = manifest.manifest_of(layer)
    assert before is not None

    def write(contents: Contents) -> Iterator[bytes]:
        yield b"some"
        raise OSError("no space")

    (first, *others) = forms_of(layer)
    with monkeypatch.context() as broken:
        broken.setattr(making, "forms_of", lambda _: (replace(first, write=write), *others))
        for _ in range(2):
            with pytest.raises(OSError, match="no space"):
                making.export(layer, lambda line: None)
    runs = [each for each in manifest.folder(layer).iterdir() if each.is_dir()]
    assert len(runs) == 2 and manifest.manifest_of(layer) == before
    assert all(any(run.iterdir()) == (run.name == before.run) for run in runs)
    body(client.get("/data/full/standards.csv"))
    making.export(layer, lambda line: None)
    assert len([each for each in manifest.folder(layer).iterdir() if each.is_dir()]) == 1


def test_a_damaged_manifest_is_as_none_and_told(folder: Path, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    path = manifest.folder(dataset("standards")) / manifest.MANIFEST
    whole = path.read_text()
    try:
        for text in (whole[:40], "[]", "{}", '{"columns": 1}'):
            path.write_text(text)
            assert client.get("/data/full/standards.csv").status_code == 404, text
            assert client.get("/data/catalog.jsonld").status_code == 200, text
    finally:
        path.write_text(whole)
    assert "standards is damaged" in caplog.text


def test_two_runs_do_not_meet(folder: Path, client: Client) -> None:
    with making._alone(dataset("standards")), pytest.raises(Conflict):
        making.export(dataset("standards"), lambda line: None)


def test_files_with_other_fields_than_are_public_now_are_not_given(
    folder: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "public_columns", lambda layer: ("code",))
    assert client.get("/data/full/standards.csv").status_code == 404


@pytest.mark.parametrize(("hour", "asked"), [(2, True), (12, False)])
def test_the_job_makes_by_night_what_is_not_of_the_day(
    hour: int, asked: bool, folder: Path, world: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):  # type: ignore[no-untyped-def]
            return cls(2026, 11, 22, hour, tzinfo=tz)

    made: list[str] = []
    monkeypatch.setattr(tasks, "datetime", Clock)
    monkeypatch.setattr(tasks, "export", lambda layer, tell: made.append(layer.name))
    number = tasks.export_nightly.func.__wrapped__()
    late = [each.name for each in (*all_layers(), *all_tables()) if each.name not in MADE]
    assert made == (late if asked else []) and number == len(made)


def test_a_layer_that_fails_does_not_keep_others_from_their_files(
    folder: Path, world: date, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    late = [each.name for each in (*all_layers(), *all_tables()) if each.name not in MADE]
    made: list[str] = []

    def export(layer: Layer, tell: making.Tell) -> None:
        if layer.name == late[0]:
            raise ValueError
        made.append(layer.name)

    monkeypatch.setattr(tasks, "NIGHT", range(24))
    monkeypatch.setattr(tasks, "export", export)
    assert tasks.export_nightly.func.__wrapped__() == len(made)
    assert made == late[1:] and f"{late[0]} were not made" in caplog.text


def test_the_catalogue_is_dcat(folder: Path, client: Client) -> None:
    answer = client.get("/data/catalog.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    graph = rdflib.Graph().parse(data=answer.content, format="json-ld")
    sound, _, text = pyshacl.validate(graph, shacl_graph=str(SHAPES), advanced=True)
    assert sound, text
    told = {str(one) for one in graph.objects(None, DCAT.downloadURL)}
    host = "http://127.0.0.1"
    every = (*all_layers(), *all_tables())
    of_now = {f"{host}/data/{each.name}.{form.name}" for each in every for form in forms_of(each)}
    ready = {f"{host}/data/full/{name}.{form.name}" for name in MADE for form in forms_of(dataset(name))}
    assert told == of_now | ready
    assert len(list(graph.subject_objects(SPDX.checksumValue))) == len(ready)


def test_a_catalogue_without_a_licence_would_be_refused(folder: Path, client: Client) -> None:
    """The shapes can fail."""
    told = json.loads(client.get("/data/catalog.jsonld").content)
    del told["dcat:dataset"][0]["dct:license"]
    graph = rdflib.Graph().parse(data=json.dumps(told), format="json-ld")
    assert not pyshacl.validate(graph, shacl_graph=str(SHAPES))[0]


def test_files_lie_where_the_setting_says() -> None:
    assert manifest.folder(dataset("standards")).parent == Path(settings.FULL_FILES)
