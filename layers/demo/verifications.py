"""Verifications: the one that stands for each device, for many the one before, and failures between them.

The one that stands says exactly what the device's row says, so that the two registers agree on every day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from django.conf import settings

from layers.demo.copying import Block
from layers.demo.device_types import DeviceTypes
from layers.demo.devices import NEVER, DeviceMaker, Devices
from layers.demo.due_dates import due_dates
from layers.demo.facts import Designation
from layers.demo.rows import INTERNAL, Desk
from layers.models import Verification
from layers.registers.base import PUBLIC

CHOICES = 4
EARLIER, NOT_DESIGNATED, WITH_STICKER = 0.92, 0.004, 0.7
_PROCEDURES_OF_REPAIR_DAYS = (2, 25)


@dataclass(frozen=True)
class Papers:
    """Some verifications of a block of devices; `at` is a device's place in the block."""

    at: np.ndarray
    control: np.ndarray
    passed: np.ndarray
    verified_on: np.ndarray
    valid_until: np.ndarray
    voided_on: np.ndarray
    void_reason: np.ndarray
    repaired_on: np.ndarray


class BodyTable:
    """Who verifies what where: for each province and type a few designations, the province's own first."""

    def __init__(self, desk: Desk, types: DeviceTypes, designations: list[Designation]) -> None:
        rng = desk.recipe.rng("who verifies what")
        self.organisation = np.array([item.organisation for item in designations])
        self.designation = np.array([item.id for item in designations])
        self.valid_from = np.array([item.valid_from for item in designations], dtype="datetime64[D]")
        self.valid_until = np.array([item.valid_until for item in designations], dtype="datetime64[D]")
        self._table = np.zeros((len(desk.land.provinces), len(types.codes), CHOICES), dtype=int)
        for code, device_type in types.ids.items():
            able = [number for number, item in enumerate(designations) if code in item.device_types]
            for province in range(len(desk.land.provinces)):
                own = [number for number in able if designations[number].province == province]
                self._table[province, device_type] = self._some(rng, own, able or [0])

    @staticmethod
    def _some(rng: np.random.Generator, own: list[int], able: list[int]) -> np.ndarray:
        """Bodies of the province where there are some, and one from anywhere."""
        here = rng.choice(own or able, size=CHOICES - 1)
        return np.append(here, rng.choice(able))

    def draw(self, rng: np.random.Generator, province: np.ndarray, device_type: np.ndarray) -> np.ndarray:
        """A designation for each verification, as a place in the arrays."""
        return self._table[province, device_type, rng.integers(CHOICES, size=len(province))]


