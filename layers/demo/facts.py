"""Registrations, designations and accreditations with what became of them: most in force, some not."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from layers.demo.land import Commune
from layers.demo.rows import Desk, Rows
from layers.demo.scope_lines import Line, columns
from layers.models import AccreditationField, Authority, DeviceType, Qualification, Scheme, ScopeLine, Standard

FATES = (
    *(("active", 0.80), ("expired", 0.07), ("withdrawn", 0.03), ("suspended", 0.03)),
    *(("reduced", 0.05), ("pending", 0.02)),
)
FIVE_YEARS, THREE_YEARS, SIX_MONTHS = 1826, 1095, 183
EXTENSION_ASKED = 0.012

# Standard and edition that an activity is assessed by; medical laboratories had until 2025 to move to the newer one.
STANDARDS = {
    "testing": ("iso_iec_17025", "2017"),
    "calibration": ("iso_iec_17025", "2017"),
    "medical_examination": ("iso_15189", "2022"),
    "inspection": ("iso_iec_17020", "2012"),
    "system_certification": ("iso_iec_17021_1", "2015"),
    "product_certification": ("iso_iec_17065", "2012"),
    "person_certification": ("iso_iec_17024", "2012"),
    "validation_verification": ("iso_iec_17029", "2019"),
    "proficiency_testing": ("iso_iec_17043", "2023"),
    "reference_material": ("iso_17034", "2016"),
}


@dataclass(frozen=True)
class Body:
    """An organisation with its places of activity, the first one its seat."""

    organisation: int
    places: tuple[int, ...]
    communes: tuple[Commune, ...]
    public: bool = True


@dataclass(frozen=True)
class Fact:
    """What kind of legal fact, by whom, under which number. `scheme` for accreditations only."""

    kind: str
    number: str
    authority: str
    scheme: str = ""
    life_days: int | None = FIVE_YEARS


@dataclass(frozen=True)
class Designation:
    """A designation that verifications may refer to, in force between the two days."""

    id: int
    organisation: int
    province: int
    device_types: frozenset[str]
    valid_from: date
    valid_until: date


@dataclass(frozen=True)
class Dates:
    """When a fact and its lines hold; the same names as the columns."""

    issued_on: date
    valid_until: date | None
    withdrawn_on: date | None = None
    suspended_from: date | None = None
    suspended_until: date | None = None


@dataclass
class Facts:
    """Qualifications and scope lines as they are made, and the designations for verification among them."""

    desk: Desk
    rng: np.random.Generator
    qualifications: Rows = field(init=False)
    lines: Rows = field(init=False)
    designations: list[Designation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.qualifications = self.desk.rows(Qualification, legal_basis="")
        self.lines = self.desk.rows(ScopeLine)
        self._authorities = dict(Authority.objects.values_list("code", "id"))
        self._schemes = dict(Scheme.objects.values_list("code", "id"))
        self._standards = dict(Standard.objects.values_list("code", "id"))
        self._types = dict(DeviceType.objects.values_list("code", "id"))
        self._fields = {row.code: row for row in AccreditationField.objects.all()}

    def add(self, body: Body, fact: Fact, lines: list[Line]) -> None:
        """Adds a fact about a body, its fate drawn, its lines spread over the body's places."""
        lines = [self._active(line) for line in lines]
        fate = self._fate(fact)
        dates = self._dates(fate, fact.life_days)
        qualification = self._qualification(body, fact, lines, dates, public=body.public and fate != "pending")
        for number, line in enumerate(lines):
            when = self._dates_of_line(number, len(lines), fate, dates)
            self._line(body, qualification, line, when, pending=self._is_pending(fact, fate))
        self._remember(qualification, body, fact, lines, dates, fate=fate)

    def authority(self, code: str) -> int:
        """The id of the authority with this code."""
        return self._authorities[code]

    def _active(self, line: Line) -> Line:
        """The line with its field's activity where it names none."""
        if line.activity:
            return line
        return replace(line, activity=self._fields[line.field].activity)

    def _fate(self, fact: Fact) -> str:
        names, chances = zip(*FATES, strict=True)
        fate = str(self.rng.choice(names, p=chances))
        return "active" if fate == "expired" and fact.life_days is None else fate

    def _dates(self, fate: str, life_days: int | None) -> Dates:
        life = life_days or 8 * 365
        age = int(self.rng.integers(40, life - 30))
        if fate == "expired":
            age = life + int(self.rng.integers(1, 500))
        if fate == "pending":
            age = int(self.rng.integers(1, 40))
        issued_on = self._ago(age)
        until = issued_on + timedelta(days=life_days) if life_days else None
        if fate == "withdrawn":
            return Dates(issued_on, until, withdrawn_on=self._ago(int(self.rng.integers(0, age - 20))))
        if fate == "suspended":
            return self._suspended(issued_on, until, age)
        return Dates(issued_on, until)

    def _suspended(self, issued_on: date, until: date | None, age: int) -> Dates:
        since = self._ago(int(self.rng.integers(0, min(150, age - 20))))
        ends = None if self.rng.random() < 0.4 else self.desk.day + timedelta(days=int(self.rng.integers(5, 180)))
        return Dates(issued_on, until, suspended_from=since, suspended_until=ends)

    def _dates_of_line(self, number: int, count: int, fate: str, dates: Dates) -> Dates:
        """A reduced fact has every third line suspended; the others of a fact share its dates."""
        if fate != "reduced" or number % 3 or count == 1:
            return dates
        age = (self.desk.day - dates.issued_on).days
        return self._suspended(dates.issued_on, dates.valid_until, age)

    def _ago(self, days: int) -> date:
        return self.desk.day - timedelta(days=days)

    def _qualification(self, body: Body, fact: Fact, lines: list[Line], dates: Dates, *, public: bool) -> int:
        standard, edition = self._standard(fact, lines, dates)
        return self.qualifications.add(
            **self.desk.record(body.communes[0], public=public, published_on=max(dates.issued_on, self._ago(900))),
            organisation_id=body.organisation,
            kind=fact.kind,
            number=fact.number,
            issued_on=dates.issued_on,
            valid_from=dates.issued_on,
            valid_until=dates.valid_until,
            authority_id=self._authorities[fact.authority],
            scheme_id=self._schemes[fact.scheme] if fact.scheme else None,
            standard_id=self._standards[standard] if standard else None,
            edition=edition,
            blocked_until=dates.withdrawn_on + timedelta(days=SIX_MONTHS) if dates.withdrawn_on else None,
            ilac_mra=fact.authority in ("boa", "aosc") and fact.kind == "accreditation",
        )

    def _standard(self, fact: Fact, lines: list[Line], dates: Dates) -> tuple[str, str]:
        if fact.kind != "accreditation":
            return "", ""
        standard, edition = STANDARDS[lines[0].activity]
        if standard == "iso_15189" and dates.issued_on < date(2023, 6, 1):
            return standard, "2012"
        return standard, edition

    def _is_pending(self, fact: Fact, fate: str) -> bool:
        """All lines of an application wait, and now and then one by which a scope shall grow."""
        asked = fact.kind == "accreditation" and self.rng.random() < EXTENSION_ASKED
        return fate == "pending" or (fate == "active" and asked)

    def _line(self, body: Body, qualification: int, line: Line, dates: Dates, *, pending: bool) -> None:
        place = int(self.rng.integers(len(body.places))) if self.rng.random() < 0.5 else 0
        self.lines.add(
            **self.desk.record(body.communes[place], public=body.public and not pending, published_on=self._ago(60)),
            qualification_id=qualification,
            place_id=body.places[place],
            **columns(line),
            field_id=self._fields[line.field].id if line.field else None,
            device_type_id=self._types[line.device_type] if line.device_type else None,
            valid_from=dates.issued_on,
            valid_until=dates.valid_until,
            suspended_from=dates.suspended_from,
            suspended_until=dates.suspended_until,
            withdrawn_on=dates.withdrawn_on,
            pending=pending,
        )

    def _remember(
        self, qualification: int, body: Body, fact: Fact, lines: list[Line], dates: Dates, *, fate: str
    ) -> None:
        types = frozenset(line.device_type for line in lines if line.device_type)
        if fact.kind == "designation" and types and fate == "active":
            province = self.desk.province_number(body.communes[0])
            self.designations.append(
                Designation(
                    qualification, body.organisation, province, types, dates.issued_on, dates.valid_until or date.max
                )
            )
