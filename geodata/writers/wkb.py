"""WKB (OGC 06-103r4) as PostGIS makes it here: little-endian, two dimensions."""

from struct import unpack_from

POLYGON = 3
_POINT_HEAD = 5


def point(wkb: bytes) -> bytes:
    """The coordinates of a point: two doubles, little-endian."""
    return wkb[_POINT_HEAD:]


def polygons(wkb: bytes) -> list[list[bytes]]:
    """The rings of each polygon of a polygon or multipolygon, each ring as its coordinates: pairs of doubles."""
    kind, number = unpack_from("<II", wkb, 1)
    if kind == POLYGON:
        return [_rings(wkb, 0)[0]]
    found, at = [], 9
    for _ in range(number):
        rings, at = _rings(wkb, at)
        found.append(rings)
    return found


def _rings(wkb: bytes, at: int) -> tuple[list[bytes], int]:
    """The rings of the polygon that begins there, and where it ends."""
    (number,) = unpack_from("<I", wkb, at + 5)
    rings, at = [], at + 9
    for _ in range(number):
        (points,) = unpack_from("<I", wkb, at)
        end = at + 4 + 16 * points
        rings.append(wkb[at + 4 : end])
        at = end
    return rings, at
