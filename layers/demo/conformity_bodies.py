"""Some 250 bodies that certify, inspect, compare laboratories or make reference materials."""

from collections.abc import Sequence
from dataclasses import replace

from layers.demo.bodies import Bodies
from layers.demo.facts import Body, Fact
from layers.demo.recipe import pick
from layers.demo.scope_lines import Line, conformity_lines, some, tests_of

CERTIFYING, CERTIFYING_VACI, INSPECTING, COMPARING, MAKING_REFERENCES = 90, 15, 105, 20, 20
CERTIFYING_NAMES = "Công ty Cổ phần Chứng nhận {name}|Trung tâm Chứng nhận Phù hợp {name}|Viện Chứng nhận {name}"
INSPECTING_NAMES = "Công ty Cổ phần Giám định {name}|Công ty TNHH Giám định {name}|Trung tâm Kiểm định An toàn {name}"
# What is accredited apart from the rest, under a suffix of the number, and how many in fifteen bodies have it.
CERTIFICATIONS = (
    ("QMS", ("cert_qms", "cert_ems", "cert_fsms", "cert_ohsms", "cert_isms", "cert_enms", "cert_mdqms"), 15),
    ("PRO", ("cert_product",), 9),
    ("PER", ("cert_person",), 1),
)


def make_conformity_bodies(bodies: Bodies) -> None:
    """Adds the bodies with their accreditations and registrations."""
    for number in range(CERTIFYING):
        _certifying(bodies, number)
    for number in range(CERTIFYING_VACI):
        body = bodies.add("Công ty TNHH Chứng nhận {name}")
        bodies.accredit(body, "VACAS", f"VACAS {901 + number}", _in_fields(("vaci_certification",)), authority="vaci")
    for number in range(INSPECTING):
        _inspecting(bodies, number)
    for number in range(COMPARING):
        _single(bodies, "Trung tâm Thử nghiệm thành thạo {name}", "VIPAS", number, tests_of(fields="pt_provider"))
    materials = tests_of(fields="rm_chemical rm_biological rm_pharmaceutical")
    for number in range(MAKING_REFERENCES):
        _single(bodies, "Trung tâm Mẫu chuẩn {name}", "VIRAS", number, materials)


def _certifying(bodies: Bodies, number: int) -> None:
    body = bodies.add(CERTIFYING_NAMES)
    for suffix, fields, in_fifteen in CERTIFICATIONS:
        if number % 15 < in_fifteen:
            lines = some(bodies.rng, _in_fields(fields), usual=6, most=14)
            bodies.accredit(body, "VICAS", f"VICAS {901 + number} - {suffix}", lines)
            _register(bodies, body, f"{number + 1}/CN-{suffix}-MH", lines)
    if number % 12 == 0:
        _register(bodies, body, f"{number + 1}/XN-MH", _in_fields(("validation_verification",)))


def _inspecting(bodies: Bodies, number: int) -> None:
    """Technical safety is registered as verification of goods; six in ten are registered."""
    body = bodies.add(INSPECTING_NAMES)
    possible = [line for line in conformity_lines() if line.field.startswith("insp_")]
    lines = some(bodies.rng, possible, usual=6, most=12)
    bodies.accredit(body, "VIAS", f"VIAS {901 + number}", lines)
    if number % 10 < 6:
        safety = [line for line in lines if line.field == "insp_technical_safety"]
        others = [line for line in lines if line not in safety]
        of_goods = [replace(line, activity="goods_verification") for line in safety]
        authority = pick(bodies.rng, ("most", "moit", "moc"))
        _register(bodies, body, f"{number + 1}/GĐ-MH", [*others, *of_goods], authority=authority)


def _register(bodies: Bodies, body: Body, number: str, lines: list[Line], *, authority: str = "most") -> None:
    bodies.facts.add(body, Fact("registration", number, authority), lines)


def _single(bodies: Bodies, names: str, scheme: str, number: int, possible: Sequence[Line]) -> None:
    body = bodies.add(names, org_type="public_service_unit")
    bodies.accredit(body, scheme, f"{scheme} {901 + number}", some(bodies.rng, possible, usual=5, most=10))


def _in_fields(fields: tuple[str, ...]) -> list[Line]:
    return [line for line in conformity_lines() if line.field in fields]
