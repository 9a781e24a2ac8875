"""Bodies that test, calibrate, verify, certify and inspect, in the numbers that the field has (domain, section 1.2)."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from geodata.text import search_key
from layers.demo.facts import THREE_YEARS, Body, Fact, Facts, one_of, running_number, spread
from layers.demo.land import Commune
from layers.demo.names import address, legacy_address, proper_name
from layers.demo.recipe import pick
from layers.demo.rows import Desk, Rows
from layers.demo.scope_lines import Line, calibrations, conformity_lines, some, tests_of, verifiable
from layers.demo.vocabulary import table
from layers.models import DeviceType, PlaceOfActivity

# 1,200 accredited laboratories …
TESTING, TESTING_AOSC, MEDICAL, MEDICAL_AOSC = 600, 75, 170, 20
CALIBRATING, CALIBRATING_AOSC = 300, 35
# … of which the calibrating ones are among the 583 bodies registered for measuring devices, 399 of them designated,
MEASURING, DESIGNATED = 583, 399
# … and 250 others that certify, inspect, compare laboratories or make reference materials.
CERTIFYING, CERTIFYING_VACI, INSPECTING, COMPARING, REFERENCE_MAKING = 90, 15, 105, 20, 20

URBAN = 6.0
CALIBRATION_FIELDS = ("cal_mass", "cal_length", "cal_volume_flow", "cal_pressure", "cal_temperature_humidity")


@dataclass
class Bodies:
    """Organisations, places, qualifications and lines as they are made."""

    desk: Desk
    organisations: Rows
    rng: np.random.Generator = field(init=False)
    places: Rows = field(init=False)
    facts: Facts = field(init=False)

    def __post_init__(self) -> None:
        self.rng = self.desk.recipe.rng("bodies")
        self.places = self.desk.rows(PlaceOfActivity)
        self.facts = Facts(self.desk, self.desk.recipe.rng("facts"))

    def make_all(self) -> None:
        """Makes every body with its places, facts and lines."""
        self._measuring_bodies()
        self._repeat(
            TESTING, lambda number: self._testing(number, Fact("accreditation", "VILAS", "boa", "VILAS"), 5301)
        )
        self._repeat(TESTING_AOSC, lambda number: self._testing_aosc(number))
        self._repeat(MEDICAL, lambda number: self._medical(number, "VILAS Med", "boa", "med_"))
        self._repeat(MEDICAL_AOSC, lambda number: self._medical(number, "VLAM", "aosc", "aosc_medical"))
        self._repeat(CERTIFYING, self._certifying)
        self._repeat(CERTIFYING_VACI, self._certifying_vaci)
        self._repeat(INSPECTING, self._inspecting)
        self._repeat(COMPARING, self._comparing)
        self._repeat(REFERENCE_MAKING, self._reference_making)

    @staticmethod
    def _repeat(count: int, make: Callable[[int], None]) -> None:
        for number in range(count):
            make(number)

    def _body(self, names: str, *, org_type: str = "enterprise", commune: Commune | None = None) -> Body:
        """An organisation at a place drawn by population (or in this commune), now and then with further places."""
        name = one_of(self.rng, names).format(name=proper_name(self.rng))
        seat = commune or self._somewhere()
        public = self.rng.random() > 0.015
        organisation = self.organisations.add(**self._organisation(name, org_type, seat, public=public))
        more = int(self.rng.choice([0, 1, 2], p=[0.8, 0.15, 0.05]))
        communes = (seat, *(self._somewhere() for _ in range(more)))
        places = tuple(self._place(organisation, name, where, number, public) for number, where in enumerate(communes))
        return Body(organisation, places, communes, public)

    def _somewhere(self) -> Commune:
        return self.desk.land.communes[self.desk.land.draw(self.rng, 1, urban=URBAN)[0]]

    def _organisation(self, name: str, org_type: str, seat: Commune, *, public: bool) -> dict[str, object]:
        return organisation_row(self.desk, name, org_type, seat, address(self.rng, seat), public=public)

    def _place(self, organisation: int, name: str, commune: Commune, number: int, public: bool) -> int:
        where = address(self.rng, commune)
        called = name if number == 0 else f"{name} – cơ sở {number + 1}"
        accuracy = str(self.rng.choice(["surveyed", "geocoded_address", "commune_centroid"], p=[0.45, 0.45, 0.1]))
        on_site = self.rng.random() < 0.3
        return self.places.add(
            **self.desk.record(commune, public=public),
            organisation_id=organisation,
            name=called,
            address=where,
            legacy_address=legacy_address(self.rng, commune) if self.rng.random() < 0.35 else "",
            geom=self._point(commune, accuracy),
            geom_accuracy=accuracy,
            geom_source="demo",
            opening_hours=str(self.rng.choice(["T2–T6 07:30–16:30", "T2–T7 08:00–17:00", ""], p=[0.5, 0.2, 0.3])),
            on_site_service=on_site,
            service_provinces=self._served(commune) if on_site else [],
            search_key=search_key(f"{called} {where}"),
        )

    def _point(self, commune: Commune, accuracy: str) -> str:
        number = int(np.searchsorted(self.desk.land.commune_ids, commune.id))
        if accuracy == "commune_centroid":
            lon, lat = self.desk.land.centres[number]
        else:
            lon, lat = self.desk.land.points_in(self.rng, np.array([number]))[0]
        return f"SRID=4326;POINT({lon} {lat})"

    def _served(self, commune: Commune) -> list[int]:
        others = spread(self.rng, [item.id for item in self.desk.land.provinces], 0.08)
        return sorted({commune.province.id, *others})

    # Bodies that verify and calibrate measuring devices.

    def _measuring_bodies(self) -> None:
        """The first of each province is its technical centre, designated for every type; the others for some."""
        accredited = CALIBRATING + CALIBRATING_AOSC
        for number in range(MEASURING):
            centre = number < len(self.desk.land.provinces)
            body = self._centre(number) if centre else self._measuring_body()
            types = self._types(everything=centre)
            own = self._own_calibrations()
            self._register(number, body, types, own)
            if number < DESIGNATED:
                fact = Fact("designation", running_number("QĐ-MH", number, 1), "stameq")
                self.facts.add(body, fact, types)
            if number < accredited:
                self._accredit_calibration(number, body, own)

    def _centre(self, number: int) -> Body:
        province = self.desk.land.provinces[number]
        names = f"Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng {province.name} (minh họa)"
        return self._body(names, org_type="public_service_unit", commune=self._seat_of(number))

    def _seat_of(self, province_number: int) -> Commune:
        """The commune of the province with most people, of wards if it has some."""
        land = self.desk.land
        people = land.populations * np.where(land.wards, 10, 1) * (land.province_numbers == province_number)
        return land.communes[int(np.argmax(people))]

    def _measuring_body(self) -> Body:
        names = "Công ty TNHH Kiểm định Hiệu chuẩn {name}|Công ty Cổ phần Đo lường {name}|Trung tâm Kiểm định Đo lường {name}"
        return self._body(names)

    def _types(self, *, everything: bool) -> list[Line]:
        lines = verifiable(tuple(device_type_names()))
        return list(lines) if everything else some(self.rng, lines, usual=7, most=16)

    def _own_calibrations(self) -> list[Line]:
        fields = self.rng.choice(CALIBRATION_FIELDS, size=2, replace=False)
        mine = tuple(line for line in calibrations() if line.field in fields or self.rng.random() < 0.25)
        return [line for line in mine if line.field.startswith("cal_")][:25]

    def _register(self, number: int, body: Body, types: list[Line], own: list[Line]) -> None:
        fact = Fact("registration", running_number("ĐK", number, 4001), "stameq", life_days=None)
        tested = [_tested(line) for line in types[:2]] if number % 4 == 0 else []
        self.facts.add(body, fact, [*types, *own[:6], *tested])

    def _accredit_calibration(self, number: int, body: Body, own: list[Line]) -> None:
        if number < CALIBRATING:
            fact = Fact("accreditation", running_number("VILAS", number, 5001), "boa", "VILAS", self._life())
            self.facts.add(body, fact, own)
            return
        lines = [line for line in calibrations() if line.field == "aosc_calibration"]
        fact = Fact("accreditation", running_number("VLAC-1.", number, 9001), "aosc", "VLAC", self._life())
        self.facts.add(body, fact, lines)

    def _life(self) -> int:
        return pick(self.rng, (THREE_YEARS, 1826, 1826))

    # Testing and medical laboratories.

    def _testing(self, number: int, fact: Fact, first: int) -> None:
        speciality = self._speciality()
        body = self._body(
            speciality["names"], org_type=pick(self.rng, ("enterprise", "enterprise", "public_service_unit"))
        )
        possible = tuple(line for line in tests_of(speciality["groups"]) if line.field.startswith("vilas_"))
        lines = some(self.rng, possible, usual=18, most=60)
        accreditation = Fact(
            fact.kind, running_number(fact.number, number, first), fact.authority, fact.scheme, self._life()
        )
        self.facts.add(body, accreditation, lines)
        self._by_a_ministry(number, body, speciality["authority"], lines)

    def _by_a_ministry(self, number: int, body: Body, authority: str, lines: list[Line]) -> None:
        """Three in ten are registered with their ministry, and some of these are designated."""
        if number % 10 < 3:
            self.facts.add(body, Fact("registration", f"{number + 1}/TN-MH", authority), lines[:8])
        if number % 10 == 0:
            decided_by = authority if number % 50 else "provincial_committee"
            self.facts.add(body, Fact("designation", f"{number + 1}/QĐ-TN-MH", decided_by), lines[:5])

    def _testing_aosc(self, number: int) -> None:
        speciality = self._speciality()
        body = self._body(speciality["names"])
        lines = some(self.rng, tests_of("", "aosc_testing"), usual=12, most=30)
        fact = Fact("accreditation", running_number("VLAT-1.", number, 9001), "aosc", "VLAT", self._life())
        self.facts.add(body, fact, lines)

    def _speciality(self) -> dict[str, str]:
        rows = table("specialities")
        return rows[self.rng.choice(len(rows), p=[float(row["weight"]) for row in rows])]

    def _medical(self, number: int, scheme: str, authority: str, prefix: str) -> None:
        names = "Khoa Xét nghiệm – Bệnh viện {name}|Trung tâm Xét nghiệm {name}|Phòng xét nghiệm {name}"
        body = self._body(names, org_type=pick(self.rng, ("public_service_unit", "enterprise")))
        possible = tuple(line for line in tests_of("") if line.field.startswith(prefix))
        lines = some(self.rng, possible, usual=16, most=40)
        fact = Fact("accreditation", running_number(scheme, number, 901), authority, scheme, self._life())
        self.facts.add(body, fact, lines)

    # Bodies that certify, inspect, compare or make reference materials.

    def _certifying(self, number: int) -> None:
        body = self._body(
            "Công ty Cổ phần Chứng nhận {name}|Trung tâm Chứng nhận Phù hợp {name}|Viện Chứng nhận {name}"
        )
        kinds = [("QMS", ("cert_qms", "cert_ems", "cert_fsms", "cert_ohsms", "cert_isms", "cert_enms", "cert_mdqms"))]
        kinds += [("PRO", ("cert_product",))] if number % 5 < 3 else []
        kinds += [("PER", ("cert_person",))] if number % 15 == 0 else []
        for suffix, fields in kinds:
            lines = some(self.rng, _conformity(fields), usual=6, most=14)
            number_text = f"{running_number('VICAS', number, 901)} - {suffix}"
            self.facts.add(body, Fact("accreditation", number_text, "boa", "VICAS", self._life()), lines)
            self.facts.add(body, Fact("registration", f"{number + 1}/CN-{suffix}-MH", "most"), lines)
        if number % 12 == 0:
            claims = list(_conformity(("validation_verification",)))
            self.facts.add(body, Fact("registration", f"{number + 1}/XN-MH", "most"), claims)

    def _certifying_vaci(self, number: int) -> None:
        body = self._body("Công ty TNHH Chứng nhận {name}")
        lines = list(_conformity(("vaci_certification",)))
        fact = Fact("accreditation", running_number("VACAS", number, 901), "vaci", "VACAS", self._life())
        self.facts.add(body, fact, lines)

    def _inspecting(self, number: int) -> None:
        body = self._body(
            "Công ty Cổ phần Giám định {name}|Công ty TNHH Giám định {name}|Trung tâm Kiểm định An toàn {name}"
        )
        lines = some(
            self.rng, tuple(line for line in conformity_lines() if line.field.startswith("insp_")), usual=6, most=12
        )
        fact = Fact("accreditation", running_number("VIAS", number, 901), "boa", "VIAS", self._life())
        self.facts.add(body, fact, lines)
        if number % 10 < 6:
            registered = [_of_goods(line) if line.field == "insp_technical_safety" else line for line in lines]
            self.facts.add(
                body, Fact("registration", f"{number + 1}/GĐ-MH", pick(self.rng, ("most", "moit", "moc"))), registered
            )

    def _comparing(self, number: int) -> None:
        self._single(number, "Trung tâm Thử nghiệm thành thạo {name}", "VIPAS", tests_of("", "pt_provider"))

    def _reference_making(self, number: int) -> None:
        lines = tests_of("", "rm_chemical rm_biological rm_pharmaceutical")
        self._single(number, "Trung tâm Mẫu chuẩn {name}", "VIRAS", lines)

    def _single(self, number: int, names: str, scheme: str, possible: tuple[Line, ...]) -> None:
        body = self._body(names, org_type="public_service_unit")
        fact = Fact("accreditation", running_number(scheme, number, 901), "boa", scheme, self._life())
        self.facts.add(body, fact, some(self.rng, possible, usual=5, most=10))


def organisation_row(
    desk: Desk, name: str, org_type: str, seat: Commune, where: str, *, public: bool = True, tax_code: str = ""
) -> dict[str, object]:
    """The columns of an invented organisation; its tax code begins with 99, which no province has."""
    return {
        **desk.record(seat, public=public),
        "name_vi": name,
        "org_type": org_type,
        "legal_address": where,
        "tax_code": tax_code,
        "search_key": search_key(f"{name} {where}"),
    }


def device_type_names() -> list[tuple[str, str]]:
    """Code and name of every device type, in the order of the list."""
    return list(DeviceType.objects.order_by("id").values_list("code", "name_vi"))


def _conformity(fields: tuple[str, ...]) -> tuple[Line, ...]:
    return tuple(line for line in conformity_lines() if line.field in fields)


def _tested(line: Line) -> Line:
    """The testing of a device type for its approval, by a body that may verify it."""
    return Line(**{**line.__dict__, "activity": "device_testing", "test": "Thử nghiệm phê duyệt mẫu"})


def _of_goods(line: Line) -> Line:
    return Line(**{**line.__dict__, "activity": "goods_verification"})
