"""The bodies, numbers, devices and shops that the thirty tasks are about, around one point in Hanoi.

What is right to answer was written first (`tests/data/visitor_tasks.csv`). These rows are made so that a plausible
wrong answer stands nearer: who is accredited only, registered only, suspended, lapsed or withdrawn is always closer
than who may do it by law.
"""

from collections.abc import Callable
from datetime import date

from django.contrib.gis.geos import Point
from django.db.models import Model

from geodata.models import AdministrativeUnit
from geodata.text import search_key
from layers.models import (
    DeviceType,
    InspectionSite,
    MeasuringDevice,
    Organisation,
    PlaceOfActivity,
    Qualification,
    Scheme,
    ScopeLine,
    Standard,
)
from layers.registers.base import PUBLIC
from layers.registers.verifying import stand
from tests.services.verify_rows import a_device, a_pass, changed, own

Save = Callable[[Model], Model]
LON, LAT = 105.85, 21.03
BEGUN, UNTIL, LAPSED = date(2024, 1, 1), date(2028, 12, 31), date(2026, 11, 21)
METRES_PER_DEGREE = 111_000
STATION = "Cửa hàng xăng dầu Số Tám Tám (minh họa)"


def stage(save: Save) -> None:
    """Commits everything that the tasks are about."""
    _verifiers_of_truck_scales(save)
    _laboratories(save)
    _calibrators(save)
    _standings(save)
    _papers_of_devices(save)
    _filling_station(save)
    _merged_province(save)


def _verifiers_of_truck_scales(save: Save) -> None:
    """Only the last, the farthest, may verify: accreditation, registration, and what is suspended or over, do not."""
    accredited = _place(save, "Phòng Hiệu chuẩn Hồng Hà (minh họa)", 100)
    _line(save, _accreditation(save, accredited, "VILAS 8801"), accredited, **_CALIBRATES_TRUCK_SCALES)
    registered = _place(save, "Công ty Cân Hồng Vân (minh họa)", 150, comes=True)
    _line(save, _fact(save, registered, "registration", "ĐK 8802", until=None), registered, **_verifies_truck_scales())
    suspended = _place(save, "Trung tâm Kiểm định Tây Hồ (minh họa)", 200, comes=True)
    of_suspended = {"suspended_from": date(2026, 10, 1), "suspended_until": date(2027, 3, 31)}
    fact = _fact(save, suspended, "designation", "8803/QĐ-TĐC")
    _line(save, fact, suspended, **_verifies_truck_scales(), **of_suspended)
    lapsed = _place(save, "Trung tâm Kiểm định Ba Vì (minh họa)", 250, comes=True)
    fact = _fact(save, lapsed, "designation", "8804/QĐ-TĐC", until=LAPSED)
    _line(save, fact, lapsed, **_verifies_truck_scales())
    designated = _place(save, "Trung tâm Kiểm định Sông Đáy (minh họa)", 600, comes=True)
    fact = _fact(save, designated, "designation", "8805/QĐ-TĐC")
    _line(save, fact, designated, **_verifies_truck_scales())
    _line(save, fact, designated, **_verifies("fuel_dispenser", "Cột đo xăng dầu"))


def _laboratories(save: Save) -> None:
    withdrawn = _place(save, "Phòng Thử nghiệm Yên Sở (minh họa)", 50)
    fact = _accreditation(save, withdrawn, "VILAS 8811")
    _line(save, fact, withdrawn, **_LEAD_IN_WATER, withdrawn_on=date(2026, 6, 30))
    in_part = _place(save, "Phòng Thử nghiệm Kim Ngưu (minh họa)", 120)
    fact = _accreditation(save, in_part, "VILAS 8812")
    _line(save, fact, in_part, **_LEAD_IN_WATER)
    _line(save, fact, in_part, **_tests("Gạo", "Hàm lượng cadimi (Cd)"), suspended_from=date(2026, 9, 15))
    coarse = _place(save, "Phòng Thử nghiệm Thanh Trì (minh họa)", 130)
    fact = _accreditation(save, coarse, "VILAS 8813")
    _line(save, fact, coarse, **_tests("Tôm", "Chloramphenicol", lod=0.3, loq=1.0, unit="µg/kg"))
    fine = _place(save, "Phòng Thử nghiệm Gia Lâm (minh họa)", 700)
    fact = _accreditation(save, fine, "VILAS 8814")
    _line(save, fact, fine, **_tests("Tôm", "Chloramphenicol", lod=0.03, loq=0.1, unit="µg/kg"))
    _line(save, fact, fine, **_tests("Tôm", "Sudan I"), method="TCVN 98765:2026")


