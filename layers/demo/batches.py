"""Meters of the utilities as counts per commune, type and month: millions of them, in few rows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from layers.demo.copying import Block
from layers.demo.device_types import DeviceTypes
from layers.demo.names import address
from layers.demo.organisations import organisation_row, seat_of
from layers.demo.rows import INTERNAL, Desk, Rows
from layers.models import DeviceBatch

PEOPLE_PER_HOUSEHOLD = 3.6
MOST_MONTHS = 12
UNKNOWN, OVERDUE_MONTHS = 0.04, 10


@dataclass(frozen=True)
class Meter:
    """A type of meter and how many a household has, in wards and elsewhere; only some provinces have gas."""

    device_type: str
    utility: str
    in_wards: float
    elsewhere: float


@dataclass(frozen=True)
class Cells:
    """Meters of one sort, by commune (its number) and end of month (NaT: nothing is known of them)."""

    commune: np.ndarray
    valid_until: np.ndarray
    devices: np.ndarray


METERS = (
    Meter("electricity_meter_1p_electronic", "Công ty Điện lực", 0.98, 0.95),
    Meter("electricity_meter_3p_electronic", "Công ty Điện lực", 0.03, 0.01),
    Meter("water_meter_mechanical", "Công ty Cấp nước", 0.8, 0.3),
    Meter("water_meter_electronic", "Công ty Cấp nước", 0.06, 0.0),
    Meter("gas_meter_domestic_small", "Công ty Khí", 0.04, 0.0),
)


def months_for(devices: int) -> int:
    """How many months of a commune and type stand for all: more in a larger demo, so that small ones load fast."""
    return int(np.clip(round(2 + 4 * np.log10(max(devices, 1) / 10_000)), 1, MOST_MONTHS))


def make_owners(desk: Desk, organisations: Rows) -> dict[str, np.ndarray]:
    """A utility of each sort for every province; by its sort, the ids in the order of `land.provinces`."""
    rng = desk.recipe.rng("utilities")
    owners: dict[str, np.ndarray] = {}
    for utility in dict.fromkeys(meter.utility for meter in METERS):
        owners[utility] = np.array(
            [_owner(desk, rng, organisations, utility, i) for i in range(len(desk.land.provinces))]
        )
    return owners


def _owner(desk: Desk, rng: np.random.Generator, organisations: Rows, utility: str, province: int) -> int:
    seat = seat_of(desk, province)
    name = f"{utility} Minh Họa {seat.province.name}"
    return organisations.add(**organisation_row(desk, name, "enterprise", seat, address(rng, seat)))


def batch_blocks(desk: Desk, types: DeviceTypes, owners: dict[str, np.ndarray]) -> Iterator[Block]:
    """The rows of the register, a block for each sort of meter."""
    first = 0
    for meter in METERS:
        cells = _cells(desk, types, meter)
        number = first + np.arange(len(cells.devices))
        first += len(number)
        yield {
            "id": desk.first_ids[DeviceBatch] + number,
            "source_id": [f"batch-{n + 1}" for n in number.tolist()],
            **desk.stamp,
            "publish_state": INTERNAL,
            **desk.where(cells.commune),
            "device_type_id": types.ids[meter.device_type],
            "owner_id": owners[meter.utility][desk.land.province_numbers[cells.commune]],
            "valid_until": cells.valid_until,
            "devices": cells.devices,
        }


def _cells(desk: Desk, types: DeviceTypes, meter: Meter) -> Cells:
    rng, land = desk.recipe.rng("batches", meter.device_type), desk.land
    rate = np.where(land.wards, meter.in_wards, meter.elsewhere)
    devices = np.rint(land.populations / PEOPLE_PER_HOUSEHOLD * rate).astype(int)
    communes = np.flatnonzero(devices)
    months = months_for(desk.recipe.devices)
    split = _split(rng, devices[communes], months)
    until = _months(rng, desk, int(types.cycle[types.ids[meter.device_type]]), len(communes), months)
    which, month = np.nonzero(split)
    return Cells(communes[which], until[which, month], split[which, month])


def _split(rng: np.random.Generator, devices: np.ndarray, months: int) -> np.ndarray:
    """Each commune's meters over its months and, in the last column, those of which nothing is known."""
    shares = np.hstack(
        [rng.dirichlet(np.full(months, 3.0), size=len(devices)) * (1 - UNKNOWN), np.full((len(devices), 1), UNKNOWN)]
    )
    split = np.floor(shares * devices[:, None]).astype(int)
    split[:, 0] += devices - split.sum(axis=1)
    return split


def _months(rng: np.random.Generator, desk: Desk, cycle: int, communes: int, months: int) -> np.ndarray:
    """For each commune distinct ends of months, spread over the cycle and a little before today; last column NaT."""
    first = desk.recipe.today.astype("datetime64[M]") - OVERDUE_MONTHS + 1
    choices = np.argsort(rng.random((communes, cycle + OVERDUE_MONTHS)), axis=1)[:, :months]
    ends = (first + choices + 1).astype("datetime64[D]") - 1
    return np.hstack([ends, np.full((communes, 1), np.datetime64("NaT", "D"))])
