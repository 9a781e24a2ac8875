"""The version of a whole layer: another one after every change of what its rows are found, filtered or drawn by."""

from collections.abc import Sequence

from django.db import connections

from layers.changes.blocks import BLOCKS
from layers.grid import key
from layers.layer import Layer


def versions_of_layers(layers: Sequence[Layer], *, using: str) -> dict[Layer, str]:
    """Each layer as the caller sees it now, with the day of the map; inside `reading` that of what is read there."""
    asked = ", ".join(["tile_version(%s, %s, %s)"] * len(layers))
    values = [value for layer in layers for value in (layer.name, key(0, 0, 0), BLOCKS)]
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {asked}", values)
        return dict(zip(layers, map(str, cursor.fetchone()), strict=True))
