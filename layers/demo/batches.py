"""Meters of the utilities as counts per commune, type and month: millions of them, in few rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from layers.demo.bodies import organisation_row
from layers.demo.copying import Block
from layers.demo.device_types import DeviceTypes
from layers.demo.names import address
from layers.demo.recipe import SOURCE_SYSTEM
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
    seat = desk.land.communes[int(np.argmax(desk.land.province_numbers == province))]
    name = f"{utility} Minh Họa {seat.province.name}"
    return organisations.add(**organisation_row(desk, name, "enterprise", seat, address(rng, seat)))


def batch_blocks(desk: Desk, types: DeviceTypes, owners: dict[str, np.ndarray]) -> Iterator[Block]:
    """The rows of the register, a block for each sort of meter."""
    numbers = count(1)
    for meter in METERS:
        block = _block(desk, types, meter, owners[meter.utility])
        ids = np.array([next(numbers) for _ in block["devices"]])
        yield {"id": desk.first_ids[DeviceBatch] + ids - 1, "source_id": [f"batch-{n}" for n in ids], **block}


def _block(desk: Desk, types: DeviceTypes, meter: Meter, owners: np.ndarray) -> Block:
    rng, land = desk.recipe.rng("batches", meter.device_type), desk.land
    rate = np.where(land.wards, meter.in_wards, meter.elsewhere)
    devices = np.rint(land.populations / PEOPLE_PER_HOUSEHOLD * rate).astype(int)
    communes = np.flatnonzero(devices)
    months = months_for(desk.recipe.devices)
    split = _split(rng, devices[communes], months)
    until = _months(rng, desk, types, meter, len(communes), months)
    which, month = np.nonzero(split)
    return {
        **desk.stamp,
        "source_system": SOURCE_SYSTEM,
        "publish_state": INTERNAL,
        **desk.where(communes[which]),
        "device_type_id": types.ids[meter.device_type],
        "owner_id": owners[land.province_numbers[communes[which]]],
        "valid_until": until[which, month],
        "devices": split[which, month],
    }


def _split(rng: np.random.Generator, devices: np.ndarray, months: int) -> np.ndarray:
    """Each commune's meters over its months and, in the last column, those of which nothing is known."""
    shares = np.hstack(
        [rng.dirichlet(np.full(months, 3.0), size=len(devices)) * (1 - UNKNOWN), np.full((len(devices), 1), UNKNOWN)]
    )
    split = np.floor(shares * devices[:, None]).astype(int)
    split[:, 0] += devices - split.sum(axis=1)
    return split


def _months(
    rng: np.random.Generator, desk: Desk, types: DeviceTypes, meter: Meter, communes: int, months: int
) -> np.ndarray:
    """For each commune distinct ends of months, spread over the cycle and a little before today; last column NaT."""
    cycle = int(types.cycle[types.ids[meter.device_type]])
    first = desk.recipe.today.astype("datetime64[M]") - OVERDUE_MONTHS + 1
    choices = np.argsort(rng.random((communes, cycle + OVERDUE_MONTHS)), axis=1)[:, :months]
    ends = (first + choices + 1).astype("datetime64[D]") - 1
    return np.hstack([ends, np.full((communes, 1), np.datetime64("NaT", "D"))])
