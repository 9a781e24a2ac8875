"""The published devices by id: what a page by number passes over is read from this index alone.

Not in one transaction: a run that was cut off is taken up by the next, which drops what the first left half built.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

NAME = "device_published_by_id"
INDEX = models.Index(
    fields=["id"],
    include=["put_into_use_on"],
    condition=models.Q(publish_state="approved_public"),
    name=NAME,
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("layers", "0013_sort_indexes")]

    operations = [
        # It waits for every transaction that is older, as downloads are; nobody waits for it meanwhile.
        migrations.RunSQL("SET lock_timeout = 0", "RESET lock_timeout"),
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}", migrations.RunSQL.noop),
        AddIndexConcurrently("measuringdevice", INDEX),
        migrations.RunSQL("RESET lock_timeout", "SET lock_timeout = 0"),
    ]
