"""Distances on the ellipsoid to many positions at once, as PostGIS measures geographies."""

import numpy as np
from pyproj import Geod

_ELLIPSOID = Geod(ellps="WGS84")
_COMPARED = 64


def metres_to_nearest(lon: float, lat: float, lons: np.ndarray, lats: np.ndarray) -> float:
    """Metres from a position to the nearest of at least one others, all EPSG:4326.

    The few that are nearest on a plane in degrees are measured. From another continent, where all are equally far, the
    nearest of all may be missed by what the plane is wrong.
    """
    east = (lons - lon + 180) % 360 - 180
    plane = (east * np.cos(np.radians((lats + lat) / 2))) ** 2 + (lats - lat) ** 2
    few = np.argpartition(plane, _COMPARED)[:_COMPARED] if len(plane) > _COMPARED else np.arange(len(plane))
    _, _, metres = _ELLIPSOID.inv(np.full(len(few), lon), np.full(len(few), lat), lons[few], lats[few])
    return float(metres.min())