class VerificationMaker:
    """Makes the rows of the register from the blocks of devices."""

    def __init__(self, desk: Desk, makers: DeviceMaker, bodies: BodyTable) -> None:
        self.desk, self.devices, self.bodies = desk, makers, bodies

    def rows(self) -> Iterator[Block]:
        """The rows in blocks, by device and day."""
        first = 0
        for devices in self.devices.blocks():
            rng = self.desk.recipe.rng("verifications", int(devices.number[0]))
            papers = self._papers(rng, devices)
            yield self._rows(rng, devices, papers, first)
            first += len(papers.at)

    def _papers(self, rng: np.random.Generator, devices: Devices) -> Papers:
        """All verifications of a block, each device's in the order of their days."""
        standing = _standing(rng, devices)
        earlier = self._earlier(rng, devices, standing)
        papers = _together([earlier, _failures(standing), standing])
        return _some(papers, np.lexsort((papers.passed, papers.verified_on, papers.at)))

    def _earlier(self, rng: np.random.Generator, devices: Devices, standing: Papers) -> Papers:
        """The pass before the one that stands, where the device and the rule were there already.

        Before a repair it lost its force on the day when the device failed.
        """
        types = self.devices.types
        kind = devices.device_type[standing.at]
        cycle = types.cycle[kind]
        broken = ~np.isnat(standing.repaired_on)
        gap = np.where(
            broken, rng.integers(60, 300, size=len(kind)), cycle * 30 + rng.integers(-20, 45, size=len(kind))
        )
        verified_on = standing.verified_on - gap
        known = (verified_on > types.rule_from[kind]) & (verified_on > devices.put_into_use_on[standing.at])
        wanted = known & (cycle > 0) & (standing.control != "initial") & (broken | (rng.random(len(kind)) < EARLIER))
        papers = replace(
            standing,
            control=np.full(len(kind), "periodic"),
            verified_on=verified_on,
            valid_until=due_dates(verified_on, cycle, settings.DUE_DATE_CONVENTION),
            voided_on=standing.repaired_on,
            void_reason=np.where(broken, "defective", ""),
            repaired_on=np.full(len(kind), NEVER),
        )
        return _some(papers, np.flatnonzero(wanted))

    @staticmethod
    def _gap(rng: np.random.Generator, cycle: np.ndarray, broken: np.ndarray) -> np.ndarray:
        """Days between two passes: about a cycle, one in six late; less where the device failed in between."""
        size = len(cycle)
        punctual = cycle * 30 + rng.integers(-25, 20, size=size)
        late = cycle * 30 + 30 + rng.exponential(80, size=size).astype(int)
        regular = np.where(rng.random(size) < 1 / 6, late, punctual)
        return np.where(broken, rng.integers(60, 300, size=size), regular)

    def _rows(self, rng: np.random.Generator, devices: Devices, papers: Papers, first: int) -> Block:
        number = first + np.arange(len(papers.at))
        kind, commune = devices.device_type[papers.at], self.devices.sites.commune[devices.site[papers.at]]
        public = devices.public[papers.at]
        sticker = papers.passed & (rng.random(len(number)) < WITH_STICKER)
        return {
            **self.desk.stamp,
            "id": self.desk.first_ids[Verification] + number,
            "source_id": [f"verification-{n}" for n in (number + 1).tolist()],
            "publish_state": np.where(public, PUBLIC, INTERNAL).tolist(),
            "published_at": np.ma.masked_array(papers.verified_on + 1, ~public),
            **self.desk.where(commune),
            "device_id": self.devices.population.first_id + devices.number[papers.at],
            "control_type": papers.control.tolist(),
            **self._by_whom(rng, papers, commune, kind),
            "procedure_code": self.devices.types.procedure[kind],
            "verified_on": papers.verified_on,
            "result": np.where(papers.passed, "pass", "fail").tolist(),
            "certificate_no": _numbered(papers.passed, "MH-KĐ", number),
            "sticker_serial": _numbered(sticker, "MH-T", number),
            "stamp_kind": np.where(papers.control == "initial", "1", "").tolist(),
            "valid_until": papers.valid_until,
            "voided_on": papers.voided_on,
            "void_reason": papers.void_reason.tolist(),
            "repaired_on": papers.repaired_on,
        }

    def _by_whom(self, rng: np.random.Generator, papers: Papers, commune: np.ndarray, kind: np.ndarray) -> Block:
        """The body, and its designation where that was in force; a few bodies had none, and the flag says so."""
        bodies, size = self.bodies, len(kind)
        chosen = bodies.draw(rng, self.desk.land.province_numbers[commune], kind)
        covered = (bodies.valid_from[chosen] <= papers.verified_on) & (papers.verified_on <= bodies.valid_until[chosen])
        wrong = rng.random(size) < NOT_DESIGNATED
        return {
            "body_id": bodies.organisation[np.where(wrong, rng.integers(len(bodies.organisation), size=size), chosen)],
            "designation_id": np.ma.masked_array(bodies.designation[chosen], wrong | ~covered),
            "compliance_flag": np.where(wrong, "not_designated", "").tolist(),
        }


def _standing(rng: np.random.Generator, devices: Devices) -> Papers:
    """The verification that stands for each device that ever had one."""
    at = np.flatnonzero(~np.isnat(devices.verified_on))
    control, verified_on = devices.control[at], devices.verified_on[at]
    repair = rng.integers(*_PROCEDURES_OF_REPAIR_DAYS, size=len(at))
    return Papers(
        at=at,
        control=control,
        passed=np.ones(len(at), dtype=bool),
        verified_on=verified_on,
        valid_until=devices.valid_until[at],
        voided_on=devices.voided_on[at],
        void_reason=devices.void_reason[at],
        repaired_on=np.where(control == "after_repair", verified_on - repair, NEVER),
    )


def _failures(standing: Papers) -> Papers:
    """A record for each failure: the one that led to a repair, and the one that ended what stands."""
    repaired = _failed_on(standing, np.flatnonzero(~np.isnat(standing.repaired_on)), standing.repaired_on)
    ended = _failed_on(standing, np.flatnonzero(standing.void_reason == "defective"), standing.voided_on)
    return _together([repaired, ended])


def _failed_on(standing: Papers, those: np.ndarray, day: np.ndarray) -> Papers:
    never = np.full(len(those), NEVER)
    return Papers(
        at=standing.at[those],
        control=np.full(len(those), "periodic"),
        passed=np.zeros(len(those), dtype=bool),
        verified_on=day[those],
        valid_until=never,
        voided_on=never,
        void_reason=np.full(len(those), ""),
        repaired_on=never,
    )


def _together(parts: list[Papers]) -> Papers:
    return Papers(*(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(Papers)))


def _some(papers: Papers, those: np.ndarray) -> Papers:
    return Papers(*(getattr(papers, item.name)[those] for item in fields(Papers)))


def _numbered(which: np.ndarray, prefix: str, number: np.ndarray) -> list[str]:
    return [f"{prefix} {n}" if has else "" for has, n in zip(which.tolist(), (number + 1).tolist(), strict=True)]
