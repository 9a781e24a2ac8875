"""All tiles of a zoom made together: the very features that each has when it is made alone."""

from collections.abc import Iterator
from datetime import date
from random import Random

import mapbox_vector_tile
import pytest

from layers.layer import Layer
from layers.query import FeatureQuery, reading
from layers.registry import all_layers, get
from tests.layers.oracle import expected
from tiles.mvt import make_tile, points
from tiles.mvt.many import make_tiles
from tiles.tile import Tile

POINTS = [pytest.param(layer, id=layer.name) for layer in all_layers() if layer.geometry == "point"]


@pytest.fixture
def snapshot(world: date) -> Iterator[date]:
    """One snapshot for all that is compared; gives its day."""
    with reading(None, "job"):
        yield world


def _decoded(body: bytes) -> list[str]:
    """The features of a tile in an order of their own."""
    held = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}) if body else {}
    return sorted(f"{name} {sorted(one.items())}" for name, layer in held.items() for one in layer["features"])


def _alone(layer: Layer, zooms: range, day: date) -> Iterator[tuple[Tile, bytes]]:
    """Every tile that holds something, made one by one from the top down."""
    level = [Tile(0, 0, 0)]
    for zoom in zooms:
        found = [(tile, body) for tile in level if (body := make_tile(layer, tile, FeatureQuery(day=day)))]
        yield from found
        level = [Tile(zoom + 1, 2 * tile.x + i, 2 * tile.y + j) for tile, _ in found for i in (0, 1) for j in (0, 1)]


def _compare(layer: Layer, zooms: range, day: date) -> None:
    together = {tile: body for zoom in zooms for tile, body in make_tiles(layer, zoom, day)}
    alone = dict(_alone(layer, zooms, day))
    assert set(together) == set(alone)
    for tile, body in alone.items():
        assert _decoded(together[tile]) == _decoded(body), tile


@pytest.mark.parametrize("budget", [1500, 12])
@pytest.mark.parametrize("layer", POINTS)
def test_points_and_clusters_of_every_tile(
    layer: Layer, budget: int, snapshot: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "BUDGET", budget)
    _compare(layer, range(8), snapshot)


@pytest.mark.parametrize("name", ["provinces", "communes"])
def test_areas_of_every_tile(name: str, snapshot: date) -> None:
    _compare(get(name), range(6), snapshot)


@pytest.mark.parametrize("budget", [1500, 3])
@pytest.mark.parametrize("zoom", [9, 12, 13, 16])
@pytest.mark.parametrize("layer", POINTS)
def test_deep_tiles_hold_every_row_once_and_what_each_holds_alone(
    layer: Layer, zoom: int, budget: int, snapshot: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "BUDGET", budget)
    together = dict(make_tiles(layer, zoom, snapshot))
    found = [one for body in together.values() for one in mapbox_vector_tile.decode(body)[layer.name]["features"]]
    assert sum(one["properties"].get("count", 1) for one in found) == expected(layer.name, {}, snapshot)
    fullest = sorted(together, key=lambda tile: -len(together[tile]))[:5]
    for tile in fullest + Random(zoom).sample(sorted(together, key=str), 10):
        body = make_tile(layer, tile, FeatureQuery(day=snapshot))
        assert _decoded(together[tile]) == _decoded(body), tile
