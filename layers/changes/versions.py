"""The version of a whole layer: another one after every change of what its rows are found, filtered or drawn by."""

from django.db import connections

from layers.changes.blocks import BLOCKS
from layers.grid import key
from layers.layer import Layer


def version_of_layer(layer: Layer, *, using: str) -> str:
    """The layer as the caller sees it now, with the day of the map; inside `reading` that of what is read there."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT tile_version(%s, %s, %s)", [layer.name, key(0, 0, 0), BLOCKS])
        return str(cursor.fetchone()[0])
