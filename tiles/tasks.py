"""Jobs of the tile server, run by the worker."""

from layers.tasks import repeated
from tiles.sweep import sweep

# What may no longer be served is gone from the disk within a minute.
SWEEP_EVERY_S = 30


@repeated(every_s=SWEEP_EVERY_S)
def sweep_tiles() -> int:
    """Removes stored tiles beyond the bound and of closed layers; gives the bytes left."""
    return sweep()
