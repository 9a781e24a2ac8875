"""Bodies that verify, calibrate and test measuring devices, in the numbers of 2025 (domain, section 1.2).

583 are registered, 399 of them designated, and 335 accredited for calibration, which counts them among the
1,200 accredited laboratories. The first of each province is its technical centre, designated for every type.
"""

from dataclasses import replace

from layers.demo.bodies import Bodies
from layers.demo.facts import Body, Fact
from layers.demo.organisations import seat_of
from layers.demo.scope_lines import Line, calibrations, some, verifications
from layers.models import DeviceType

REGISTERED, DESIGNATED = 583, 399
CALIBRATING, CALIBRATING_AOSC = 300, 35
NAMES = "Công ty TNHH Kiểm định Hiệu chuẩn {name}|Công ty Cổ phần Đo lường {name}|Trung tâm Kiểm định Đo lường {name}"
CENTRE = "Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng {province} (minh họa)"
CALIBRATION_FIELDS = ("cal_mass", "cal_length", "cal_volume_flow", "cal_pressure", "cal_temperature_humidity")
OTHER_CALIBRATIONS, LONGEST_CALIBRATIONS = 0.25, 25


def make_measuring_bodies(bodies: Bodies) -> None:
    """Adds the bodies with their registrations, designations and accreditations."""
    everything = verifications(dict(DeviceType.objects.values_list("code", "name_vi")))
    for number in range(REGISTERED):
        is_centre = number < len(bodies.desk.land.provinces)
        body = _centre(bodies, number) if is_centre else bodies.add(NAMES)
        verified = list(everything) if is_centre else some(bodies.rng, everything, usual=7, most=16)
        calibrated = _calibrations(bodies)
        _register(bodies, number, body, verified, calibrated)
        if number < DESIGNATED:
            bodies.facts.add(body, Fact("designation", f"QĐ-MH {number + 1}", "stameq"), verified)
        _accredit(bodies, number, body, calibrated)


def _centre(bodies: Bodies, number: int) -> Body:
    name = CENTRE.format(province=bodies.desk.land.provinces[number].name)
    return bodies.add(name, org_type="public_service_unit", seat=seat_of(bodies.desk, number))


def _calibrations(bodies: Bodies) -> list[Line]:
    """Two fields in full and something of others."""
    fields = bodies.rng.choice(CALIBRATION_FIELDS, size=2, replace=False)
    possible = [line for line in calibrations() if line.field.startswith("cal_")]
    mine = [line for line in possible if line.field in fields or bodies.rng.random() < OTHER_CALIBRATIONS]
    return mine[:LONGEST_CALIBRATIONS]


def _register(bodies: Bodies, number: int, body: Body, verified: list[Line], calibrated: list[Line]) -> None:
    """Registrations for measurement services have no end; one body in four also tests devices for approval."""
    tested = verified[:2] if number % 4 == 0 else []
    approval = [replace(line, activity="device_testing", test="Thử nghiệm phê duyệt mẫu") for line in tested]
    fact = Fact("registration", f"ĐK {4001 + number}", "stameq", life_days=None)
    bodies.facts.add(body, fact, [*verified, *calibrated[:6], *approval])


def _accredit(bodies: Bodies, number: int, body: Body, calibrated: list[Line]) -> None:
    if number < CALIBRATING:
        bodies.accredit(body, "VILAS", f"VILAS {5001 + number}", calibrated)
    elif number < CALIBRATING + CALIBRATING_AOSC:
        lines = [line for line in calibrations() if line.field == "aosc_calibration"]
        bodies.accredit(body, "VLAC", f"VLAC-1.{9001 + number}", lines, authority="aosc")
