"""What the features and clusters of tiles carry."""

from layers.access import User
from layers.grid import BITS
from layers.layer import Field, Layer
from layers.query import columns
from tiles.tile import EXTENT

# Ids from here on are clusters: register rows stay below (4096 nodes of 2^40 ids).
FIRST_CLUSTER_ID = 2**52
# A cluster whose members' positions are not all known alike.
MIXED = "mixed"


def tile_fields(layer: Layer, user: User) -> tuple[Field, ...]:
    """The fields of single features that the caller may see, in the order of declaration."""
    return columns(layer, user, fields=tuple(item.name for item in layer.fields if item.tile))


def class_codes(layer: Layer) -> tuple[str, ...]:
    """The values that clusters count apart, as `n_<code>`."""
    return layer.class_field.codes.codes() if layer.class_field else ()


def first_cluster_id(zoom: int) -> int:
    """Ids of clusters of one zoom are this plus the key of their cell: below 2^53, never a feature's."""
    return FIRST_CLUSTER_ID + (zoom << 44)


def pixel(x: str, y: str, zoom: int) -> str:
    """SQL of a point in the units of its tile, rounded down, from a position on the grid."""
    inside = f"& {(1 << BITS - zoom) - 1}) >> {BITS - zoom - EXTENT.bit_length() + 1}"
    return f"ST_MakePoint(({x} {inside}, ({y} {inside})"
