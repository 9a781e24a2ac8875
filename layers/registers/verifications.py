"""Verifications of measuring devices and the rule of due dates (domain, sections 2.3 and 2.4)."""

from calendar import monthrange
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear

from geodata.language import both
from layers.codes import Code, FixedCodes
from layers.registers.base import OPEN_RECORD, Record, code_field, dates_in_order, record_constraints
from layers.registers.devices import VOID_REASONS, DeviceTypeRule, MeasuringDevice
from layers.registers.number_key import key_index
from layers.registers.organisations import Organisation
from layers.registers.qualifications import Qualification

CONTROL_TYPES = FixedCodes(
    "control_type",
    (
        Code("initial", both("Kiểm định ban đầu", "Initial verification")),
        Code("periodic", both("Kiểm định định kỳ", "Periodic verification")),
        Code("after_repair", both("Kiểm định sau sửa chữa", "Verification after repair")),
        Code("counter_verification", both("Kiểm định đối chứng", "Counter-verification")),
        Code("extraordinary", both("Kiểm định bất thường", "Extraordinary verification")),
        Code("calibration", both("Hiệu chuẩn", "Calibration")),
    ),
)

VERIFICATION_RESULTS = FixedCodes(
    "verification_result",
    (Code("pass", both("Đạt", "Pass"), "valid", "✓"), Code("fail", both("Không đạt", "Fail"), "void", "×")),
)


class Verification(Record):
    """One verification. A pass carries evidence (at least one kind of it); a failure is a record only.

    `valid_until` is the date on the evidence, or the rule's when the evidence has none.
    `repaired_on` of a verification after repair is the day from which the device could not be used.
    """

    device = models.ForeignKey(MeasuringDevice, models.CASCADE, related_name="verifications", db_index=False)
    control_type = code_field(24)
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    designation = models.ForeignKey(
        Qualification, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    procedure_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    officer_card_no = models.CharField(max_length=40, blank=True, default="", db_default="")
    verified_on = models.DateField()
    result = code_field(4)
    certificate_no = models.CharField(max_length=60, blank=True, default="", db_default="")
    sticker_serial = models.CharField(max_length=60, blank=True, default="", db_default="")
    stamp_kind = models.CharField(max_length=1, blank=True, default="", db_default="")
    valid_until = models.DateField(null=True, blank=True)
    voided_on = models.DateField(null=True, blank=True)
    void_reason = code_field(16, blank=True, default="", db_default="")
    repaired_on = models.DateField(null=True, blank=True)
    compliance_flag = models.CharField(max_length=24, blank=True, default="", db_default="")

    OPEN_COLUMNS = (
        *OPEN_RECORD,
        *("device_id", "control_type", "body_id", "procedure_code", "verified_on", "result", "valid_until"),
        *("voided_on", "void_reason", "repaired_on"),
    )

    class Meta:
        verbose_name = both("lần kiểm định", "verification")
        verbose_name_plural = both("lần kiểm định", "verifications")
        constraints = [
            *record_constraints(),
            models.CheckConstraint(condition=CONTROL_TYPES.check("control_type"), name="verification_control"),
            models.CheckConstraint(condition=VERIFICATION_RESULTS.check("result"), name="verification_result"),
            models.CheckConstraint(condition=VOID_REASONS.check("void_reason", empty=True), name="verification_void"),
            dates_in_order("verified_on", "valid_until", "verification_dates"),
            models.CheckConstraint(
                condition=Q(result="fail") | ~Q(certificate_no="") | ~Q(sticker_serial="") | ~Q(stamp_kind=""),
                name="a_pass_has_evidence",
            ),
            models.UniqueConstraint(
                F("body"),
                F("certificate_no"),
                ExtractYear("verified_on"),
                condition=~Q(certificate_no=""),
                name="certificate_once_per_body_and_year",
            ),
        ]
        indexes = [
            models.Index(fields=["device", "verified_on"], name="verification_device_day"),
            key_index("certificate_no", "verification_certificate_key", may_be_empty=True),
            key_index("sticker_serial", "verification_sticker_key", may_be_empty=True),
        ]


def due_date(verified_on: date, cycle_months: int | None, *, convention: str | None = None) -> date | None:
    """The day until which a verification holds when its evidence names none; None without a cycle.

    `month_end` (the default reading of Circular 23/2013): the last day of the month in which the cycle ends.
    `exact_day`: the same day of that month, clipped to the month's length (31 August + 6 months: 28 or 29 February).
    """
    if cycle_months is None:
        return None
    months = verified_on.year * 12 + verified_on.month - 1 + cycle_months
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    exact = (convention or settings.DUE_DATE_CONVENTION) == "exact_day"
    return date(year, month + 1, min(verified_on.day, last) if exact else last)


def rule_on(device_type_id: int, day: date) -> DeviceTypeRule | None:
    """The rule of a device type in force on that day (the verification's day, not today); None when there is none."""
    rules = DeviceTypeRule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    return rules.filter(device_type_id=device_type_id, valid_from__lte=day).order_by("-valid_from").first()
