"""The provinces' departments that keep the registers' rows: one of each province, the first organisations of all."""

import numpy as np

from layers.demo.bodies import organisation_row
from layers.demo.names import address
from layers.demo.rows import Desk, Rows


def make_departments(desk: Desk, organisations: Rows) -> None:
    """Adds a department for each province in the order of `land.provinces`; their ids are `desk.keepers`."""
    rng = desk.recipe.rng("departments")
    for number, province in enumerate(desk.land.provinces):
        seat = desk.land.communes[int(np.argmax(desk.land.province_numbers == number))]
        name = f"Sở Khoa học và Công nghệ {province.name} (minh họa)"
        organisations.add(**organisation_row(desk, name, "state_agency", seat, address(rng, seat)))