def _calibrators(save: Save) -> None:
    small = _place(save, "Phòng Hiệu chuẩn Cầu Giấy (minh họa)", 160)
    fact = _accreditation(save, small, "VILAS 8821")
    _line(save, fact, small, **_calibrates("Cân bàn điện tử", 100, "kg"))
    large = _place(save, "Phòng Hiệu chuẩn Long Biên (minh họa)", 320)
    fact = _accreditation(save, large, "VILAS 8822")
    _line(save, fact, large, **_calibrates("Cân bàn điện tử", 200, "kg"))


def _standings(save: Save) -> None:
    """One number of each state, and one body whose three facts stand differently."""
    states = (
        ("VILAS 8831", "Phòng Thử nghiệm Đống Đa (minh họa)", {}, date(2026, 8, 31)),
        ("VILAS 8832", "Phòng Thử nghiệm Hoàng Mai (minh họa)", {"suspended_from": date(2026, 10, 5)}, None),
        ("VILAS 8833", "Phòng Thử nghiệm Từ Liêm (minh họa)", {"withdrawn_on": date(2026, 7, 1)}, None),
        ("VILAS 8834", "Phòng Thử nghiệm Ba Đình (minh họa)", {}, None),
    )
    for metres, (number, name, state, until) in enumerate(states, start=900):
        place = _place(save, name, metres)
        fact = _accreditation(save, place, number, until=until or UNTIL)
        _line(save, fact, place, **_tests("Nước thải", "Độ pH"), **state)
    three = _place(save, "Trung tâm Đo lường Ba Căn Cứ (minh họa)", 1000)
    _line(save, _fact(save, three, "registration", "ĐK 8835", until=None), three, **_verifies("taximeter", "Taximet"))
    fact = _fact(save, three, "designation", "8836/QĐ-TĐC", until=date(2026, 5, 31))
    _line(save, fact, three, **_verifies("taximeter", "Taximet"))
    _line(save, _accreditation(save, three, "VILAS 8837"), three, **_calibrates("Cân bàn điện tử", 60, "kg"))


def _papers_of_devices(save: Save) -> None:
    body, other = (_organisation(save, f"Tổ chức Kiểm định {name} (minh họa)") for name in ("Một", "Hai"))
    household = _organisation(save, "Hộ kinh doanh Kín Đáo (minh họa)", org_type="household_business")
    of_household = _device(save, "HKD-8840", "spring_dial_scale", owner=household, publish_state="internal")
    _passed(save, of_household, body, sticker_serial="TEM-8840", valid_until=date(2027, 9, 30))
    last_day = _device(save, "SX-8841", "fuel_dispenser")
    _passed(save, last_day, body, sticker_serial="TEM-8841", valid_until=date(2026, 11, 22))
    for one, serial in ((body, "SX-8842"), (other, "SX-8843")):
        _passed(save, _device(save, serial, "fuel_dispenser"), one, certificate_no="KĐ-8842/2026")
    calibrated = _device(save, "SX-8844", "table_platform_hanging_scale")
    nothing = {"valid_until": None, "stamp_kind": ""}
    _passed(save, calibrated, body, certificate_no="HC-8844/2026", control_type="calibration", **nothing)


def _filling_station(save: Save) -> None:
    site = InspectionSite.objects.filter(publish_state=PUBLIC, site_kind="fuel_station")[0]
    named = {
        "name": STATION,
        "name_en": "",
        "address": "88 phố Thử Nghiệm",
        "operator": "",
        "search_key": search_key(STATION),
    }
    seen = {"last_result": "", "last_checked": None, "latest_result": "", "latest_checked": None}
    site = save(changed(site, **named, owner=None, **_at(1500), **seen))  # type: ignore[assignment]
    body = Organisation.objects.get(name_vi="Trung tâm Kiểm định Sông Đáy (minh họa)")
    for serial, until in (("SX-8851", date(2027, 5, 31)), ("SX-8852", date(2026, 10, 31))):
        pump = _device(save, serial, "fuel_dispenser", site=site, **_at(1500))
        _passed(save, pump, body, sticker_serial=serial.replace("SX", "TEM"), valid_until=until)


def _merged_province(save: Save) -> None:
    """A laboratory whose old papers say Bac Giang: since 1 July 2025 it lies in Bac Ninh, which took the code 24."""
    commune = AdministrativeUnit.objects.filter(level="commune", parent__key="province:24", valid_to=None).order_by(
        "id"
    )[0]
    where = {"province_id": commune.parent_id, "commune": commune, "geom": commune.label_point}
    old = "Số 5 đường Xương Giang, thành phố Bắc Giang, tỉnh Bắc Giang"
    place = _place(save, "Phòng Thử nghiệm Xương Giang (minh họa)", 0, legacy_address=old, **where)
    _line(save, _accreditation(save, place, "VILAS 8861"), place, **_tests("Vải thiều", "Dư lượng carbendazim"))


