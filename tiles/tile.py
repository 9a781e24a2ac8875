"""z/x/y arithmetic of XYZ tiles in Web Mercator."""

import re
from dataclasses import dataclass
from math import atan, degrees, pi, sinh

from layers.errors import NotFound

EXTENT = 4096
# Degrees farther than any position that a row may hold.
BEYOND = 1000.0
_NUMBER = re.compile(r"0|[1-9][0-9]{0,7}", re.ASCII)


@dataclass(frozen=True)
class Tile:
    """One tile of the matrix. `x` runs east, `y` south."""

    z: int
    x: int
    y: int

    @property
    def across(self) -> int:
        """How many tiles the world is wide at this zoom."""
        return 1 << self.z

    def bounds(self, *, margin: float = 0.0) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees, widened by `margin` of a tile's width on each side."""
        west, east = (self._longitude(self.x + side) for side in (-margin, 1 + margin))
        north, south = (self._latitude(self.y + side) for side in (-margin, 1 + margin))
        return west, south, east, north

    def position(self, across: float, down: float) -> tuple[float, float]:
        """Longitude and latitude of a place in the tile, given in its widths from the north-western corner."""
        return self._longitude(self.x + across), self._latitude(self.y + down)

    def ancestor(self, z: int) -> "Tile":
        """The tile of a lower zoom in which this one lies."""
        return Tile(z, self.x >> (self.z - z), self.y >> (self.z - z))

    def reach(self, *, margin: float) -> tuple[float, float, float, float]:
        """The box of all positions that belong to the tile: what lies beyond the grid's edge belongs to the edge."""
        west, south, east, north = self.bounds(margin=margin)
        last = self.across - 1
        west, east = (-BEYOND if self.x == 0 else west), (BEYOND if self.x == last else east)
        return west, (-BEYOND if self.y == last else south), east, (BEYOND if self.y == 0 else north)

    def _longitude(self, column: float) -> float:
        return max(-180.0, min(180.0, column / self.across * 360.0 - 180.0))

    def _latitude(self, row: float) -> float:
        inside = max(0.0, min(1.0, row / self.across))
        return degrees(atan(sinh(pi * (1 - 2 * inside))))


def read_tile(z: str, x: str, y: str, *, zooms: tuple[int, int]) -> Tile:
    """The tile of this address. Raises NotFound outside the matrix or the zooms, or for any but the canonical form."""
    if not all(_NUMBER.fullmatch(part) for part in (z, x, y)) or len(z) > 2:
        raise _no_such_tile(zooms)
    tile = Tile(int(z), int(x), int(y))
    if not zooms[0] <= tile.z <= zooms[1] or tile.x >= tile.across or tile.y >= tile.across:
        raise _no_such_tile(zooms)
    return tile


def _no_such_tile(zooms: tuple[int, int]) -> NotFound:
    first, last = zooms
    return NotFound(
        "tile.address",
        f"Không có ô này: z từ {first} đến {last}, x và y từ 0 đến 2^z − 1, không có số 0 ở đầu.",
        f"There is no such tile: z is {first} to {last}, x and y are 0 to 2^z − 1, without leading zeros.",
    )
