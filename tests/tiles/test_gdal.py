"""GDAL's MVT driver reads our tiles by their addresses: it finds in them what they hold, and what SQL counts."""

import json
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.request import urlopen

import mapbox_vector_tile
import pytest

from layers.layer import Layer
from layers.registry import all_layers
from tests.conftest import Server
from tests.layers.oracle import expected

EVERY = pytest.mark.parametrize("layer", all_layers(), ids=lambda layer: layer.name)
WORLD, HA_NOI = (0, 0, 0), (6, 50, 28)


def address_of(server: Server, layer: Layer, tile: tuple[int, int, int]) -> str:
    """GDAL takes nothing for a tile whose address does not end like one; OGC API's addresses give the same bytes."""
    z, x, y = tile
    return f"{server}/tiles/{layer.name}/{z}/{x}/{y}.mvt"


def by_gdal(address: str, layer: Layer, tile: tuple[int, int, int], path: Path) -> list[dict]:
    where = (word for name, number in zip("ZXY", tile, strict=True) for word in ("-oo", f"{name}={number}"))
    done = subprocess.run(
        [
            "ogr2ogr",
            "-f",
            "GeoJSON",
            str(path),
            f"MVT:{address}",
            layer.name,
            "-t_srs",
            "EPSG:4326",
            "-oo",
            "CLIP=NO",
            *where,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(path.read_text())["features"]


@EVERY
def test_gdal_finds_what_a_tile_holds(layer: Layer, server: Server, world: date, tmp_path: Path) -> None:
    address = address_of(server, layer, HA_NOI)
    found = by_gdal(address, layer, HA_NOI, tmp_path / "tile.geojson")
    with urlopen(address) as answer:  # noqa: S310 - our own address
        held = mapbox_vector_tile.decode(answer.read())[layer.name]["features"]
    assert Counter(one["properties"].get("mvt_id") for one in found) == Counter(one.get("id") for one in held)
    assert all(one["geometry"] for one in found)


@EVERY
def test_the_tile_of_the_world_holds_all_rows_for_gdal(
    layer: Layer, server: Server, world: date, tmp_path: Path
) -> None:
    found = by_gdal(address_of(server, layer, WORLD), layer, WORLD, tmp_path / "world.geojson")
    if layer.geometry == "point":
        number = sum(one["properties"].get("count") or 1 for one in found)
    else:
        number = len({one["properties"]["mvt_id"] for one in found})
    assert number == expected(layer.name, {}, world)
