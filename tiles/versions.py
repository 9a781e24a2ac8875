"""Which state of the data a tile shows, as a word: the same word, the same bytes.

`<generation>-<day>-<n>-<last>`: what makes bytes from rows, the day of the map, how many changes of the tile's block
the reader sees, and the newest of them (`layers.changes`). A tile of zoom 12 or less is a block of its own, a deeper
one shares its ancestor's. Asked inside `reading`, it is the version of what is read there.
"""

import hashlib
import re
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import connections

from layers.changes.blocks import BLOCKS
from layers.changes.effects import questions_of_tiles
from layers.grid import key
from layers.layer import Layer
from tiles.mvt.statements import Statement, run_prepared
from tiles.tile import Tile

FORM = re.compile(r"[0-9a-f]{10}-[0-9]{8}-[0-9]+-[0-9]+", re.ASCII)
_FLOORS = ("geodata", "layers", "tiles")
_ROOT = Path(__file__).resolve().parent.parent
_ONE = Statement("SELECT tile_version(%(layer)s::text, %(cell)s::bigint, %(below)s::integer)", {})
_MANY = "SELECT cell, tile_version(%s, cell, below) FROM unnest(%s::bigint[], %s::integer[]) AS block(cell, below)"


def version_of(layer: Layer, tile: Tile) -> str:
    """The version of one tile as the public sees it now."""
    cell, below = block_of(tile)
    (counted,) = run_prepared(_ONE, {"layer": layer.name, "cell": cell, "below": below})
    return f"{generation(layer)}-{counted}"


def versions_of(layer: Layer, tiles: list[Tile]) -> dict[Tile, str]:
    """The version of each tile, all of one moment."""
    blocks = {tile: block_of(tile) for tile in tiles}
    cells, below = zip(*set(blocks.values()), strict=True) if blocks else ((), ())
    with connections["open"].cursor() as cursor:
        cursor.execute(_MANY, [layer.name, list(cells), list(below)])
        found = dict(cursor.fetchall())
    return {tile: f"{generation(layer)}-{found[cell]}" for tile, (cell, _) in blocks.items()}


def day_of(version: str) -> date:
    """The day of the map that a version shows."""
    return date.fromisoformat(version.split("-")[1])


def block_of(tile: Tile) -> tuple[int, int]:
    """The key of the tile's block, and how many levels the blocks that changes are noted by lie below it."""
    deeper = max(tile.z - BLOCKS, 0)
    level = tile.z - deeper
    return key(level, tile.x >> deeper, tile.y >> deeper), BLOCKS - level


def of_generation(layer: Layer, version: str) -> bool:
    """Whether this program, with its settings and declarations, makes or made such a version."""
    return FORM.fullmatch(version) is not None and version.startswith(f"{generation(layer)}-")


@lru_cache(maxsize=256)
def generation(layer: Layer) -> str:
    """Of all that a layer's tiles depend on beside the rows: our sources, its declaration, the settings in that."""
    asked = sorted(f"{name} {make().query.sql_with_params()}" for name, make in questions_of_tiles(layer))
    shape = (
        layer.name,
        layer.zooms,
        layer.style.classes,
        layer.weight,
        [item.name for item in layer.fields if item.tile],
    )
    return hashlib.blake2b(repr((SOURCES, shape, asked)).encode(), digest_size=5).hexdigest()


def _digest_of_sources() -> str:
    """A digest of the code on the floors that tiles are made on."""
    found = hashlib.blake2b(digest_size=16)
    for floor in _FLOORS:
        for path in sorted((_ROOT / floor).rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()


# At the start: files that are replaced under a running program are not what it runs.
SOURCES = _digest_of_sources()
