"""Measuring devices: types with dated rules, type approvals, single devices, batches of utility meters (domain, 2)."""

from datetime import date, timedelta

from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import F, Func, Q

from geodata.language import both
from layers.codes import Code, FixedCodes
from layers.registers.base import (
    OPEN_PLACED_RECORD,
    OPEN_RECORD,
    PUBLIC,
    PlacedRecord,
    Record,
    code_field,
    dates_in_order,
    placed_constraints,
    record_constraints,
    unit_key,
)
from layers.registers.number_key import key_index
from layers.registers.organisations import Organisation
from layers.registers.sites import InspectionSite

DEVICE_GROUPS = FixedCodes(
    "device_group",
    (Code("1", both("Nhóm 1", "Group 1")), Code("2", both("Nhóm 2", "Group 2"))),
)

OBLIGATIONS = FixedCodes(
    "obligation",
    (
        Code("statutory", both("Theo danh mục nhóm 2", "Statutory (group 2 list)")),
        Code("other_regulation", both("Theo quy định khác", "By another regulation")),
        Code("voluntary", both("Tự nguyện", "Voluntary")),
    ),
)

VOID_REASONS = FixedCodes(
    "void_reason",
    (
        Code("cycle_end", both("Hết chu kỳ", "End of cycle")),
        Code("modified", both("Đã thay đổi đặc tính", "Modified")),
        Code("defective", both("Hư hỏng hoặc không đạt", "Defective")),
        Code("evidence_lost", both("Mất hoặc hỏng bằng chứng kiểm định", "Evidence lost")),
    ),
)


# The map never stands on a day before: no index needs to find what began earlier.
FIRST_DAY_OF_MAP = date(2026, 11, 1)
TEN_YEARS = timedelta(days=3653)  # the longest that ten years can last, three leap days included


