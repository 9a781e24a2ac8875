"""Measuring devices: which stand where, and what became of each, drawn in blocks of many at once.

A block is a function of its number alone, so the register of devices and that of verifications can each go
through all blocks without holding more than one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.conf import settings

from layers.demo.copying import Block, hex_points
from layers.demo.device_types import DeviceTypes
from layers.demo.due_dates import due_dates, oldest_in_force
from layers.demo.rows import INTERNAL, Desk
from layers.demo.sites import Sites, profiles
from layers.demo.type_approvals import Models
from layers.demo.vocabulary import table
from layers.models import MeasuringDevice
from layers.registers.base import PUBLIC

BLOCK = 20_000
NEVER = np.datetime64("NaT", "D")

# Of a hundred devices. Those left are in force; which of them are due soon follows from the dates.
FATES = {"out_of_use": 0.01, "in_repair": 0.01, "void": 0.02, "unknown": 0.015, "overdue": 0.09}
VOID_REASONS = {"defective": 0.6, "evidence_lost": 0.2, "modified": 0.2}
INITIAL, AFTER_REPAIR = 0.15, 0.04


@dataclass(frozen=True)
class Population:
    """Which device stands where: for each, in the order of the sites, its site's number and its type's id."""

    site: np.ndarray
    device_type: np.ndarray
    first_id: int

    def __len__(self) -> int:
        return len(self.site)


@dataclass(frozen=True)
class Devices:
    """One block of devices with their dates. `control` is that of the verification that stands."""

    number: np.ndarray
    site: np.ndarray
    device_type: np.ndarray
    public: np.ndarray
    household: np.ndarray
    control: np.ndarray
    put_into_use_on: np.ndarray
    verified_on: np.ndarray
    valid_until: np.ndarray
    voided_on: np.ndarray
    void_reason: np.ndarray
    repaired_on: np.ndarray
    taken_out_on: np.ndarray


def populate(desk: Desk, sites: Sites, types: DeviceTypes) -> Population:
    """Exactly as many devices as asked for, spread over the sites as their kind has them."""
    rng = desk.recipe.rng("population")
    names = {profile.name: profile.number for profile in profiles()}
    site_parts, type_parts = [], []
    for row in table("site_devices"):
        these = np.flatnonzero(sites.profile == names[row["profile"]])
        per_site = np.clip(rng.poisson(float(row["mean"]), size=len(these)), int(row["least"]), int(row["most"]))
        site_parts.append(np.repeat(these, per_site))
        type_parts.append(np.full(per_site.sum(), types.ids[row["device_type"]], dtype=np.int16))
    site, device_type = np.concatenate(site_parts), np.concatenate(type_parts)
    chosen = _exactly(rng, len(site), desk.recipe.devices)
    order = chosen[np.lexsort((device_type[chosen], site[chosen]))]
    return Population(site[order], device_type[order], desk.first_ids[MeasuringDevice])


def _exactly(rng: np.random.Generator, available: int, wanted: int) -> np.ndarray:
    """So many of what is available: some left out, or some taken twice."""
    if wanted <= available:
        return rng.permutation(available)[:wanted]
    return np.concatenate([np.arange(available), rng.integers(available, size=wanted - available)])


class DeviceMaker:
    """Draws the blocks of devices and makes their rows."""

    def __init__(self, desk: Desk, sites: Sites, types: DeviceTypes, models: Models, population: Population) -> None:
        self.desk, self.sites, self.types = desk, sites, types
        self.models, self.population = models, population
        self._points = hex_points(*sites.lonlat.T)
        shown = np.array([profile.devices_public for profile in profiles()])
        self._shown = shown[sites.profile] & sites.public
        self._household_share = np.array([profile.household for profile in profiles()])[sites.profile]

    def blocks(self) -> Iterator[Devices]:
        """All devices, a block at a time."""
        for start in range(0, len(self.population), BLOCK):
            yield self._draw(np.arange(start, min(start + BLOCK, len(self.population))))

    def _draw(self, number: np.ndarray) -> Devices:
        rng = self.desk.recipe.rng("devices", int(number[0]))
        site, device_type = self.population.site[number], self.population.device_type[number]
        household = (rng.random(len(number)) < self._household_share[site]) & (self.sites.household[site] > 0)
        return Devices(
            number=number,
            site=site,
            device_type=device_type,
            public=self._shown[site] & ~household & ~self.types.mobile[device_type],
            household=household,
            **self._dates(rng, device_type),
        )

    def _dates(self, rng: np.random.Generator, device_type: np.ndarray) -> dict[str, np.ndarray]:
        """The dates of a device by its fate; every other date follows from the day of its verification."""
        size, today = len(device_type), self.desk.recipe.today
        fate = rng.choice([*FATES, "valid"], size=size, p=[*FATES.values(), 1 - sum(FATES.values())])
        cycle = self.types.cycle[device_type]
        verified_on = self._verified_on(rng, device_type, cycle, fate)
        fate = np.where(np.isnat(verified_on) & (fate == "void"), "unknown", fate)
        age = np.maximum((today - verified_on).astype(int), 1)
        control = self._control(rng, cycle, size)
        return {
            "control": control,
            "put_into_use_on": _put_into_use(rng, verified_on, control, today),
            "verified_on": verified_on,
            "valid_until": due_dates(verified_on, cycle, settings.DUE_DATE_CONVENTION),
            "voided_on": np.where(fate == "void", today - (rng.random(size) * age).astype(int), NEVER),
            "void_reason": np.where(
                fate == "void", rng.choice(list(VOID_REASONS), size=size, p=list(VOID_REASONS.values())), ""
            ),
            "repaired_on": np.where(
                fate == "in_repair", today - np.minimum(rng.integers(0, 45, size=size), age - 1), NEVER
            ),
            "taken_out_on": np.where(
                fate == "out_of_use", today - np.minimum(rng.integers(0, 400, size=size), age - 1), NEVER
            ),
        }

    def _verified_on(
        self, rng: np.random.Generator, device_type: np.ndarray, cycle: np.ndarray, fate: np.ndarray
    ) -> np.ndarray:
        """The day of the verification that stands: not before its rule, on a weekday; NaT for those never verified."""
        size, today = len(fate), self.desk.recipe.today
        oldest = np.where(cycle > 0, oldest_in_force(today, cycle, settings.DUE_DATE_CONVENTION), today - 1_500)
        in_force = today - 1 - (rng.random(size) * (today - oldest).astype(int)).astype(int)
        late = oldest - 37 - rng.exponential(110, size=size).astype(int)
        verified_on = np.where((fate == "overdue") & (cycle > 0), late, np.maximum(_weekday(in_force), oldest))
        rule_from = self.types.rule_from[device_type]
        verified_on = np.where((verified_on < rule_from) & (rule_from < today), rule_from, verified_on)
        never = (fate == "unknown") | (self.types.group[device_type] == "1")
        verified_on[never] = NEVER
        return verified_on

    @staticmethod
    def _control(rng: np.random.Generator, cycle: np.ndarray, size: int) -> np.ndarray:
        drawn = rng.random(size)
        control = np.where(
            drawn < INITIAL, "initial", np.where(drawn < INITIAL + AFTER_REPAIR, "after_repair", "periodic")
        )
        return np.where(cycle == 0, "initial", control)

    def rows(self) -> Iterator[Block]:
        """The rows of the register in blocks."""
        for devices in self.blocks():
            yield self._rows(devices)

    def _rows(self, devices: Devices) -> Block:
        rng = self.desk.recipe.rng("device rows", int(devices.number[0]))
        kind, site = devices.device_type, devices.site
        model = self.models.draw(rng, kind)
        mobile = self.types.mobile[kind]
        site_id = self.sites.ids[site]
        used_since = devices.put_into_use_on
        return {
            **self.desk.stamp,
            "id": self.population.first_id + devices.number,
            "source_id": [f"device-{n}" for n in (devices.number + 1).tolist()],
            "publish_state": np.where(devices.public, PUBLIC, INTERNAL).tolist(),
            "published_at": np.ma.masked_array(np.full(len(kind), self.desk.recipe.today - 20), ~devices.public),
            **self.desk.where(self.sites.commune[site]),
            "device_type_id": kind,
            "device_group": self.types.group[kind],
            "obligation": np.where(self.types.group[kind] == "1", "voluntary", "statutory").tolist(),
            "site_id": np.ma.masked_array(site_id, mobile),
            "home_base_site_id": np.ma.masked_array(site_id, ~mobile),
            "is_mobile": mobile.tolist(),
            "geom": self._points[site],
            "geom_accuracy": self.sites.accuracy[site],
            "manufacturer": self.models.manufacturer[model],
            "model": self.models.model[model],
            "serial_no": [f"MH{n:08d}" for n in (devices.number + 1).tolist()],
            "manufacture_year": used_since.astype("datetime64[Y]").astype(int)
            + 1970
            - rng.integers(0, 2, size=len(kind)),
            "range_text": self.types.range_text[kind],
            "accuracy_class": self.types.accuracy[kind],
            "type_approval_id": np.ma.masked_equal(self.models.approval[model], 0),
            "owner_id": self._owner(devices),
            "put_into_use_on": used_since,
            "no_periodic": (self.types.cycle[kind] == 0).tolist(),
            "verified_on": devices.verified_on,
            "valid_until": devices.valid_until,
            "voided_on": devices.voided_on,
            "void_reason": devices.void_reason.tolist(),
            "repaired_on": devices.repaired_on,
            "taken_out_on": devices.taken_out_on,
        }

    def _owner(self, devices: Devices) -> np.ma.MaskedArray:
        owner = np.where(devices.household, self.sites.household[devices.site], self.sites.owner[devices.site])
        return np.ma.masked_equal(owner, 0)


def _weekday(days: np.ndarray) -> np.ndarray:
    """The Friday before for a day of a weekend, else the day itself."""
    weekday = (days.astype(int) + 3) % 7  # 1 January 1970 was a Thursday
    return days - np.maximum(weekday - 4, 0)


def _put_into_use(
    rng: np.random.Generator, verified_on: np.ndarray, control: np.ndarray, today: np.datetime64
) -> np.ndarray:
    """The day of the initial verification, or some years before one that came later."""
    before = rng.integers(450, 3_000, size=len(verified_on))
    known = np.where(control == "initial", verified_on, verified_on - before)
    return np.where(np.isnat(verified_on), today - before // 3, known)
