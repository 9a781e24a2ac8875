"""Jobs of the tile server, run by the worker."""

from layers.tasks import repeated
from tiles.sweep import keep_within_bound, remove_over

# What may no longer be served is gone from the disk within a minute: that looks at a few folders only.
SWEEP_EVERY_S = 30
# This one walks over every stored file.
MEASURE_EVERY_S = 600


@repeated(every_s=SWEEP_EVERY_S)
def sweep_tiles() -> int:
    """Removes tiles and archives of closed layers and tiles of other days; gives how many versions."""
    return remove_over()


@repeated(every_s=MEASURE_EVERY_S)
def bound_tiles() -> int:
    """Removes stored tiles beyond the bound; gives the bytes left."""
    return keep_within_bound()
