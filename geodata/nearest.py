"""Distances to many positions at once (EPSG:4326), on the ellipsoid as PostGIS measures geographies, and about so."""

import numpy as np
from pyproj import Geod

_ELLIPSOID = Geod(ellps="WGS84")
_COMPARED = 64


def square_degrees(lon: float, lat: float, lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
    """Squares of the distances in degrees of latitude, as on a plane: as `geodata.functions.SquareDegreesFrom`."""
    east = (lons - lon + 180) % 360 - 180
    return (east * np.cos(np.radians((lats + lat) / 2))) ** 2 + (lats - lat) ** 2


def metres_to(lon: float, lat: float, lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
    """Metres from a position to each of the others."""
    _, _, metres = _ELLIPSOID.inv(np.full(len(lons), lon), np.full(len(lats), lat), lons, lats)
    return metres


def metres_to_nearest(lon: float, lat: float, lons: np.ndarray, lats: np.ndarray) -> float:
    """Metres from a position to the nearest of at least one others.

    The few that are nearest on a plane in degrees are measured. From another continent, where all are equally far, the
    nearest of all may be missed by what the plane is wrong.
    """
    plane = square_degrees(lon, lat, lons, lats)
    few = np.argpartition(plane, _COMPARED)[:_COMPARED] if len(plane) > _COMPARED else np.arange(len(plane))
    return float(metres_to(lon, lat, lons[few], lats[few]).min())
