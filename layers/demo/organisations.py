"""Invented organisations, first of all the provinces' departments that keep the registers' rows."""

import numpy as np

from geodata.text import search_key
from layers.demo.land import Commune
from layers.demo.names import address
from layers.demo.rows import Desk, Rows


def organisation_row(
    desk: Desk, name: str, org_type: str, seat: Commune, where: str, *, public: bool = True, tax_code: str = ""
) -> dict[str, object]:
    """The columns of an organisation; an invented tax code begins with 99, which no province has."""
    return {
        **desk.record(seat, public=public),
        "name_vi": name,
        "org_type": org_type,
        "legal_address": where,
        "tax_code": tax_code,
        "search_key": search_key(f"{name} {where}"),
    }


def make_departments(desk: Desk, organisations: Rows) -> None:
    """Adds a department for each province in the order of `land.provinces`; their ids are `desk.keepers`."""
    rng = desk.recipe.rng("departments")
    for number, province in enumerate(desk.land.provinces):
        seat = seat_of(desk, number)
        name = f"Sở Khoa học và Công nghệ {province.name} (minh họa)"
        organisations.add(**organisation_row(desk, name, "state_agency", seat, address(rng, seat)))


def seat_of(desk: Desk, province_number: int) -> Commune:
    """The commune of the province with most people, a ward if it has some: where offices are."""
    land = desk.land
    people = land.populations * np.where(land.wards, 10, 1)
    return land.communes[int(np.argmax(np.where(land.province_numbers == province_number, people, -1)))]
