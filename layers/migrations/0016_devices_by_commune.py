"""The devices of a commune in the order of their ids, too. The plain indexes on units say less, and go.

Not in one transaction: a run that was cut off is taken up by the next, which drops what the first left half built.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import PROTECT

NAME = "device_by_commune"
# By Django's own names.
PLAIN = {
    "province": "layers_measuringdevice_province_id_7708573d",
    "commune": "layers_measuringdevice_commune_id_db991458",
}


def unit() -> models.ForeignKey:
    return models.ForeignKey(
        "geodata.administrativeunit", PROTECT, null=True, blank=True, related_name="+", db_index=False
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("layers", "0015_devices_by_unit_and_type")]

    operations = [
        # It waits for every transaction that is older, as downloads are; nobody waits for it meanwhile.
        migrations.RunSQL("SET lock_timeout = 0", "RESET lock_timeout"),
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}", migrations.RunSQL.noop),
        AddIndexConcurrently("measuringdevice", models.Index(fields=["commune", "id"], name=NAME)),
        *(
            migrations.RunSQL(
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON layers_measuringdevice ({level}_id)",
            )
            for level, name in PLAIN.items()
        ),
        migrations.RunSQL("RESET lock_timeout", "SET lock_timeout = 0"),
        # Django itself would drop the foreign keys with the indexes, and look through all devices for new ones.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AlterField("measuringdevice", level, unit()) for level in PLAIN]
        ),
    ]
