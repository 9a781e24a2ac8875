"""Updates: what a migration may do to registers of many millions of rows that are read meanwhile."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db.migrations import AddIndex, Migration, RemoveIndex, RunSQL
from django.db.migrations.loader import MigrationLoader

LARGE = ("measuringdevice", "verification", "check", "inspectionsite")
# Those before are the first version's: nothing was there to be read.
FIRST = "0009"


def later() -> list[Migration]:
    found = MigrationLoader(None).disk_migrations
    return [one for (app, name), one in sorted(found.items()) if app == "layers" and name >= FIRST]


def test_indexes_of_large_registers_come_and_go_while_these_are_written() -> None:
    for migration in later():
        for operation in migration.operations:
            if isinstance(operation, AddIndex | RemoveIndex) and operation.model_name in LARGE:
                assert isinstance(operation, AddIndexConcurrently | RemoveIndexConcurrently), operation.describe()
                assert not migration.atomic, migration.name


def test_new_statistics_are_gathered_by_the_migration_that_declares_them() -> None:
    for migration in later():
        statements = [str(one.sql) for one in migration.operations if isinstance(one, RunSQL)]
        tables = {sql.rpartition(" FROM ")[2] for sql in statements if sql.startswith("CREATE STATISTICS")}
        assert {f"ANALYZE {table}" for table in tables} <= set(statements)