class DeviceType(models.Model):
    """A type of measuring device by its stable code, in the order of the statutory list."""

    id = models.SmallIntegerField(primary_key=True)
    code = models.SlugField(max_length=48, unique=True)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    list_no = models.CharField(max_length=8, blank=True, default="")
    measurement_field = models.CharField(max_length=32, blank=True, default="")
    device_group = code_field(1)
    status = models.CharField(max_length=32, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
    search_key = models.TextField(blank=True, default="", db_default="")

    OPEN_COLUMNS = (
        "id",
        "code",
        "search_key",
        "name_vi",
        "name_en",
        "list_no",
        "measurement_field",
        "device_group",
        "status",
        "note",
    )

    class Meta:
        verbose_name = both("loại phương tiện đo", "device type")
        verbose_name_plural = both("loại phương tiện đo", "device types")
        constraints = [models.CheckConstraint(condition=DEVICE_GROUPS.check("device_group"), name="device_type_group")]

    def __str__(self) -> str:
        return self.name_vi


class DeviceTypeRule(models.Model):
    """Which controls a type is under, and its cycle, from one day to another (`valid_to` exclusive).

    `cycle_months` empty: no periodic verification. `cycle_2026_reading` is a reading of the 2026 table that
    nobody has confirmed: it is kept to be compared, never used for a due date.
    """

    device_type = models.ForeignKey(DeviceType, models.CASCADE, related_name="rules")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    legal_basis = models.CharField(max_length=300)
    type_approval = models.BooleanField()
    initial = models.BooleanField()
    periodic = models.BooleanField()
    after_repair = models.BooleanField()
    cycle_months = models.PositiveSmallIntegerField(null=True, blank=True)
    cycle_2026_reading = models.PositiveSmallIntegerField(null=True, blank=True)

    OPEN_COLUMNS = (
        *("id", "device_type_id", "valid_from", "valid_to", "legal_basis"),
        *("type_approval", "initial", "periodic", "after_repair", "cycle_months"),
    )

    class Meta:
        verbose_name = both("quy định của loại phương tiện đo", "device type rule")
        verbose_name_plural = both("quy định của loại phương tiện đo", "device type rules")
        constraints = [
            models.UniqueConstraint(fields=["device_type", "valid_from"], name="rule_once"),
            dates_in_order("valid_from", "valid_to", "rule_dates"),
            # Two rules on one day would give a device two due dates.
            ExclusionConstraint(
                name="rule_alone_on_a_day",
                expressions=[
                    ("device_type", RangeOperators.EQUAL),
                    (
                        Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]


class TypeApproval(Record):
    """A decision that approves a type for making and import: ten years, extended once."""

    number = models.CharField(max_length=60)
    device_type = models.ForeignKey(DeviceType, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    manufacturer = models.CharField(max_length=120)
    country = models.CharField(max_length=60, blank=True, default="")
    model = models.CharField(max_length=120)
    characteristics = models.TextField(blank=True, default="")
    decided_on = models.DateField()
    valid_until = models.DateField()
    extended_until = models.DateField(null=True, blank=True)
    suspended_on = models.DateField(null=True, blank=True)
    cancelled_on = models.DateField(null=True, blank=True)

    OPEN_COLUMNS = (
        *OPEN_RECORD,
        *("number", "device_type_id", "holder_id", "manufacturer", "country", "model", "characteristics"),
        *("decided_on", "valid_until", "extended_until", "suspended_on", "cancelled_on"),
    )

    class Meta:
        verbose_name = both("phê duyệt mẫu", "type approval")
        verbose_name_plural = both("phê duyệt mẫu", "type approvals")
        constraints = [
            *record_constraints(),
            dates_in_order("decided_on", "valid_until", "type_approval_dates"),
            models.CheckConstraint(
                condition=Q(valid_until__lte=F("decided_on") + TEN_YEARS), name="type_approval_ten_years"
            ),
        ]
        indexes = [key_index("number", "type_approval_number_key")]


class MeasuringDevice(PlacedRecord):
    """A registered measuring device. It stands at an inspection site; one that moves has a home base.

    The dates from `no_periodic` to `taken_out_on` are those of the standing verification and of the device's
    own events. They repeat what the verifications say, are written in the same transaction
    (`layers.registers.verifying.stand`) and make the status an expression over this one row and a day.
    """

    # Their indexes have the id behind them.
    province = unit_key(null=True, blank=True, db_index=False)
    commune = unit_key(null=True, blank=True, db_index=False)
    device_type = models.ForeignKey(DeviceType, models.PROTECT, related_name="+", db_index=False)
    device_group = code_field(1)
    obligation = code_field(20, default="statutory", db_default="statutory")
    site = models.ForeignKey(InspectionSite, models.PROTECT, null=True, blank=True, related_name="devices")
    home_base_site = models.ForeignKey(
        InspectionSite, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    is_mobile = models.BooleanField(default=False, db_default=False)
    manufacturer = models.CharField(max_length=120, blank=True, default="", db_default="")
    model = models.CharField(max_length=120, blank=True, default="", db_default="")
    serial_no = models.CharField(max_length=60, blank=True, default="", db_default="")
    serial_assigned = models.BooleanField(default=False, db_default=False)
    manufacture_year = models.PositiveSmallIntegerField(null=True, blank=True)
    range_text = models.CharField(max_length=80, blank=True, default="", db_default="")
    accuracy_class = models.CharField(max_length=24, blank=True, default="", db_default="")
    type_approval = models.ForeignKey(TypeApproval, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    management_code = models.CharField(max_length=60, blank=True, default="", db_default="")
    registration_no = models.CharField(max_length=60, blank=True, default="", db_default="")
    put_into_use_on = models.DateField(null=True, blank=True)
    no_periodic = models.BooleanField(default=False, db_default=False)
    verified_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    voided_on = models.DateField(null=True, blank=True)
    void_reason = code_field(16, blank=True, default="", db_default="")
    repaired_on = models.DateField(null=True, blank=True)
    taken_out_on = models.DateField(null=True, blank=True)

    OPEN_COLUMNS = (
        *OPEN_PLACED_RECORD,
        *("device_type_id", "device_group", "obligation", "site_id", "is_mobile"),
        *("manufacturer", "model", "manufacture_year", "range_text", "accuracy_class", "type_approval_id"),
        *("put_into_use_on", "no_periodic", "verified_on", "valid_until", "voided_on", "void_reason"),
        *("repaired_on", "taken_out_on"),
    )

    class Meta:
        verbose_name = both("phương tiện đo", "measuring device")
        verbose_name_plural = both("phương tiện đo", "measuring devices")
        constraints = [
            *placed_constraints("device"),
            models.CheckConstraint(condition=DEVICE_GROUPS.check("device_group"), name="device_group"),
            models.CheckConstraint(condition=OBLIGATIONS.check("obligation"), name="device_obligation"),
            models.CheckConstraint(condition=VOID_REASONS.check("void_reason", empty=True), name="device_void_reason"),
            models.CheckConstraint(
                condition=Q(voided_on__isnull=True, void_reason="") | (Q(voided_on__isnull=False) & ~Q(void_reason="")),
                name="device_void_has_reason",
            ),
            dates_in_order("verified_on", "valid_until", "device_dates"),
            models.UniqueConstraint(
                fields=["manufacturer", "model", "serial_no"],
                condition=~Q(serial_no=""),
                name="device_serial_once",
            ),
        ]
        indexes = [
            models.Index(fields=["device_type", "valid_until"], name="device_type_valid_until"),
            models.Index(fields=["valid_until", "id"], name="device_by_valid_until"),
            # Pages in the order of ids, of one unit or type among many (`layers.walks`).
            models.Index(fields=["province", "id"], name="device_by_province"),
            models.Index(fields=["commune", "id"], name="device_by_commune"),
            models.Index(fields=["device_type", "id"], name="device_by_type"),
            # Pages by number pass over the published rows before them, whose entries alone are read.
            models.Index(
                fields=["id"],
                include=["put_into_use_on"],
                condition=Q(publish_state=PUBLIC),
                name="device_published_by_id",
            ),
            key_index("serial_no", "device_serial_key", may_be_empty=True),
            key_index("management_code", "device_management_key", may_be_empty=True),
            key_index("registration_no", "device_registration_key", may_be_empty=True),
            # For the roll-over, which asks for the devices with one of these dates on the new day.
            *(
                models.Index(fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"device_{name}")
                for name in ("voided_on", "repaired_on", "taken_out_on")
            ),
            *(
                models.Index(fields=[name], condition=Q(**{f"{name}__gt": FIRST_DAY_OF_MAP}), name=f"device_{name}")
                for name in ("verified_on", "put_into_use_on")
            ),
        ]


class DeviceBatch(Record):
    """Meters of a utility as a number per commune, type and month of `valid_until` (empty: unknown)."""

    device_type = models.ForeignKey(DeviceType, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    valid_until = models.DateField(null=True, blank=True)
    devices = models.PositiveIntegerField()

    class Meta:
        verbose_name = both("lô công tơ, đồng hồ", "batch of meters")
        verbose_name_plural = both("lô công tơ, đồng hồ", "batches of meters")
        constraints = [
            *record_constraints(),
            models.CheckConstraint(condition=Q(devices__gt=0), name="batch_not_empty"),
            models.CheckConstraint(condition=Q(commune__isnull=False), name="batch_has_commune"),
            models.UniqueConstraint(
                fields=["owner", "commune", "device_type", "valid_until"],
                name="batch_once",
                nulls_distinct=False,
            ),
        ]


class DeviceCount(models.Model):
    """Devices of one commune, type and status on the day of the map: derived, remade at each roll-over.

    `id` is made from the key, so it stays with its cell. Cells that could point at single devices stand
    merged in a row without type or commune, at the province's representative point (`layers.registers.counts`).
    """

    id = models.BigIntegerField(primary_key=True)
    province = models.ForeignKey("geodata.AdministrativeUnit", models.CASCADE, related_name="+")
    commune = models.ForeignKey("geodata.AdministrativeUnit", models.CASCADE, null=True, related_name="+")
    device_type = models.ForeignKey(DeviceType, models.CASCADE, null=True, related_name="+")
    status = code_field(16)
    devices = models.BigIntegerField()
    geom = models.PointField(srid=4326)
    geom_accuracy = code_field(20, default="commune_centroid", db_default="commune_centroid")

    OPEN_COLUMNS = (
        "id",
        "province_id",
        "commune_id",
        "device_type_id",
        "status",
        "devices",
        "geom",
        "geom_accuracy",
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(devices__gt=0), name="count_positive")]
