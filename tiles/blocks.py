"""The parameter `blocks`: the tiles whose versions are asked for."""

from layers.errors import BadParameter, NotFound
from layers.layer import Layer
from tiles.tile import Tile, read_tile

MAX_BLOCKS = 200


def read_blocks(text: str, layer: Layer) -> dict[str, Tile]:
    """The tiles of the layer that `text` names as `z/x/y,…`, by name, each once. Raises BadParameter."""
    names = dict.fromkeys(text.split(","))
    if not text or len(names) > MAX_BLOCKS:
        raise _refused("count", f"cần 1 đến {MAX_BLOCKS} ô", f"needs 1 to {MAX_BLOCKS} tiles")
    return {name: _read(name, layer) for name in names}


def _read(name: str, layer: Layer) -> Tile:
    parts = name.split("/")
    if len(parts) != 3:
        raise _refused("form", f"có ô “{name[:40]}”, không phải z/x/y", f"has “{name[:40]}”, which is not z/x/y")
    try:
        return read_tile(*parts, zooms=layer.zooms)
    except NotFound as error:
        vi, en = f"có ô “{name[:40]}”. {error.message.vi}", f"has “{name[:40]}”. {error.message.en}"
        raise _refused("address", vi.rstrip("."), en.rstrip(".")) from error


def _refused(code: str, vi: str, en: str) -> BadParameter:
    return BadParameter(f"blocks.{code}", f"blocks {vi}.", f"blocks {en}.", parameter="blocks")
