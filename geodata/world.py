"""The land of the world from the npm package world-atlas (Natural Earth 1:10m, public domain).

It assigns the islands of Hoàng Sa and Trường Sa wrongly: nothing of it is used inside their envelopes.
"""

from functools import cache
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

from geodata.archipelagos import ENVELOPES
from geodata.coverage_geometry import made_valid
from geodata.crs import WGS84

WORLD_ATLAS = Path(__file__).parent.parent / "node_modules" / "world-atlas" / "countries-10m.json"
_VIET_NAM = "704"


@cache
def _countries() -> gpd.GeoDataFrame:
    """All countries by their ISO number, valid, cut by the archipelagos' envelopes."""
    frame = pyogrio.read_dataframe(WORLD_ATLAS, layer="countries", columns=["id"])
    # Quantised coordinates fold some thin coasts over themselves.
    valid = made_valid(frame.geometry.to_numpy())
    return gpd.GeoDataFrame({"id": frame["id"]}, geometry=shapely.difference(valid, ENVELOPES), crs=WGS84)


def viet_nam() -> shapely.MultiPolygon:
    """The land of Viet Nam to about a kilometre, without the two archipelagos, which the source lacks."""
    frame = _countries()
    return shapely.MultiPolygon(shapely.get_parts(frame.geometry[frame["id"] == _VIET_NAM].iloc[0]).tolist())


def other_lands() -> gpd.GeoSeries:
    """The land of every other country, one geometry each, in no particular order."""
    frame = _countries()
    others = frame.geometry[frame["id"] != _VIET_NAM]
    return others[~others.is_empty].reset_index(drop=True)