def _place(save: Save, name: str, metres: float, *, comes: bool = False, **values: object) -> PlaceOfActivity:
    """A place of activity of an organisation of the same name, so far to the north of the point."""
    organisation = _organisation(save, name)
    given = {**_at(metres), "name": name, "address": "Số 8 phố Thử Nghiệm", "on_site_service": comes, **values}
    given["search_key"] = search_key(f"{name} {given['address']}")
    return save(PlaceOfActivity(organisation=organisation, **own(**given)))  # type: ignore[return-value]


def _organisation(save: Save, name: str, org_type: str = "enterprise") -> Organisation:
    return save(Organisation(name_vi=name, org_type=org_type, **own()))  # type: ignore[return-value]


def _accreditation(
    save: Save, place: PlaceOfActivity, number: str, until: date | None = date(2028, 12, 31)
) -> Qualification:
    scheme = Scheme.objects.get(code="VILAS")
    standard = Standard.objects.get(code="iso_iec_17025")
    more = {"scheme": scheme, "standard": standard, "edition": "2017", "authority_id": scheme.authority_id}
    return _fact(save, place, "accreditation", number, until=until, **more)


def _fact(
    save: Save,
    place: PlaceOfActivity,
    kind: str,
    number: str,
    until: date | None = date(2028, 12, 31),
    **values: object,
) -> Qualification:
    dates = {"issued_on": BEGUN, "valid_from": BEGUN, "valid_until": until}
    authority = Qualification.objects.filter(kind=kind).values_list("authority_id", flat=True)[0]
    given = {"kind": kind, "number": number, "authority_id": authority, **dates, **values}
    return save(Qualification(organisation=place.organisation, **own(**given)))  # type: ignore[return-value]


def _line(save: Save, fact: Qualification, place: PlaceOfActivity, **values: object) -> ScopeLine:
    dates = {"valid_from": fact.valid_from, "valid_until": fact.valid_until}
    return save(ScopeLine(qualification=fact, place=place, **own(**{**dates, **values})))  # type: ignore[return-value]


def _verifies(code: str, product: str) -> dict[str, object]:
    kind = DeviceType.objects.get(code=code)
    test = "Kiểm định ban đầu, định kỳ, sau sửa chữa"
    return {"activity": "device_verification", "device_type": kind, "product": product, "test": test}


def _calibrates(product: str, most: float, unit: str) -> dict[str, object]:
    test = "Độ chính xác chỉ thị"
    numbers = {"range_text": f"0–{most:g} {unit}", "range_min": 0, "range_max": most, "unit": unit}
    return {"activity": "calibration", "product": product, "test": test, "method": "ĐLVN 285:2015", **numbers}


def _tests(product: str, test: str, **numbers: object) -> dict[str, object]:
    return {"activity": "testing", "product": product, "test": test, **numbers}


_CALIBRATES_TRUCK_SCALES = _calibrates("Cân ô tô", 80, "t")
_LEAD_IN_WATER = _tests("Nước sạch", "Hàm lượng chì (Pb)")


def _verifies_truck_scales() -> dict[str, object]:
    numbers = {"range_text": "0,4–80 t", "range_min": 0.4, "range_max": 80, "unit": "t"}
    return {**_verifies("truck_scale", "Cân ô tô"), **numbers}


def _device(save: Save, serial: str, type_code: str, **values: object) -> MeasuringDevice:
    """A device of an enterprise, in the point's commune unless told otherwise."""
    site = InspectionSite.objects.filter(publish_state=PUBLIC)[0]
    given = {"site": site, **_at(1600), "owner": None, **values}
    return a_device(save, serial, type_code=type_code, **given)


def _passed(save: Save, device: MeasuringDevice, body: Organisation, **values: object) -> None:
    """Its last verification, or a calibration, of 1 March 2026, noted on the device as when it is entered."""
    a_pass(save, device, body, **{"verified_on": date(2026, 3, 1), **values})
    stand(MeasuringDevice.objects.filter(pk=device.pk))


def _at(metres: float) -> dict[str, object]:
    """A position so far to the north of the point, with the province and commune in which it lies."""
    point = Point(LON, LAT + metres / METRES_PER_DEGREE, srid=4326)
    commune = AdministrativeUnit.objects.get(level="commune", valid_to=None, geom__contains=point)
    return {"geom": point, "geom_accuracy": "surveyed", "province_id": commune.parent_id, "commune": commune}
