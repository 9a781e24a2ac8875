"""The second wall: the schema `open`, plain views that the role of anonymous requests reads.

Each view is named like its table and shows published rows and public columns. The role owns nothing, has
`open` first in its search path, and no right on the tables: a filter forgotten in Python shows published
rows only, a private column does not exist. Views, unlike row-level security, keep the spatial index in use.
"""

import hashlib
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.operations.base import Operation
from django.db.models import Model

from layers import checkable
from layers.registers.base import PUBLIC
from layers.registers.identity import allot_ids

# Ground-floor tables of geography have nothing private: all their columns are open.
WHOLLY_OPEN_APPS = ("geodata",)


class OpenRouter:
    """Keeps migrations off the connection that owns nothing."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool | None:
        return False if db == "open" else None


def open_models() -> Iterator[tuple[type[Model], tuple[str, ...]]]:
    """Each model that has a view, with the columns that the view shows."""
    for model in apps.get_models():
        columns = getattr(model, "OPEN_COLUMNS", ())
        if model._meta.app_label in WHOLLY_OPEN_APPS:
            columns = tuple(field.column for field in model._meta.concrete_fields)
        if columns:
            yield model, columns


def view_sql(model: type[Model], columns: tuple[str, ...], *, present: Collection[str]) -> str:
    """The statement that makes a model's view over the columns that its table has at this stage of the migrations.

    "" where it can have none: no such table yet, or published rows could not be told from the others.
    """
    table = model._meta.db_table
    kept = [column for column in columns if column in present]
    if not kept or ("publish_state" in columns and "publish_state" not in kept):
        return ""
    published = f" WHERE publish_state = '{PUBLIC}'" if "publish_state" in kept else ""
    listed = ", ".join(f'"{column}"' for column in kept)
    return f'CREATE VIEW open."{table}" AS SELECT {listed} FROM public."{table}"{published}'


def remake(using: str = "default", **signal: object) -> None:
    """Makes the views that are missing or differ from the models, and grants them to the open role.

    Runs after every migration, also one back to an earlier stage: a view leaves out what its table lacks by then.
    Where the role does not exist and may not be made, prints the SQL instead.
    """
    if using != "default":
        return
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS open")
        statements = dict(_statements(cursor))
        for table, statement in statements.items():
            _remake_view(cursor, table, statement)
        _drop_others(cursor, set(statements))
        _grant(cursor, settings.DATABASES["open"]["USER"])
        allot_ids(cursor)


def _statements(cursor) -> Iterator[tuple[str, str]]:  # type: ignore[no-untyped-def]
    """Each table that can have a view now, with the statement that makes it; last the view over all evidence."""
    for model, columns in open_models():
        statement = view_sql(model, columns, present=_columns_of(cursor, model))
        if statement:
            yield model._meta.db_table, statement
    statement = checkable.view_sql(_all_columns(cursor))
    if statement:
        yield checkable.NAME, statement


def _all_columns(cursor) -> set[tuple[str, str]]:  # type: ignore[no-untyped-def]
    cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
    return set(cursor.fetchall())


def _columns_of(cursor, model: type[Model]) -> set[str]:  # type: ignore[no-untyped-def]
    """The columns of a model's table in the database; none where there is no table."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s",
        [model._meta.db_table],
    )
    return {name for (name,) in cursor.fetchall()}


def _remake_view(cursor, table: str, statement: str) -> None:  # type: ignore[no-untyped-def]
    """Only a view whose definition changed is remade: a fresh DROP would queue behind every reader."""
    mark = hashlib.sha256(statement.encode()).hexdigest()
    cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [f'open."{table}"'])
    if cursor.fetchone()[0] != mark:
        cursor.execute(f'DROP VIEW IF EXISTS open."{table}"')
        cursor.execute(statement)
        cursor.execute(f'COMMENT ON VIEW open."{table}" IS %s', [mark])


def _drop_others(cursor, shown: set[str]) -> None:  # type: ignore[no-untyped-def]
    """What is no longer shown must not stay readable. Views of derived tables belong to `layers.derived`."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'open'::regnamespace AND relkind = 'v'"
        " AND obj_description(oid, 'pg_class') IS DISTINCT FROM 'derived'"
    )
    for (name,) in cursor.fetchall():
        if name not in shown:
            cursor.execute(f'DROP VIEW open."{name}"')


def _grant(cursor, role: str) -> None:  # type: ignore[no-untyped-def]
    statements = (
        f'GRANT USAGE ON SCHEMA open, public TO "{role}"',
        f'GRANT SELECT ON ALL TABLES IN SCHEMA open TO "{role}"',
    )
    cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone()[0]:
        for statement in statements:
            cursor.execute(statement)
        return
    lines = [f"CREATE ROLE \"{role}\" LOGIN PASSWORD '…';", *(f"{statement};" for statement in statements)]
    sys.stderr.write("The open role is missing. Have an administrator of the database run:\n" + "\n".join(lines) + "\n")


def _is_shown(connection, view: str) -> bool:  # type: ignore[no-untyped-def]
    """Whether there is such a view: in a database that is just being made there are none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f'open."{view}"'])
        return bool(cursor.fetchone()[0])


class ChangeShownColumns(Operation):
    """Wraps an operation that alters or drops columns that a view shows: drops the view, changes, makes it again.

    Also around columns that only `checkable` reads (numbers of devices and papers).

    All in the migration's own transaction, so that readers never meet a missing view.
    """

    reduces_to_sql = True

    def __init__(self, model_name: str, operation: Operation) -> None:
        self.model_name, self.operation = model_name, operation
        self.reversible = operation.reversible

    def state_forwards(self, app_label, state):  # type: ignore[no-untyped-def]
        self.operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):  # type: ignore[no-untyped-def]
        with self._view_away(app_label, schema_editor, to_state):
            self.operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):  # type: ignore[no-untyped-def]
        with self._view_away(app_label, schema_editor, to_state):
            self.operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"{self.operation.describe()} (shown by a public view)"

    @contextmanager
    def _view_away(self, app_label, schema_editor, after):  # type: ignore[no-untyped-def]
        model = after.apps.get_model(app_label, self.model_name)
        away = [name for name in (model._meta.db_table, checkable.NAME) if _is_shown(schema_editor.connection, name)]
        for view in away:
            schema_editor.execute(f'DROP VIEW open."{view}"')
        yield
        shown = dict(open_models()).get(apps.get_model(app_label, self.model_name), ())
        cursor = schema_editor.connection.cursor()
        own = view_sql(model, shown, present={field.column for field in model._meta.concrete_fields})
        made = {model._meta.db_table: own, checkable.NAME: checkable.view_sql(_all_columns(cursor))}
        for statement in filter(None, (made[view] for view in away)):
            schema_editor.execute(statement)
        if away:
            _grant(cursor, settings.DATABASES["open"]["USER"])
