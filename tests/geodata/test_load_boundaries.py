"""`manage.py load_boundaries`: repeatable, all or nothing, a better source under the same ids."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import geopandas as gpd
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from geodata import boundaries
from geodata.boundary_files import BoundaryError
from geodata.models import AdministrativeUnit, BaseMapFeature, LoadedSource, UnitChange, UnitOutline

MODELS = (AdministrativeUnit, UnitOutline, UnitChange, BaseMapFeature)


@pytest.fixture
def bare(settings, tmp_path: Path):
    """Settings of a bare clone: no files named, no shared data."""
    settings.MAP_BOUNDARIES = settings.MAP_BASEMAP = ""
    settings.MAP_SHARED_DATA = tmp_path / "nothing"
    return settings


@pytest.fixture(scope="module")
def approximation(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[str]:
    """What loading the approximation said; it is in the database for this module, for loading takes seconds."""
    nothing = tmp_path_factory.mktemp("nothing")
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(MAP_BOUNDARIES="", MAP_BASEMAP="", MAP_SHARED_DATA=nothing),
    ):
        yield load()
        transaction.set_rollback(True)


@pytest.fixture
def approximate(approximation: str, bare, django_db_blocker) -> Iterator[str]:
    """The same, with what the test itself does undone behind it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield approximation
        transaction.set_rollback(True)


def counts() -> list[int]:
    return [model.objects.count() for model in MODELS]


def load(*arguments: str) -> str:
    said = StringIO()
    call_command("load_boundaries", *arguments, stdout=said)
    return said.getvalue()


def test_a_bare_clone_gets_the_whole_country_marked_as_approximate(approximate: str):
    assert "communes: 3,321" in approximate
    assert AdministrativeUnit.objects.in_force().filter(official=False).count() == 34 + 3321


def test_a_second_load_changes_no_count(approximate: str):
    before = counts()
    load()
    assert counts() == before
    assert LoadedSource.objects.filter(name="boundaries").count() == 1


def test_the_database_knows_how_much_was_loaded(approximate: str):
    with connection.cursor() as cursor:
        for model in (UnitOutline, BaseMapFeature):
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
            assert cursor.fetchone()[0] == pytest.approx(model.objects.count(), rel=0.02)


def test_if_needed_does_nothing_for_the_same_source(approximate: str):
    outlines = set(UnitOutline.objects.values_list("id", flat=True))
    load("--if-needed")
    assert set(UnitOutline.objects.values_list("id", flat=True)) == outlines


def test_a_file_replaces_the_approximation_under_the_same_ids(
    approximate: str, commune_file: gpd.GeoDataFrame, tmp_path: Path
):
    ids = set(AdministrativeUnit.objects.in_force().values_list("id", flat=True))
    path = tmp_path / "xa.parquet"
    commune_file.to_parquet(path)
    load("--communes", str(path))
    units = AdministrativeUnit.objects.in_force()
    assert set(units.values_list("id", flat=True)) == ids
    assert not units.filter(official=False).exists()


def test_a_wrong_file_changes_nothing(approximate: str, commune_file: gpd.GeoDataFrame, tmp_path: Path):
    before = LoadedSource.objects.get(name="boundaries").checksum
    path = tmp_path / "xa.parquet"
    commune_file[commune_file.code != "00004"].to_parquet(path)
    with pytest.raises(CommandError, match="missing commune codes: 00004"):
        load("--communes", str(path))
    assert LoadedSource.objects.get(name="boundaries").checksum == before
    assert AdministrativeUnit.objects.in_force().count() == 34 + 3321


def test_a_file_that_is_named_and_absent_is_an_error_not_a_fall_back(bare, tmp_path: Path):
    bare.MAP_BOUNDARIES = str(tmp_path / "absent.gpkg")
    with pytest.raises(CommandError, match=r"absent\.gpkg"):
        load()


def test_the_operators_file_comes_before_the_shared_data(tmp_path: Path):
    for name in ("mine.parquet", "communes_2025.gpkg"):
        (tmp_path / name).write_bytes(b"")
    mine = str(tmp_path / "mine.parquet")
    source = boundaries.source_from(boundaries=mine, base_map_file="", shared_data=tmp_path)
    assert source.communes == Path(mine)


def test_a_mapping_beside_the_operators_file_is_found(tmp_path: Path):
    (tmp_path / "mine.parquet").write_bytes(b"")
    (tmp_path / "mine.columns.json").write_text('{"communes": {"code": "MA"}}')
    found = boundaries.source_from(
        boundaries=str(tmp_path / "mine.parquet"), base_map_file="", shared_data=tmp_path / "nothing"
    )
    assert found.mappings["communes"].columns == {"code": "MA"}


def test_a_mapping_that_is_no_json_is_refused(tmp_path: Path):
    (tmp_path / "mine.parquet").write_bytes(b"")
    (tmp_path / "mine.columns.json").write_text("{")
    with pytest.raises(BoundaryError):
        boundaries.source_from(
            boundaries=str(tmp_path / "mine.parquet"), base_map_file="", shared_data=tmp_path / "nothing"
        )


def test_the_report_asks_no_other_address_for_anything(approximate: str, tmp_path: Path):
    report = tmp_path / "report.html"
    load("--if-needed", "--report", str(report))
    page = report.read_text(encoding="utf-8")
    assert "<script src" not in page and "<link" not in page and "@import" not in page
    assert all(json.dumps(name).strip('"') in page for name in ("Quần đảo Hoàng Sa", "Quần đảo Trường Sa"))
    assert "<td>34</td>" in page and "<td>3321</td>" in page
