"""The legal state of a measuring device on a day: an expression over dates, never stored (domain, section 2.4)."""

from datetime import date, timedelta

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from geodata.language import both
from layers.codes import Code, FixedCodes
from layers.registers.verifications import Verification

DEVICE_STATUSES = FixedCodes(
    "device_status",
    (
        Code("valid", both("Còn hiệu lực", "Valid"), "valid", "✓"),
        Code("due_soon", both("Sắp đến hạn", "Due soon"), "due_soon", "◔"),
        Code(
            "overdue",
            both("Chưa thấy kiểm định còn hiệu lực", "No verification in force on record"),
            "overdue",
            "!",
        ),
        Code("void", both("Mất hiệu lực", "No longer in force"), "void", "×"),
        Code("in_repair", both("Đang sửa chữa", "In repair"), "in_repair", "S"),
        Code("out_of_use", both("Ngừng sử dụng", "Out of use"), "out_of_use", "N"),
        Code("no_periodic", both("Không kiểm định định kỳ", "No periodic verification"), "no_periodic", "K"),
        Code("unknown", both("Chưa rõ", "Unknown"), "unknown", "○"),
    ),
)


def status_rules(day: date, *, replayed: bool = False) -> list[tuple[str, Q]]:
    """Each status with its condition on the row's dates, the first that holds deciding.

    The dates of the verification are the row's own, or with `replayed` those that `replay_verifications` put beside
    them.
    """
    prefix = "replayed_" if replayed else ""
    soon = day + timedelta(days=settings.DUE_SOON_DAYS)
    verified, until = f"{prefix}verified_on", f"{prefix}valid_until"
    return [
        ("out_of_use", Q(taken_out_on__lte=day)),
        ("in_repair", _in_repair(day, prefix)),
        ("void", Q(**{f"{prefix}voided_on__lte": day})),
        ("no_periodic", Q(no_periodic=True)),
        (
            "unknown",
            Q(**{f"{verified}__isnull": True}) | Q(**{f"{verified}__gt": day}) | Q(**{f"{until}__isnull": True}),
        ),
        ("overdue", Q(**{f"{until}__lt": day})),
        ("due_soon", Q(**{f"{until}__lte": soon})),
    ]


def turning_status(day: date) -> Q:
    """The devices whose status may differ on `day` from the day before: those with a date that `status_rules` meets."""
    begun = Q(taken_out_on=day) | Q(repaired_on=day) | Q(voided_on=day) | Q(verified_on=day)
    ended = Q(valid_until=day - timedelta(days=1)) | Q(valid_until=day + timedelta(days=settings.DUE_SOON_DAYS))
    return begun | ended


def _in_repair(day: date, prefix: str) -> Q:
    standing = Q(repaired_on__lte=day)
    if not prefix:
        return standing
    return standing | Q(Exists(_verifications(repaired_on__lte=day, verified_on__gt=day)))


def device_status(day: date, *, replayed: bool = False) -> Case:
    """The status of a device row on `day` as an expression giving one of DEVICE_STATUSES."""
    whens = [When(condition, then=Value(code)) for code, condition in status_rules(day, replayed=replayed)]
    return Case(*whens, default=Value("valid"), output_field=CharField())


def replay_verifications(devices: QuerySet, day: date) -> QuerySet:
    """The devices with the dates that stood on `day`, as `replayed_verified_on`, `…_valid_until`, `…_voided_on`.

    They are those of the last pass up to that day. For the day of the map the row's own dates say the same.
    """
    last = _last_pass(day)
    names = ("verified_on", "valid_until", "voided_on")
    return devices.annotate(
        **{f"replayed_{name}": Subquery(last.values(name)[:1], output_field=DateField()) for name in names}
    )


def verifying_body(day: date) -> Subquery:
    """The name of who verified a device last by that day, as an expression; NULL where nobody did."""
    return Subquery(_last_pass(day).values("body__name_vi")[:1], output_field=CharField())


def _last_pass(day: date) -> QuerySet:
    passes = _verifications(result="pass", verified_on__lte=day).exclude(control_type="calibration")
    return passes.order_by("-verified_on", "-id")


def _verifications(**conditions: object) -> QuerySet:
    return Verification.objects.filter(device=OuterRef("pk"), **conditions)


def standing_dates_differ(devices: QuerySet, day: date) -> QuerySet:
    """Devices whose row does not repeat what their verifications say on `day`; empty when all agree."""
    differs = Q()
    for name in ("verified_on", "valid_until", "voided_on"):
        differs |= ~Q(**{f"replayed_{name}": F(name)}) & ~(
            Q(**{f"replayed_{name}__isnull": True, f"{name}__isnull": True})
        )
    return replay_verifications(devices, day).filter(differs)
