"""The second wall: what the role of anonymous requests answers when Python forgets something."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import DatabaseError, connections
from django.db.models import Model, QuerySet
from django.db.utils import ProgrammingError
from django.test import Client

from layers.models import InspectionSite, MeasuringDevice, Organisation, PlaceOfActivity
from layers.open_schema import open_models
from layers.registers.base import PUBLIC

pytestmark = pytest.mark.usefixtures("world")


def run(sql: str) -> list[tuple]:
    with connections["open"].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def plan(rows: QuerySet) -> str:
    return rows.explain()


def test_a_forgotten_filter_still_gives_published_rows_only() -> None:
    all_devices = MeasuringDevice.objects.count()
    published = MeasuringDevice.objects.filter(publish_state=PUBLIC).count()
    assert 0 < published < all_devices
    assert MeasuringDevice.objects.using("open").only("id").count() == published


def test_a_private_column_does_not_exist() -> None:
    with pytest.raises(ProgrammingError, match="serial_no"):
        list(MeasuringDevice.objects.using("open").values_list("serial_no")[:1])
    with pytest.raises(ProgrammingError, match="phone"):
        list(Organisation.objects.using("open").values_list("phone")[:1])


def test_a_join_to_an_unpublished_row_gives_nothing_of_it(committed: Callable[[Model], Model]) -> None:
    """A published device at a site that is not: the open role sees the device and no site behind it."""
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC)[0]
    device.pk, device.source_id, device.serial_no = None, "test-hidden-site", ""
    device.site = InspectionSite.objects.exclude(publish_state=PUBLIC)[0]
    committed(device)
    seen = MeasuringDevice.objects.using("open").filter(pk=device.pk)
    assert list(seen.values_list("pk", "site__name")) == [(device.pk, None)]
    assert InspectionSite.objects.using("open").only("id").exclude(publish_state=PUBLIC).count() == 0


def test_a_join_to_a_private_table_is_denied() -> None:
    for table in ("accounts_user", "django_session", "layers_devicebatch"):
        with pytest.raises(ProgrammingError, match=f"permission denied for table {table}"):
            run(f"SELECT * FROM {table} LIMIT 1")


@pytest.mark.parametrize("model", [pytest.param(model, id=model.__name__) for model, _ in open_models()])
def test_the_table_behind_each_view_is_denied(model: type) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for table"):
        run(f'SELECT * FROM public."{model._meta.db_table}" LIMIT 1')


def test_the_role_reads_the_two_tables_of_postgis_and_no_other() -> None:
    sql = """SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
             WHERE nspname = 'public' AND relkind IN ('r', 'v', 'm', 'p')
               AND has_table_privilege(current_user, c.oid, 'SELECT') ORDER BY 1"""
    readable = {name for (name,) in run(sql)}
    assert readable <= {"spatial_ref_sys", "geometry_columns", "geography_columns"}
    assert {"spatial_ref_sys", "geometry_columns"} <= readable


def test_the_role_owns_nothing_and_cannot_write() -> None:
    assert run("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == [(0,)]
    for sql in ("DELETE FROM layers_organisation RETURNING 1", "CREATE TABLE public.mine (x int)"):
        with pytest.raises(DatabaseError):
            run(sql)


def test_every_view_shows_the_publish_state_of_its_rows() -> None:
    """So that the views can hold published rows only: a register's view without the column would show all."""
    for model, columns in open_models():
        if any(field.name == "publish_state" for field in model._meta.concrete_fields):
            assert "publish_state" in columns, model


def test_the_spatial_index_serves_the_open_role() -> None:
    with connections["open"].cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        try:
            box = "SRID=4326;POLYGON((105.8 21,105.81 21,105.81 21.01,105.8 21.01,105.8 21))"
            for model in (MeasuringDevice, PlaceOfActivity, InspectionSite):
                rows = model.objects.using("open").filter(geom__intersects=box).values_list("pk")
                assert "geom" in plan(rows) and "Index" in plan(rows), plan(rows)
        finally:
            cursor.execute("RESET enable_seqscan")


def test_the_database_s_words_never_enter_an_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        run("SELECT secret_column FROM accounts_user")

    monkeypatch.setattr("services.api.views.read_page", broken)
    client.raise_request_exception = False
    answer = client.get("/api/v1/laboratories/")
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "accounts_user" not in text and "SELECT" not in text and "Traceback" not in text


def test_no_model_with_private_columns_lacks_a_decision() -> None:
    """Every table of the registers is either shown by a view or kept back on purpose."""
    kept_back = {"DeviceBatch", "OrganisationName", "Report", "Ticket", "Photo", "Vote", "Attempt"}
    derived = {"ScopeSubject", "SearchWord"}
    shown = {model for model, _ in open_models()}
    assert {model.__name__ for model in apps.get_app_config("layers").get_models()} == kept_back | derived | {
        model.__name__ for model in shown if model._meta.app_label == "layers"
    }
