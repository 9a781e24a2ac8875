"""Bodies with their places of activity: what the makers of laboratories and of certification bodies share."""

from dataclasses import dataclass, field

import numpy as np

from geodata.text import search_key
from layers.demo.facts import THREE_YEARS, Body, Fact, Facts
from layers.demo.land import Commune
from layers.demo.names import address, legacy_address, proper_name
from layers.demo.organisations import organisation_row
from layers.demo.recipe import one_of, pick
from layers.demo.rows import Desk, Rows
from layers.demo.scope_lines import Line
from layers.models import PlaceOfActivity

URBAN = 6.0
MORE_PLACES = {0: 0.8, 1: 0.15, 2: 0.05}
ACCURACIES = {"surveyed": 0.45, "geocoded_address": 0.45, "commune_centroid": 0.1}
OPENING_HOURS = {"T2–T6 07:30–16:30": 0.5, "T2–T7 08:00–17:00": 0.2, "": 0.3}
NOT_PUBLIC, COMES_TO_THE_DEVICE, HAS_LEGACY_ADDRESS = 0.015, 0.3, 0.35


@dataclass
class Bodies:
    """Organisations, their places, qualifications and scope lines as they are made."""

    desk: Desk
    organisations: Rows
    rng: np.random.Generator = field(init=False)
    places: Rows = field(init=False)
    facts: Facts = field(init=False)

    def __post_init__(self) -> None:
        self.rng = self.desk.recipe.rng("bodies")
        self.places = self.desk.rows(PlaceOfActivity)
        self.facts = Facts(self.desk, self.desk.recipe.rng("facts"))

    def add(self, names: str, *, org_type: str = "enterprise", seat: Commune | None = None) -> Body:
        """An organisation at this seat alone, or at one drawn by population, then now and then at further places.

        `names` are patterns apart by `|`, in which `{name}` becomes an invented name.
        """
        name = one_of(self.rng, names).format(name=proper_name(self.rng))
        more = 0 if seat else self._draw(MORE_PLACES)
        seat = seat or self._somewhere()
        public = bool(self.rng.random() >= NOT_PUBLIC)
        row = organisation_row(self.desk, name, org_type, seat, address(self.rng, seat), public=public)
        organisation = self.organisations.add(**row)
        communes = (seat, *(self._somewhere() for _ in range(more)))
        names_of_places = [name, *(f"{name} – cơ sở {number + 2}" for number in range(more))]
        places = tuple(
            self._place(organisation, called, commune, public=public)
            for called, commune in zip(names_of_places, communes, strict=True)
        )
        return Body(organisation, places, communes, public)

    def accredit(self, body: Body, scheme: str, number: str, lines: list[Line], *, authority: str = "boa") -> None:
        """Adds an accreditation of three or five years."""
        life = pick(self.rng, (THREE_YEARS, 1826, 1826))
        self.facts.add(body, Fact("accreditation", number, authority, scheme, life), lines)

    def _draw(self, chances: dict):  # type: ignore[no-untyped-def, type-arg]
        return list(chances)[self.rng.choice(len(chances), p=list(chances.values()))]

    def _somewhere(self) -> Commune:
        return self.desk.land.communes[self.desk.land.draw(self.rng, 1, urban=URBAN)[0]]

    def _place(self, organisation: int, name: str, commune: Commune, *, public: bool) -> int:
        where = address(self.rng, commune)
        accuracy = self._draw(ACCURACIES)
        on_site = bool(self.rng.random() < COMES_TO_THE_DEVICE)
        return self.places.add(
            **self.desk.record(commune, public=public),
            organisation_id=organisation,
            name=name,
            address=where,
            legacy_address=legacy_address(self.rng, commune) if self.rng.random() < HAS_LEGACY_ADDRESS else "",
            geom=self._point(commune, accuracy),
            geom_accuracy=accuracy,
            geom_source="demo",
            opening_hours=self._draw(OPENING_HOURS),
            on_site_service=on_site,
            service_provinces=self._served(commune) if on_site else [],
            search_key=search_key(f"{name} {where}"),
        )

    def _point(self, commune: Commune, accuracy: str) -> str:
        land = self.desk.land
        number = int(np.searchsorted(land.commune_ids, commune.id))
        known = accuracy != "commune_centroid"
        lon, lat = land.points_in(self.rng, np.array([number]))[0] if known else land.centres[number]
        return f"SRID=4326;POINT({lon} {lat})"

    def _served(self, commune: Commune) -> list[int]:
        """The own province and some others."""
        others = [province.id for province in self.desk.land.provinces if self.rng.random() < 0.08]
        return sorted({commune.province.id, *others})
