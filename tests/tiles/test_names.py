"""No forbidden name in any tile of the base map; the names of both archipelagos in every picture of the country."""

from datetime import date

import mapbox_vector_tile
import pytest
from django.test import Client

from geodata.forbidden_names import find_forbidden_in

ZOOMS = (0, 2, 3, 4, 5, 6)


def labels(client: Client, z: int, x: int, y: int) -> list[dict]:
    """The properties of all named features of a base map tile."""
    answer = client.get(f"/tiles/basemap/{z}/{x}/{y}.mvt")
    if answer.status_code == 204:
        return []
    decoded = mapbox_vector_tile.decode(answer.content)
    return [one["properties"] for layer in decoded.values() for one in layer["features"]]


def tiles_of_the_country(zoom: int) -> list[tuple[int, int, int]]:
    """All tiles of a zoom that touch 100–120° E, 0–25° N."""
    across = 2**zoom
    columns = range(int((100 + 180) / 360 * across), int((120 + 180) / 360 * across) + 1)
    rows = range(int(0.42 * across), int(0.5 * across) + 1)
    return [(zoom, x, y) for x in columns for y in rows]


@pytest.mark.parametrize("zoom", ZOOMS)
def test_tiles_hold_both_archipelagos_names_and_no_forbidden_one(zoom: int, client: Client, world: date) -> None:
    found = [held for tile in tiles_of_the_country(zoom) for held in labels(client, *tile)]
    names = {str(held.get(name, "")) for held in found for name in ("name_vi", "name_en")}
    assert find_forbidden_in(names) == {}
    assert "Quần đảo Hoàng Sa (TP. Đà Nẵng, Việt Nam)" in names
    assert "Quần đảo Trường Sa (tỉnh Khánh Hòa, Việt Nam)" in names
    assert {"Biển Đông", "East Sea"} <= names


def test_the_style_names_no_forbidden_place_and_has_no_glyph_server(client: Client) -> None:
    for address in ("/style.json", "/style.json?theme=dark&lang=en", "/layers.json?lang=en"):
        answer = client.get(address)
        assert find_forbidden_in([answer.content.decode()]) == {}
        assert "glyphs" not in answer.json()
