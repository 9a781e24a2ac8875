"""Migrations of tables that public views show, forwards and back."""

import pytest
from django.db import NotSupportedError, connection, models
from django.db.migrations import AlterField, RemoveField
from django.db.migrations.loader import MigrationLoader

from layers.open_schema import ChangeShownColumns, remake

ALTER = AlterField("authority", "level", models.TextField())


def migrate(operation: object) -> None:
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    operation.state_forwards("layers", after)  # type: ignore[attr-defined]
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("layers", editor, before, after)  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_altering_a_shown_column_by_itself_is_refused_by_the_database() -> None:
    with pytest.raises(NotSupportedError, match="view"):
        migrate(ALTER)


@pytest.mark.django_db
def test_with_its_view_out_of_the_way_it_is_altered_and_shown_again() -> None:
    migrate(ChangeShownColumns("authority", ALTER))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(level), pg_typeof(min(level))::text FROM open.layers_authority")
        shown, kind = cursor.fetchone()
        cursor.execute("SELECT has_table_privilege('map_open', 'open.layers_authority', 'SELECT')")
        assert (shown > 0, kind, cursor.fetchone()[0]) == (True, "text", True)


def columns_shown(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'open' AND table_name = %s",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_back_before_a_shown_column_was_added_the_view_shows_the_others() -> None:
    before = columns_shown("layers_devicetype")
    migrate(RemoveField("devicetype", "search_key"))  # what going back before its AddField does
    remake()
    assert columns_shown("layers_devicetype") == before - {"search_key"} != set()


@pytest.mark.django_db
def test_rows_that_cannot_be_told_from_unpublished_ones_have_no_view() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE layers_check DROP COLUMN publish_state CASCADE")
    remake()
    assert columns_shown("layers_check") == set()


@pytest.mark.django_db
def test_a_register_without_its_table_is_left_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE layers_check CASCADE")
    remake()
    assert columns_shown("layers_check") == set()
    assert columns_shown("layers_verification")
