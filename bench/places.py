"""Where the measurements keep their things: peers, seeded lists and figures. `make clean` takes all of it away."""

from scripts.places import VAR

FOLDER = VAR / "bench"
FIGURES = FOLDER / "figures"
TILE_CACHE = FOLDER / "tile_cache"
SINGLE_CACHE = FOLDER / "tile_cache_of_single_features"

SEED = 20261122
LAYER = "measuring_devices"
TABLE = "layers_measuringdevice"
