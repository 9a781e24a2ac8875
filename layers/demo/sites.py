"""Inspection sites: how many of each kind, where, and whose. Filling and charging stations are real where known."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from geodata.text import search_key
from layers.demo import osm
from layers.demo.copying import Block, hex_points
from layers.demo.land import Commune
from layers.demo.names import address, legacy_address, proper_name
from layers.demo.organisations import organisation_row
from layers.demo.recipe import one_of
from layers.demo.rows import Desk, Rows
from layers.demo.vocabulary import table
from layers.models import InspectionSite

SITES_PER_DEVICE = 0.13
FEWEST_SITES = 60
RISK_LEVELS = {"high": 0.08, "medium": 0.3, "low": 0.5, "": 0.12}
_LONGEST_CHAIN = 4
_OWNER_NAMES = {
    "enterprise": "Công ty TNHH {name}|Công ty Cổ phần {name}|Công ty TNHH Thương mại {name}",
    "public_service_unit": "Đơn vị sự nghiệp {name}",
}
_UNNAMED = {
    "fuel_station": "Cửa hàng xăng dầu minh họa số {number}",
    "ev_charging_station": "Trạm sạc xe điện minh họa số {number}",
}


@dataclass(frozen=True)
class Profile:
    """A kind of site as the demo knows it: how frequent, how urban, how public. `household` is a share of devices."""

    number: int
    name: str
    site_kind: str
    share: float
    urban: float
    public: bool
    devices_public: bool
    household: float
    owner: str
    names: str


@dataclass
class Sites:
    """All sites, sorted by commune so that neighbours lie together. `real` bear the name of a real place."""

    profile: np.ndarray
    commune: np.ndarray
    lonlat: np.ndarray
    accuracy: np.ndarray
    public: np.ndarray
    real: np.ndarray
    first_id: int
    owner: np.ndarray = field(init=False)
    household: np.ndarray = field(init=False)

    def __len__(self) -> int:
        return len(self.profile)

    @property
    def ids(self) -> np.ndarray:
        """Ids of the sites, in their order."""
        return self.first_id + np.arange(len(self))


@cache
def profiles() -> tuple[Profile, ...]:
    """The profiles in the order of the table."""
    return tuple(
        Profile(
            number=number,
            name=row["profile"],
            site_kind=row["site_kind"],
            share=float(row["share"]),
            urban=float(row["urban"]),
            public=row["public"] == "yes",
            devices_public=row["devices_public"] == "yes",
            household=float(row["household"]),
            owner=row["owner"],
            names=row["names"],
        )
        for number, row in enumerate(table("site_kinds"))
    )


def counts_by_profile(devices: int) -> np.ndarray:
    """How many sites of each profile go with a number of devices."""
    total = max(FEWEST_SITES, round(devices * SITES_PER_DEVICE))
    exact = np.array([profile.share for profile in profiles()]) * total
    counts = np.floor(exact).astype(int)
    counts[np.argsort(counts - exact, kind="stable")[: total - counts.sum()]] += 1
    return counts


class SiteMaker:
    """Draws the sites, gives them owners, and makes their rows."""

    def __init__(self, desk: Desk, organisations: Rows, shared_data: Path) -> None:
        self.desk, self.organisations, self.shared_data = desk, organisations, shared_data
        self.rng = desk.recipe.rng("sites")
        self._risk: list[str] = []
        self._real: list[osm.RealPlace | None] = []
        self._chains: dict[tuple[int, int], tuple[int, str, int]] = {}

    def draw(self) -> Sites:
        """The sites without their owners, sorted by commune."""
        parts = [
            self._of_profile(*pair)
            for pair in zip(profiles(), counts_by_profile(self.desk.recipe.devices), strict=True)
        ]
        profile, commune, lonlat = (np.concatenate(arrays) for arrays in list(zip(*parts, strict=True))[:3])
        real = [place for part in parts for place in part[3]]
        order = np.argsort(commune, kind="stable")
        self._real = [real[number] for number in order]
        size = len(order)
        accuracy = self.rng.choice(np.array(["surveyed", "geocoded_address"], dtype=object), size=size)
        public = np.array([item.public for item in profiles()])[profile[order]] & (self.rng.random(size) > 0.01)
        is_real = np.array([place is not None for place in self._real])
        accuracy[is_real] = "geocoded_address"
        return Sites(
            profile[order],
            commune[order],
            lonlat[order],
            accuracy,
            public | is_real,
            real=is_real,
            first_id=self.desk.first_ids[InspectionSite],
        )

    def _of_profile(self, profile: Profile, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, list]:
        """Profile, commune and point of each site, and the real place behind it or None."""
        real = osm.some_of(self.rng, osm.real_places(self.shared_data, profile.name), count)
        land = self.desk.land
        drawn = land.draw(self.rng, count - len(real), urban=profile.urban)
        lonlat = land.points_in(self.rng, drawn)
        if real:
            known = np.array([(place.lon, place.lat) for place in real])
            drawn = np.concatenate([land.commune_at(*known.T), drawn])
            lonlat = np.concatenate([known, lonlat])
        return np.full(count, profile.number), drawn, lonlat, [*real, *[None] * (count - len(real))]

    def rows(self, sites: Sites) -> list[dict[str, object]]:
        """The rows of the register but for what checks say, and the owners, given on the way."""
        self._risk = self.rng.choice(list(RISK_LEVELS), size=len(sites), p=list(RISK_LEVELS.values())).tolist()
        owners, households, rows = np.zeros(len(sites), dtype=int), np.zeros(len(sites), dtype=int), []
        for number in range(len(sites)):
            profile = profiles()[sites.profile[number]]
            commune = self.desk.land.communes[sites.commune[number]]
            if profile.household:
                households[number] = self._household(number, commune)
            owners[number], operator = self._owner(profile, commune, self._real[number])
            rows.append(self._row(number, profile, commune, operator, public=bool(sites.public[number])))
        sites.owner, sites.household = owners, households
        return rows

    def _row(
        self, number: int, profile: Profile, commune: Commune, operator: str, *, public: bool
    ) -> dict[str, object]:
        place = self._real[number]
        name = self._name(number, profile, place)
        where = address(self.rng, commune) if place is None else ""
        old = legacy_address(self.rng, commune) if place is None and self.rng.random() < 0.3 else ""
        return {
            **self.desk.record(commune, public=public),
            "source_id": f"osm-{place.osm_id}" if place else f"site-{number + 1}",
            "name": name,
            "site_kind": profile.site_kind,
            "operator": operator,
            "address": where,
            "legacy_address": old,
            "geom_source": osm.CREDIT if place else "demo",
            "risk_level": self._risk[number],
            "search_key": search_key(f"{name} {operator} {where}"),
        }

    def _name(self, number: int, profile: Profile, place: osm.RealPlace | None) -> str:
        if place is None:
            return one_of(self.rng, profile.names).format(name=proper_name(self.rng))
        return place.name or _UNNAMED[profile.name].format(number=number + 1)

    def _owner(self, profile: Profile, commune: Commune, place: osm.RealPlace | None) -> tuple[int, str]:
        """Id and name of an invented enterprise with a few such sites in the province; of a real place its operator."""
        if place is not None:
            return 0, place.operator
        if profile.owner == "none":
            return 0, ""
        key = (profile.number, commune.province.id)
        owner, name, left = self._chains.get(key, (0, "", 0))
        if not left:
            owner, name = self._new_owner(profile, commune)
            left = int(self.rng.integers(1, _LONGEST_CHAIN + 1))
        self._chains[key] = (owner, name, left - 1)
        return owner, name

    def _new_owner(self, profile: Profile, commune: Commune) -> tuple[int, str]:
        name = one_of(self.rng, _OWNER_NAMES[profile.owner]).format(name=proper_name(self.rng))
        code = f"99{len(self.organisations.rows):08d}"
        row = organisation_row(self.desk, name, profile.owner, commune, address(self.rng, commune), tax_code=code)
        return self.organisations.add(**row), name

    def _household(self, number: int, commune: Commune) -> int:
        """The household business at a market or shop, whose devices are not shown one by one."""
        row = organisation_row(
            self.desk, f"Hộ kinh doanh minh họa số {number + 1}", "household_business", commune, "", public=False
        )
        return self.organisations.add(**row)


def site_blocks(
    sites: Sites, rows: list[dict[str, object]], results: dict[str, np.ndarray], *, size: int = 5000
) -> Iterator[Block]:
    """The rows of the register in blocks, with `results`: what the checks say of each site."""
    for start in range(0, len(sites), size):
        part = slice(start, start + size)
        block = rows[part]
        yield {
            **{name: [row[name] for row in block] for name in block[0]},
            "id": sites.ids[part],
            "owner_id": np.ma.masked_equal(sites.owner[part], 0),
            "geom": hex_points(*sites.lonlat[part].T),
            "geom_accuracy": sites.accuracy[part],
            **{name: column[part] for name, column in results.items()},
        }
