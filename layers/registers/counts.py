"""Counts of devices per commune, type and status on a day, safe to publish (domain, section 7.2).

A cell may be shown when it holds at least five devices, and either none or at least five that are not public
one by one (else the public points would give the rest away). Other cells are merged per province and status,
type and commune left out; what is still too small then is withheld.
"""

from datetime import date

from django.db import connection
from django.db.models import Case, CharField, Count, Q, QuerySet, Sum, Value, When

from layers.registers.base import PUBLIC
from layers.registers.device_status import DEVICE_STATUSES, device_status
from layers.registers.devices import DeviceBatch, MeasuringDevice

LEAST_DEVICES = 5
COUNTED_STATES = ("internal", PUBLIC)

_RECOUNT = """
WITH cells AS (
    SELECT province_id, commune_id, device_type_id, status, sum(devices) AS devices, sum(hidden) AS hidden
    FROM (({devices}) UNION ALL ({batches})) AS counted GROUP BY 1, 2, 3, 4
), safe AS (
    SELECT * FROM cells WHERE devices >= %(least)s AND (hidden = 0 OR hidden >= %(least)s)
), merged AS (
    SELECT province_id, NULL::integer AS commune_id, NULL::smallint AS device_type_id, status,
           sum(devices) AS devices, sum(hidden) AS hidden
    FROM cells WHERE NOT (devices >= %(least)s AND (hidden = 0 OR hidden >= %(least)s)) GROUP BY 1, 4
), shown AS (
    SELECT * FROM safe
    UNION ALL
    SELECT * FROM merged WHERE devices >= %(least)s AND (hidden = 0 OR hidden >= %(least)s)
)
INSERT INTO layers_devicecount (id, province_id, commune_id, device_type_id, status, devices, geom, geom_accuracy)
SELECT (coalesce(shown.commune_id, shown.province_id)::bigint * 1024 + coalesce(device_type_id, 0)) * 16
           + array_position(%(statuses)s, status::text),
       shown.province_id, shown.commune_id, device_type_id, status, devices, unit.label_point, 'commune_centroid'
FROM shown JOIN geodata_administrativeunit unit ON unit.id = coalesce(shown.commune_id, shown.province_id)
"""


def recount(day: date) -> int:
    """Remakes all counts for `day` in the caller's transaction; gives the number of cells."""
    devices, device_params = _counted_devices(day).query.sql_with_params()
    batches, batch_params = _counted_batches(day).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM layers_devicecount")
        inner = (
            cursor.mogrify(devices, device_params).decode(),
            cursor.mogrify(batches, batch_params).decode(),
        )
        statement = _RECOUNT.format(devices=inner[0].replace("%", "%%"), batches=inner[1].replace("%", "%%"))
        cursor.execute(statement, {"least": LEAST_DEVICES, "statuses": list(DEVICE_STATUSES.codes())})
        return cursor.rowcount


def _counted_devices(day: date) -> QuerySet:
    in_use = Q(put_into_use_on__isnull=True) | Q(put_into_use_on__lte=day)
    rows = MeasuringDevice.objects.filter(in_use, publish_state__in=COUNTED_STATES, commune__isnull=False)
    return (
        rows.order_by()
        .values_list("province_id", "commune_id", "device_type_id")
        .annotate(
            status=device_status(day),
            devices=Count("pk"),
            hidden=Count("pk", filter=~Q(publish_state=PUBLIC)),
        )
    )


def _counted_batches(day: date) -> QuerySet:
    """Batches know no repair or void: their status follows the date alone. Their meters belong to households."""
    rows = DeviceBatch.objects.filter(publish_state__in=COUNTED_STATES)
    status = _batch_status(day)
    return (
        rows.order_by()
        .values_list("province_id", "commune_id", "device_type_id")
        .annotate(status=status, n=Sum("devices"), hidden=Sum("devices"))
    )


def _batch_status(day: date) -> Case:
    whole = device_status(day)
    by_date = [when for when in whole.get_source_expressions()[:-1] if when.result.value in ("overdue", "due_soon")]
    unknown = When(Q(valid_until__isnull=True), then=Value("unknown"))
    return Case(unknown, *by_date, default=Value("valid"), output_field=CharField())
