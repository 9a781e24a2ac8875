"""Indexes in which the devices of a province or a type stand in the order of their ids: pages of them are read from there.

Not in one transaction: a run that was cut off is taken up by the next, which drops what the first left half built.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

INDEXES = {"device_by_province": "province", "device_by_type": "device_type"}


def built(name: str) -> list[migrations.operations.base.Operation]:
    """The index by that name, whatever a run before has left of it."""
    return [
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop),
        AddIndexConcurrently("measuringdevice", models.Index(fields=[INDEXES[name], "id"], name=name)),
    ]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("layers", "0014_published_by_id")]

    operations = [
        # It waits for every transaction that is older, as downloads are; nobody waits for it meanwhile.
        migrations.RunSQL("SET lock_timeout = 0", "RESET lock_timeout"),
        *(operation for name in INDEXES for operation in built(name)),
        migrations.RunSQL("RESET lock_timeout", "SET lock_timeout = 0"),
    ]
