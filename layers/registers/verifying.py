"""Entering a verification: the record, what it does to earlier evidence, and the dates on the device, in one step."""

from datetime import date

from django.db import transaction
from django.db.models import CharField, DateField, OuterRef, Q, QuerySet, Subquery

from layers.registers.base import PUBLIC
from layers.registers.devices import MeasuringDevice
from layers.registers.map_day import MapDay
from layers.registers.qualifications import ScopeLine
from layers.registers.verifications import Verification, due_date, rule_on

NOT_DESIGNATED = "not_designated"
CALIBRATION = "calibration"
DATES = ("verified_on", "valid_until", "voided_on")


@transaction.atomic
def record_verification(verification: Verification) -> Verification:
    """Saves a new verification and brings the device's dates into line with it (domain, sections 2.3 to 2.5).

    A pass without a date on its evidence gets the rule's due date; a failure ends the standing evidence on that
    day as defective. A body that was not designated for the type on that day is kept and flagged. A calibration needs
    no designation, has no statutory end and changes nothing on the device.
    Raises ValueError for a day that the map has not reached yet.
    """
    if verification.verified_on > MapDay.objects.get().day:
        raise ValueError("a verification cannot lie in the future")
    device = MeasuringDevice.objects.select_for_update().get(pk=verification.device_id)
    if verification.control_type == CALIBRATION:
        verification.save(force_insert=True)
        return verification
    if not _designated(verification.body_id, device.device_type_id, verification.verified_on):
        verification.compliance_flag = NOT_DESIGNATED
    if verification.result == "pass":
        _complete_pass(verification, device)
    verification.save(force_insert=True)
    if verification.result == "fail":
        _void_standing(device, verification.verified_on)
    stand(MeasuringDevice.objects.filter(pk=device.pk))
    return verification


@transaction.atomic
def send_to_repair(device: MeasuringDevice, day: date) -> None:
    """From `day` on the device may not be used, until it passes a verification after repair."""
    MeasuringDevice.objects.filter(pk=device.pk).update(repaired_on=day)


def stand(devices: QuerySet) -> int:
    """Writes the dates of each device's last pass on its row, set-based; gives the number of rows.

    Part of the transaction that changes verifications, so that a status is always an expression over one row.
    """
    passes = Verification.objects.filter(result="pass").exclude(control_type=CALIBRATION)
    last = passes.filter(device=OuterRef("pk")).order_by("-verified_on", "-id")
    dates = {name: Subquery(last.values(name)[:1], output_field=DateField()) for name in DATES}
    reason = Subquery(last.values("void_reason")[:1], output_field=CharField())
    return devices.filter(pk__in=passes.values("device")).update(**dates, void_reason=reason)


def _complete_pass(verification: Verification, device: MeasuringDevice) -> None:
    rule = rule_on(device.device_type_id, verification.verified_on)
    if verification.valid_until is None and rule is not None:
        verification.valid_until = due_date(verification.verified_on, rule.cycle_months)
    repaired = device.repaired_on and device.repaired_on <= verification.verified_on
    if verification.control_type == "after_repair" and repaired:
        verification.repaired_on = device.repaired_on
        MeasuringDevice.objects.filter(pk=device.pk).update(repaired_on=None)


def _void_standing(device: MeasuringDevice, day: date) -> None:
    passes = Verification.objects.filter(device=device, result="pass", verified_on__lte=day, voided_on__isnull=True)
    standing = passes.exclude(control_type=CALIBRATION).order_by("-verified_on", "-id").values("pk")[:1]
    Verification.objects.filter(pk__in=standing).update(voided_on=day, void_reason="defective")


def _designated(body: int, device_type: int, day: date) -> bool:
    """Whether the body had a designation for this type in force on that day, at any of its places."""
    in_force = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day)
    in_force &= Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    suspended = Q(suspended_from__lte=day) & (Q(suspended_until__isnull=True) | Q(suspended_until__gte=day))
    lines = ScopeLine.objects.filter(in_force, valid_from__lte=day, publish_state=PUBLIC, device_type=device_type)
    lines = lines.filter(qualification__organisation=body, qualification__kind="designation")
    return lines.exclude(suspended).exists()
