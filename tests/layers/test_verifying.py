"""What entering a verification does to the device: all of it in one transaction, and agreeing with the events."""

from datetime import date, timedelta
from itertools import count

import pytest

from layers.models import MeasuringDevice, Qualification, ScopeLine, Verification
from layers.registers.device_status import device_status, standing_dates_differ
from layers.registers.verifying import NOT_DESIGNATED, record_verification, send_to_repair, stand

pytestmark = pytest.mark.django_db
numbers = count(1)


@pytest.fixture
def device() -> MeasuringDevice:
    """A valid fuel dispenser of the world."""
    found = MeasuringDevice.objects.filter(device_type__code="fuel_dispenser", voided_on__isnull=True)
    return found.filter(repaired_on__isnull=True, taken_out_on__isnull=True, verified_on__isnull=False)[0]


@pytest.fixture
def designated(device: MeasuringDevice) -> int:
    """A body with a designation for that type in force today."""
    lines = ScopeLine.objects.filter(device_type=device.device_type, qualification__kind="designation")
    lines = lines.filter(publish_state="approved_public", withdrawn_on=None, suspended_from=None)
    return lines.filter(valid_until__gte=date(2026, 11, 22)).values_list("qualification__organisation", flat=True)[0]


def verification(device: MeasuringDevice, body: int, day: date, **values: object) -> Verification:
    number = next(numbers)
    given = {"control_type": "periodic", "result": "pass", "certificate_no": f"T-{number}", **values}
    return Verification(
        device=device, body_id=body, verified_on=day, source_system="test", source_id=str(number), **given
    )


def status(device: MeasuringDevice, day: date) -> str:
    return MeasuringDevice.objects.annotate(now=device_status(day)).values_list("now", flat=True).get(pk=device.pk)


def agrees(device: MeasuringDevice, day: date) -> bool:
    return not standing_dates_differ(MeasuringDevice.objects.filter(pk=device.pk), day).exists()


def test_a_pass_gets_the_due_date_of_its_day_s_rule(device: MeasuringDevice, designated: int) -> None:
    day = date(2026, 11, 20)
    saved = record_verification(verification(device, designated, day))
    device.refresh_from_db()
    assert saved.valid_until == device.valid_until == date(2027, 11, 30)
    assert device.verified_on == day and status(device, day) == "valid" and agrees(device, day)
    assert saved.compliance_flag == ""


def test_the_date_on_the_evidence_wins(device: MeasuringDevice, designated: int) -> None:
    day, printed = date(2026, 11, 20), date(2027, 5, 1)
    record_verification(verification(device, designated, day, valid_until=printed))
    device.refresh_from_db()
    assert device.valid_until == printed


def test_a_failure_ends_the_standing_evidence_without_changing_its_dates(
    device: MeasuringDevice, designated: int
) -> None:
    day, before = date(2026, 11, 21), device.valid_until
    record_verification(verification(device, designated, day, result="fail", certificate_no=""))
    device.refresh_from_db()
    assert (device.voided_on, device.void_reason, device.valid_until) == (day, "defective", before)
    assert status(device, day) == "void" and agrees(device, day)
    assert status(device, day - timedelta(days=1)) != "void"


def test_a_repair_opens_a_hole_that_only_a_pass_after_repair_closes(device: MeasuringDevice, designated: int) -> None:
    broken, mended = date(2026, 11, 10), date(2026, 11, 20)
    send_to_repair(device, broken)
    assert status(device, broken) == "in_repair"
    record_verification(verification(device, designated, date(2026, 11, 15)))
    assert status(device, date(2026, 11, 15)) == "in_repair"
    saved = record_verification(verification(device, designated, mended, control_type="after_repair"))
    assert saved.repaired_on == broken and status(device, mended) == "valid"


def test_a_body_without_designation_is_kept_and_flagged(device: MeasuringDevice) -> None:
    designated_ones = Qualification.objects.filter(kind="designation").values("organisation")
    other = Qualification.objects.exclude(organisation__in=designated_ones).values_list("organisation", flat=True)[0]
    saved = record_verification(verification(device, other, date(2026, 11, 20)))
    assert saved.pk and saved.compliance_flag == NOT_DESIGNATED


def test_a_verification_of_tomorrow_is_refused_and_leaves_nothing(device: MeasuringDevice, designated: int) -> None:
    before = Verification.objects.count()
    with pytest.raises(ValueError, match="future"):
        record_verification(verification(device, designated, date(2026, 11, 23)))
    assert Verification.objects.count() == before


@pytest.mark.parametrize("result", ["pass", "fail"])
def test_a_calibration_has_no_end_needs_no_designation_and_changes_nothing_on_the_device(
    device: MeasuringDevice, result: str
) -> None:
    day, before = date(2026, 11, 20), MeasuringDevice.objects.filter(pk=device.pk).values().get()
    stranger = Qualification.objects.filter(kind="accreditation", scheme__code="VICAS").values_list("organisation")[0][
        0
    ]
    saved = record_verification(verification(device, stranger, day, control_type="calibration", result=result))
    assert (saved.valid_until, saved.compliance_flag) == (None, "")
    assert MeasuringDevice.objects.filter(pk=device.pk).values().get() == before and agrees(device, day)


def test_a_device_that_was_only_ever_calibrated_stays_never_verified(device: MeasuringDevice, designated: int) -> None:
    device.pk, device.source_id, device.serial_no = None, "test-calibrated", "T-CALIBRATED"
    device.verified_on = device.valid_until = None
    device.save(force_insert=True)
    Verification.objects.bulk_create([verification(device, designated, date(2026, 11, 1), control_type="calibration")])
    assert stand(MeasuringDevice.objects.filter(pk=device.pk)) == 0
    device.refresh_from_db()
    assert device.verified_on is None
