"""Indexes by which numbers are looked up in registers of many millions of rows, built while these are read and written.

Not in one transaction: a run that was cut off is taken up by the next, which drops what the first left half built.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

from layers.registers.number_key import NumberKey

KEYS = {
    "device_serial_key": ("measuringdevice", "serial_no"),
    "device_management_key": ("measuringdevice", "management_code"),
    "device_registration_key": ("measuringdevice", "registration_no"),
    "verification_certificate_key": ("verification", "certificate_no"),
    "verification_sticker_key": ("verification", "sticker_serial"),
}
# The planner takes no statistics from partial indexes: without these it would expect thousands of rows under each
# number, and read a register of ten million from end to end for a few hundred numbers.
KEY = "regexp_replace(lower(translate({}, 'Đđ', 'dd')), '[^a-z0-9]', '', 'g')"


def built(name: str) -> list[migrations.operations.base.Operation]:
    """The index by that name, whatever a run before has left of it, and the statistics beside it."""
    model, column = KEYS[name]
    filled = models.Q((column, ""), _negated=True)
    return [
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop),
        AddIndexConcurrently(model, models.Index(NumberKey(column), condition=filled, name=name)),
        migrations.RunSQL(
            f"CREATE STATISTICS IF NOT EXISTS {name}_statistics ON ({KEY.format(column)}) FROM layers_{model}",
            f"DROP STATISTICS IF EXISTS {name}_statistics",
        ),
    ]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("layers", "0011_deliveries")]

    operations = [
        # It waits for every transaction that is older, as downloads are; nobody waits for it meanwhile.
        migrations.RunSQL("SET lock_timeout = 0", "RESET lock_timeout"),
        *(operation for name in KEYS for operation in built(name)),
        RemoveIndexConcurrently("verification", "verification_certificate"),
        # New statistics hold nothing until then.
        *(migrations.RunSQL(f"ANALYZE layers_{model}", migrations.RunSQL.noop) for model in ("measuringdevice", "verification")),
        migrations.RunSQL("RESET lock_timeout", "SET lock_timeout = 0"),
    ]
