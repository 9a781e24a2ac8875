"""Sites in the order of the Vietnamese alphabet, not of code points.

Not in one transaction: a run that was cut off is taken up by the next, which drops what the first left half built.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Collate

NAME = "site_by_alphabet"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("layers", "0016_devices_by_commune")]

    operations = [
        # It waits for every transaction that is older, as downloads are; nobody waits for it meanwhile.
        migrations.RunSQL("SET lock_timeout = 0", "RESET lock_timeout"),
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}", migrations.RunSQL.noop),
        AddIndexConcurrently("inspectionsite", models.Index(Collate("name", "vi-x-icu"), "id", name=NAME)),
        # Until here it served the order by code points.
        RemoveIndexConcurrently("inspectionsite", "site_by_name"),
        migrations.RunSQL("RESET lock_timeout", "SET lock_timeout = 0"),
    ]
