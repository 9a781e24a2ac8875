"""`MAP_STREETS`: what is no file of streets is refused by name and reason, in both languages, at the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pmtiles.tile import Compression, TileType

from geodata.streets_file import BrokenPart, StreetsFault, StreetsFile
from mapapp.environment import Environment
from tests.tiles.street_files import ATTRIBUTION, HA_NOI, SCHEMAS, encoded, tile_of, write, written

ROOT = Path(__file__).resolve().parents[2]
LAYERS = SCHEMAS["openmaptiles"][1]


def told(path: Path | str) -> str:
    """What the settings say of that file."""
    env = Environment({"MAP_STREETS": str(path)})
    assert env.streets("MAP_STREETS") is None
    (fault,) = env.faults
    assert fault.startswith("MAP_STREETS=") and "phải" in fault and "must" in fault
    return fault


def one_tile(path: Path, **changes) -> Path:  # type: ignore[no-untyped-def]
    tile = tile_of(HA_NOI, changes.pop("zoom", 12))
    return write(path, {tile: b"\x1a\x00"}, changes.pop("layers", LAYERS), **changes)


def test_a_missing_or_unreadable_file_is_refused(tmp_path: Path) -> None:
    assert "readable" in told(tmp_path / "nowhere.pmtiles")
    assert "readable" in told(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PMTiles", b"PMTiles\x02" + bytes(200), b"SQLite format 3\0" + bytes(200)])
def test_what_is_no_pmtiles_3_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pmtiles").write_bytes(content)
    assert "version 3" in told(tmp_path / "a.pmtiles")


def test_pictures_are_refused(tmp_path: Path) -> None:
    assert "MVT" in told(one_tile(tmp_path / "a.pmtiles", tile_type=TileType.PNG))


def test_a_packing_that_is_not_read_is_refused(tmp_path: Path) -> None:
    assert "gzip" in told(one_tile(tmp_path / "a.pmtiles", tile_compression=Compression.ZSTD))


@pytest.mark.parametrize(
    "layers", [{}, {"streets": ("kind",)}, {"roads": ("pmap:kind",)}, {"transportation": ("type",)}]
)
def test_another_schema_is_refused(tmp_path: Path, layers: dict) -> None:
    fault = told(one_tile(tmp_path / "a.pmtiles", layers=layers))
    assert "OpenMapTiles" in fault and "Protomaps" in fault


@pytest.mark.parametrize(
    "metadata", [{"vector_layers": 7}, {"vector_layers": [3, None]}, {"vector_layers": [{"id": 5}]}]
)
def test_metadata_that_name_no_layers_are_refused(tmp_path: Path, metadata: dict) -> None:
    assert "OpenMapTiles" in told(one_tile(tmp_path / "a.pmtiles", metadata=metadata))


def test_damaged_metadata_are_refused(tmp_path: Path) -> None:
    path = one_tile(tmp_path / "a.pmtiles")
    content = bytearray(path.read_bytes())
    at = int.from_bytes(content[24:32], "little")
    content[at : at + 20] = bytes(20)
    path.write_bytes(content)
    assert "metadata" in told(path)


def test_a_file_without_near_zooms_is_refused(tmp_path: Path) -> None:
    assert "zooms" in told(one_tile(tmp_path / "a.pmtiles", zoom=8))


def test_a_program_with_such_a_setting_ends_with_one_line(tmp_path: Path) -> None:
    variables = {**os.environ, "MAP_STREETS": str(tmp_path / "nowhere.pmtiles")}
    command = [sys.executable, "manage.py", "roll_over"]
    ended = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    assert ended.returncode == 1 and ended.stderr.count("\n") == 1 and ended.stderr.startswith("MAP_STREETS=")


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_sound_file_is_taken(tmp_path: Path, schema: str) -> None:
    path = written(tmp_path / "a.pmtiles", schema)
    env = Environment({"MAP_STREETS": f" {path} "})
    assert (env.streets("MAP_STREETS"), env.faults) == (path, [])
    read = StreetsFile(path)
    assert (read.schema, read.zooms, read.credit) == (schema, (10, 14), "© Maker © OpenStreetMap contributors")
    tile = tile_of(HA_NOI, 14)
    assert read.tile(tile.z, tile.x, tile.y) == encoded(tile, SCHEMAS[schema][0]())


def test_none_is_none() -> None:
    env = Environment({"MAP_STREETS": ""})
    assert (env.streets("MAP_STREETS"), env.faults) == (None, [])


def test_unpacked_tiles_are_read_too(tmp_path: Path) -> None:
    read = StreetsFile(one_tile(tmp_path / "a.pmtiles", packed=False))
    tile = tile_of(HA_NOI, 12)
    assert read.tile(tile.z, tile.x, tile.y) == b"\x1a\x00"


def test_tiles_behind_leaf_directories_are_found(tmp_path: Path) -> None:
    middle = tile_of(HA_NOI, 14)
    tiles = {type(middle)(14, middle.x + x, middle.y + y): f"{x} {y}".encode() for x in range(150) for y in range(150)}
    read = StreetsFile(write(tmp_path / "a.pmtiles", tiles, LAYERS))
    assert all(read.tile(tile.z, tile.x, tile.y) == body for tile, body in list(tiles.items())[::97])
    assert read.tile(14, 3, 3) == b""


@pytest.mark.parametrize(
    ("given", "credit"),
    [
        (None, "© OpenStreetMap"),
        (7, "© OpenStreetMap"),
        ("", "© OpenStreetMap"),
        ("Maker", "Maker © OpenStreetMap"),
        ("<b>© OpenStreetMap</b>", "© OpenStreetMap"),
        (ATTRIBUTION, "© Maker © OpenStreetMap contributors"),
        ("<script>x</script> &lt;i&gt; OpenStreetMap", "x <i> OpenStreetMap"),
    ],
)
def test_openstreetmap_is_credited_whatever_the_file_says(tmp_path: Path, given: object, credit: str) -> None:
    metadata = {"vector_layers": [{"id": "transportation", "fields": {"class": ""}}], "attribution": given}
    assert StreetsFile(one_tile(tmp_path / "a.pmtiles", metadata=metadata)).credit == credit


def test_a_file_that_ends_too_early_is_broken_where_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pmtiles", "protomaps")
    read = StreetsFile(path)
    os.truncate(path, 600)
    tile = tile_of(HA_NOI, 14)
    with pytest.raises(BrokenPart):
        read.tile(tile.z, tile.x, tile.y)


def test_a_fault_says_why_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(StreetsFault) as raised:
        StreetsFile(tmp_path / "nowhere")
    assert raised.value.told.vi and raised.value.told.en
