"""Testing and medical laboratories: with the calibrating ones, 1,200 accredited laboratories (domain, section 1.2).

Their numbers are beyond those in use, so that they name nobody.
"""

from layers.demo.bodies import Bodies
from layers.demo.facts import Body, Fact
from layers.demo.recipe import pick
from layers.demo.scope_lines import Line, some, tests_of
from layers.demo.vocabulary import table

TESTING, TESTING_AOSC, MEDICAL, MEDICAL_AOSC = 600, 75, 170, 20
MEDICAL_NAMES = "Khoa Xét nghiệm – Bệnh viện {name}|Trung tâm Xét nghiệm {name}|Phòng xét nghiệm {name}"


def make_laboratories(bodies: Bodies) -> None:
    """Adds the laboratories with their accreditations, and some with a registration and a designation."""
    for number in range(TESTING):
        _testing(bodies, number)
    for number in range(TESTING_AOSC):
        body = bodies.add(_speciality(bodies)["names"])
        lines = some(bodies.rng, tests_of(fields="aosc_testing"), usual=12, most=30)
        bodies.accredit(body, "VLAT", f"VLAT-1.{9001 + number}", lines, authority="aosc")
    for number in range(MEDICAL):
        _medical(bodies, "VILAS Med", f"VILAS Med {901 + number}", "boa", "med_")
    for number in range(MEDICAL_AOSC):
        _medical(bodies, "VLAM", f"VLAM-1.{9001 + number}", "aosc", "aosc_medical")


def _testing(bodies: Bodies, number: int) -> None:
    speciality = _speciality(bodies)
    body = bodies.add(
        speciality["names"], org_type=pick(bodies.rng, ("enterprise", "enterprise", "public_service_unit"))
    )
    possible = [line for line in tests_of(speciality["groups"]) if line.field.startswith("vilas_")]
    lines = some(bodies.rng, possible, usual=18, most=60)
    bodies.accredit(body, "VILAS", f"VILAS {5301 + number}", lines)
    _by_a_ministry(bodies, number, body, speciality["authority"], lines)


def _by_a_ministry(bodies: Bodies, number: int, body: Body, authority: str, lines: list[Line]) -> None:
    """Three in ten are registered with their ministry; a third of these are designated, some by a province."""
    if number % 10 < 3:
        bodies.facts.add(body, Fact("registration", f"{number + 1}/TN-MH", authority), lines[:8])
    if number % 10 == 0:
        decided_by = authority if number % 50 else "provincial_committee"
        bodies.facts.add(body, Fact("designation", f"{number + 1}/QĐ-TN-MH", decided_by), lines[:5])


def _speciality(bodies: Bodies) -> dict[str, str]:
    rows = table("specialities")
    return rows[bodies.rng.choice(len(rows), p=[float(row["weight"]) for row in rows])]


def _medical(bodies: Bodies, scheme: str, number: str, authority: str, fields: str) -> None:
    """`fields` is what the names of the fields begin with."""
    body = bodies.add(MEDICAL_NAMES, org_type=pick(bodies.rng, ("public_service_unit", "enterprise")))
    possible = [line for line in tests_of() if line.field.startswith(fields)]
    lines = some(bodies.rng, possible, usual=16, most=40)
    bodies.accredit(body, scheme, number, lines, authority=authority)
