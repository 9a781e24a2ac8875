"""What tiles hold, decoded: every row once, at every zoom, under every filter."""

from datetime import date

import mapbox_vector_tile
import pytest
from django.test import Client

from layers.layer import Layer
from layers.registry import all_layers
from tests.layers.oracle import expected
from tests.layers.questions import questions

POINTS = [pytest.param(layer, id=layer.name) for layer in all_layers() if layer.geometry == "point"]
AREAS = [pytest.param(layer, id=layer.name) for layer in all_layers() if layer.geometry == "polygon"]
COUNTRY = (102.0, 4.5, 118.0, 23.5)


def features(client: Client, layer: str, z: int, x: int, y: int, asked: dict[str, str]) -> list[dict]:
    """The features of one tile, decoded; coordinates in the tile's own units, y down."""
    answer = client.get(f"/tiles/{layer}/{z}/{x}/{y}.mvt", asked)
    assert answer.status_code in (200, 204), answer.content
    assert len(answer.content) <= 500_000
    if answer.status_code == 204:
        return []
    decoded = mapbox_vector_tile.decode(answer.content, default_options={"y_coord_down": True})
    assert list(decoded) == [layer]
    return decoded[layer]["features"]


def quarters(z: int, x: int, y: int) -> list[tuple[int, int, int]]:
    return [(z + 1, 2 * x + i, 2 * y + j) for i in (0, 1) for j in (0, 1)]


def occupied(client: Client, layer: str, zoom: int, asked: dict[str, str]) -> dict[tuple[int, int, int], list[dict]]:
    """All tiles of a zoom that hold something, found from the top down."""
    held = {(0, 0, 0): features(client, layer, 0, 0, 0, asked)}
    for _ in range(zoom):
        below = [tile for above, found in held.items() if found for tile in quarters(*above)]
        held = {tile: found for tile in below if (found := features(client, layer, *tile, asked))}
    return held


@pytest.mark.parametrize("layer", POINTS)
def test_counts_add_up_over_every_zoom_and_filter(layer: Layer, client: Client, world: date) -> None:
    for number, asked in enumerate(questions(layer, world)[:6]):
        zoom = (0, 3, 5, 6, 7, 8)[number]
        tiles = occupied(client, layer.name, zoom, asked)
        total = sum(one["properties"].get("count", 1) for found in tiles.values() for one in found)
        assert total == expected(layer.name, asked, world), (asked, zoom)


@pytest.mark.soak
@pytest.mark.parametrize("zoom", range(9))
@pytest.mark.parametrize("layer", POINTS)
def test_counts_add_up_under_all_twenty_filters(layer: Layer, zoom: int, client: Client, world: date) -> None:
    for asked in questions(layer, world):
        tiles = occupied(client, layer.name, zoom, asked)
        total = sum(one["properties"].get("count", 1) for found in tiles.values() for one in found)
        assert total == expected(layer.name, asked, world), asked


@pytest.mark.parametrize("layer", POINTS)
def test_a_cluster_counts_its_members_by_class(layer: Layer, client: Client) -> None:
    classes = layer.class_field.codes.codes()
    for one in features(client, layer.name, 3, 6, 3, {}):
        held = one["properties"]
        if "count" in held:
            empty = held["count"] - sum(held.get(f"n_{code}", 0) for code in classes)
            assert empty >= 0 and held["count"] >= 2
            assert empty == 0 or layer.name == "inspection_sites"  # a site never checked has no result
            assert (held.get("place") == 1) != ("expansion_zoom" in held)
            assert all(held[name] > 0 for name in held if name.startswith("n_"))


@pytest.mark.parametrize("layer", POINTS)
def test_points_lie_inside_their_tile_and_carry_the_declared_fields(layer: Layer, client: Client) -> None:
    for (_z, _x, _y), found in occupied(client, layer.name, 7, {}).items():
        for one in found:
            x, y = one["geometry"]["coordinates"]
            assert 0 <= x < 4096 and 0 <= y < 4096
            assert one["id"] < 2**53 and "geom_accuracy" in one["properties"]
            assert set(one["properties"]) <= _allowed(layer)


def _allowed(layer: Layer) -> set[str]:
    public = {item.name for item in layer.fields if item.tile and not item.roles}
    return public | {"count", "expansion_zoom", "place"} | {f"n_{code}" for code in layer.class_field.codes.codes()}


@pytest.mark.parametrize("layer", POINTS)
def test_a_cluster_is_whole_until_its_expansion_zoom(layer: Layer, client: Client) -> None:
    """Above it, at the position of the cluster's members, no part of it is left with the same count."""
    z, x, y = 3, 6, 3
    found = [one for one in features(client, layer.name, z, x, y, {}) if "expansion_zoom" in one["properties"]]
    assert all(z < one["properties"]["expansion_zoom"] <= 16 for one in found)
    for one in [one for one in found if one["properties"]["expansion_zoom"] <= 6][:3]:
        total, parts_at = one["properties"]["count"], one["properties"]["expansion_zoom"]
        cells = [_inside(client, layer.name, zoom, (z, x, y), one) for zoom in range(z + 1, parts_at + 1)]
        assert all(sum(held) == total for held in cells)
        assert len(cells[-1]) > 1 and all(len(held) == 1 for held in cells[:-1])


def _inside(client: Client, layer: str, zoom: int, tile: tuple[int, int, int], cluster: dict) -> list[int]:
    """The counts of what a deeper zoom draws inside the cell of a cluster."""
    z, x, y = tile
    factor, cell = 2 ** (zoom - z), 4096 // 16
    west, north = (int(number) // cell * cell for number in cluster["geometry"]["coordinates"])
    first = (x * factor + west * factor // 4096, y * factor + north * factor // 4096)
    last = (x * factor + ((west + cell) * factor - 1) // 4096, y * factor + ((north + cell) * factor - 1) // 4096)
    counts = []
    for column in range(first[0], last[0] + 1):
        for row in range(first[1], last[1] + 1):
            for one in features(client, layer, zoom, column, row, {}):
                u = ((column - x * factor) * 4096 + one["geometry"]["coordinates"][0]) / factor
                v = ((row - y * factor) * 4096 + one["geometry"]["coordinates"][1]) / factor
                if west <= u < west + cell and north <= v < north + cell:
                    counts.append(one["properties"].get("count", 1))
    return counts


@pytest.mark.parametrize("layer", AREAS)
@pytest.mark.parametrize("zoom", [0, 4, 6])
def test_no_unit_is_lost_at_any_zoom(layer: Layer, zoom: int, client: Client, world: date) -> None:
    tiles = occupied(client, layer.name, zoom, {})
    ids = {one["id"] for found in tiles.values() for one in found}
    assert len(ids) == expected(layer.name, {}, world) == {"provinces": 34, "communes": 3321}[layer.name]


def test_the_same_bytes_have_the_same_etag_and_a_caller_who_has_them_gets_304(client: Client) -> None:
    first = client.get("/tiles/laboratories/5/25/14.mvt")
    again = client.get("/tiles/laboratories/5/25/14.mvt", headers={"If-None-Match": first["ETag"]})
    assert first["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_tilejson_names_what_the_tiles_hold(client: Client) -> None:
    for layer in all_layers():
        described = client.get(f"/tiles/{layer.name}.json").json()
        assert described["tilejson"] == "3.0.0" and described["bounds"] == list(COUNTRY)
        assert described["vector_layers"][0]["id"] == layer.name
        assert (described["minzoom"], described["maxzoom"]) == layer.zooms
