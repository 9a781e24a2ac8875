"""How far the demo's issuers have delivered their registers, and the formats of the demo's own numbers."""

from datetime import timedelta

from layers.demo.facts import Facts
from layers.demo.recipe import SOURCE_SYSTEM
from layers.demo.rows import Desk, Rows
from layers.models import Delivery, EvidenceRegister, NumberPattern

# Register, pattern of the number's key, what is left out when typing, an example.
PATTERNS = (
    ("measurement_designations", r"qdmh\d{1,5}", "QĐ-MH", "QĐ-MH 12"),
    ("conformity_registrations", r"\d{1,5}(tn|gd|xn|cn(qms|pro|per))mh", "", "12/TN-MH"),
    ("conformity_designations", r"\d{1,5}qdtnmh", "", "12/QĐ-TN-MH"),
    ("type_approvals", r"pdmmh\d{4}(19|20)\d\d", "PDM-MH", "PDM-MH 0012-2024"),
    ("verification_certificates", r"mhkd\d{1,9}", "MH-KĐ", "MH-KĐ 12"),
    ("verification_stickers", r"mht\d{1,9}", "MH-T", "MH-T 12"),
    ("measuring_devices", r"mh\d{8}", "MH", "MH00000012"),
    ("calibration_certificates", r"mhhc\d{1,6}", "MH-HC", "MH-HC 12"),
    ("test_reports", r"mhtn\d{1,6}", "MH-TN", "MH-TN 12"),
)
# Which authority delivers which register, and whether its part is declared complete.
OF_AUTHORITIES = (
    *(("boa_accreditations", "boa", True), ("aosc_accreditations", "aosc", False)),
    *(("vaci_accreditations", "vaci", False), ("measurement_registrations", "stameq", True)),
    *(("measurement_designations", "stameq", True), ("type_approvals", "stameq", True)),
    *(("conformity_registrations", name, False) for name in ("most", "moit", "moc")),
    *(("conformity_designations", name, False) for name in ("mae", "moh", "moit", "provincial_committee")),
)
# Registers that are delivered whole: numbers of accreditations can be told never to have been issued, for no register
# remains that one might stand in.
WHOLE = (
    *("boa_accreditations", "verification_certificates", "verification_stickers", "measuring_devices"),
    *("calibration_certificates", "test_reports"),
)
OF_VERIFIERS = ("verification_certificates", "verification_stickers")
OF_LABORATORIES = ("calibration_certificates", "test_reports")
MOST_DAYS_LATE = 21


def deliveries(desk: Desk, facts: Facts) -> Rows:
    """A row for each issuer and register; provinces deliver their devices, bodies what they issue."""
    rng, rows = desk.recipe.rng("deliveries"), Rows(Delivery, desk.first_ids[Delivery])
    registers = dict(EvidenceRegister.objects.values_list("code", "id"))
    verifiers = sorted({item.organisation for item in facts.designations})
    issuers = [(code, {"authority_id": facts.authority(name)}, complete) for code, name, complete in OF_AUTHORITIES]
    issuers += [(code, {"body_id": body}, False) for code in OF_VERIFIERS for body in verifiers]
    issuers += [(code, {"body_id": body}, False) for code in OF_LABORATORIES for body in verifiers[:40]]
    issuers += [("measuring_devices", {"body_id": int(keeper)}, False) for keeper in desk.keepers]
    issuers += [(code, {}, True) for code in WHOLE]
    for code, issuer, complete in issuers:
        day = desk.day - timedelta(days=int(rng.integers(0, MOST_DAYS_LATE)))
        who = {"authority_id": None, "body_id": None, **issuer}
        rows.add(register_id=registers[code], **who, delivered_up_to=day, complete=complete)
    return Rows(Delivery, rows.first_id, rows=[_without_source_id(row) for row in rows.rows])


def _without_source_id(row: dict[str, object]) -> dict[str, object]:
    """A delivery is no record of a register: it has an origin, and no number there."""
    return {name: value for name, value in row.items() if name != "source_id"} | {"source_system": SOURCE_SYSTEM}


def put_patterns() -> None:
    """The formats of the demo's numbers, in place of those of an earlier load."""
    NumberPattern.objects.filter(source_system=SOURCE_SYSTEM).delete()
    registers = {item.code: item for item in EvidenceRegister.objects.all()}
    about = {"certainty": "demo", "source": SOURCE_SYSTEM, "source_system": SOURCE_SYSTEM}
    NumberPattern.objects.bulk_create(
        NumberPattern(register=registers[code], pattern=pattern, prefix=prefix, example=example, **about)
        for code, pattern, prefix, example in PATTERNS
    )
