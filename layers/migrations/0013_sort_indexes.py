"""Indexes in which rows stand in the order of a field that pages can be sorted by, and of their ids where it is equal.

Not in one transaction: a run that was cut off is taken up by the next, which drops what the first left half built.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

INDEXES = {
    "device_by_valid_until": ("measuringdevice", "valid_until"),
    "site_by_last_checked": ("inspectionsite", "last_checked"),
    "site_by_name": ("inspectionsite", "name"),
}


def built(name: str) -> list[migrations.operations.base.Operation]:
    """The index by that name, whatever a run before has left of it."""
    model, column = INDEXES[name]
    return [
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop),
        AddIndexConcurrently(model, models.Index(fields=[column, "id"], name=name)),
    ]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("layers", "0012_number_indexes")]

    operations = [
        # It waits for every transaction that is older, as downloads are; nobody waits for it meanwhile.
        migrations.RunSQL("SET lock_timeout = 0", "RESET lock_timeout"),
        *(operation for name in INDEXES for operation in built(name)),
        # The new one serves all that this one did.
        RemoveIndexConcurrently("measuringdevice", "device_valid_until"),
        migrations.RunSQL("RESET lock_timeout", "SET lock_timeout = 0"),
    ]
