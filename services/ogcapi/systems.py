"""Systems of coordinates that requests name (OGC API - Features, Part 2: CRS by Reference)."""

from geodata.crs import CRS84, OFFERED, Crs, UnknownCrs, official, read_crs
from layers.errors import BadParameter

OFFERED_SYSTEMS = (CRS84, *map(official, OFFERED))
URIS = tuple(crs.uri for crs in OFFERED_SYSTEMS)


def read_system(text: str, parameter: str) -> Crs:
    """The offered system that the text names. Raises BadParameter for any other.

    A short name that means another order of coordinates than the system's own would have no URI to answer with.
    """
    try:
        crs = read_crs(text)
    except UnknownCrs:
        crs = None
    if crs not in OFFERED_SYSTEMS:
        known = ", ".join(URIS)
        raise BadParameter(
            "crs.unknown",
            f"{parameter} không có hệ tọa độ “{text[:60]}”. Các hệ có thể dùng: {known}.",
            f"{parameter} knows no system of coordinates “{text[:60]}”. Known ones: {known}.",
            parameter=parameter,
        )
    return crs
