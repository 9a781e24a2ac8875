"""A migration that alters a column that a public view shows: the view is away and back in one transaction."""

import pytest
from django.db import NotSupportedError, connection, models
from django.db.migrations import AlterField
from django.db.migrations.loader import MigrationLoader

from layers.open_schema import ChangeShownColumns

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
