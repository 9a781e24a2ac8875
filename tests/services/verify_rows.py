"""Rows that tests of the check commit: copies of the world's, with numbers, dates and owners of their own."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import count

from django.db.models import Model

from layers.models import DeviceType, MeasuringDevice, Organisation, Qualification, ScopeLine, Verification
from layers.registers.base import PUBLIC

DAY = date(2026, 11, 22)
_NUMBERS: Iterator[int] = count(1)
Save = Callable[[Model], Model]


def own(**more: object) -> dict[str, object]:
    """Origin and publication of a row of the tests, published unless told otherwise."""
    origin = {"pk": None, "source_system": "test", "source_id": f"verify-{next(_NUMBERS)}"}
    return {**origin, "publish_state": PUBLIC, "published_at": "2026-01-01T08:00:00+07:00", **more}


def changed(row: Model, **values: object) -> Model:
    """The row with other values, as a new one."""
    for name, value in own(**values).items():
        setattr(row, name, value)
    row._state.adding = True
    return row


def a_body(save: Save, name: str = "Trung tâm Kiểm định Số Một", **values: object) -> Organisation:
    body = Organisation.objects.filter(org_type="enterprise")[0]
    return save(changed(body, name_vi=name, name_en="", tax_code="", **values))  # type: ignore[return-value]


def a_device(save: Save, serial: str, *, type_code: str = "fuel_dispenser", **values: object) -> MeasuringDevice:
    """A published device in use, never verified."""
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC)[0]
    nothing = dict.fromkeys(("verified_on", "valid_until", "voided_on", "repaired_on", "taken_out_on"))
    kind = DeviceType.objects.get(code=type_code)
    fresh = {**nothing, "void_reason": "", "no_periodic": False, "device_type": kind, "management_code": ""}
    return save(changed(device, serial_no=serial, **{**fresh, **values}))  # type: ignore[return-value]


def a_pass(save: Save, device: MeasuringDevice, body: Organisation, **values: object) -> Verification:
    """A pass of 1 March 2026, in force to the end of March 2027 unless told otherwise."""
    given = {
        "control_type": "periodic",
        "result": "pass",
        "verified_on": date(2026, 3, 1),
        "valid_until": date(2027, 3, 31),
        "stamp_kind": "1",
        **values,
    }
    return save(changed(Verification(device=device, body=body), **given))  # type: ignore[return-value]


def a_qualification(save: Save, number: str, body: Organisation, **values: object) -> Qualification:
    """A designation of 2024 to 2028 by the national committee, without lines."""
    given = {
        "kind": "designation",
        "scheme": None,
        "standard": None,
        "ilac_mra": False,
        "issued_on": date(2024, 1, 1),
        "valid_from": date(2024, 1, 1),
        "valid_until": date(2028, 12, 31),
        **values,
    }
    row = Qualification.objects.filter(kind=given["kind"]).select_related("authority")[0]
    return save(changed(row, number=number, organisation=body, **given))  # type: ignore[return-value]


def a_line(save: Save, header: Qualification, text: str, **values: object) -> ScopeLine:
    """A line of that qualification that says this, as long in force as it."""
    line = ScopeLine.objects.filter(pending=False)[0]
    plain = dict.fromkeys(("suspended_from", "suspended_until", "withdrawn_on", "device_type", "field"))
    dates = {"valid_from": header.valid_from, "valid_until": header.valid_until}
    given = {
        "activity": "testing",
        "product": text,
        "test": "",
        "method": "",
        "pending": False,
        **plain,
        **dates,
        **values,
    }
    return save(changed(line, qualification=header, **given))  # type: ignore[return-value]
