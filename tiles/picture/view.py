"""What a picture looks at: a place, a zoom and a size in pixels, as the map counts them (512 px at zoom 0)."""

from dataclasses import dataclass, replace
from math import asinh, atan, degrees, floor, log2, pi, radians, sinh, tan

from geodata.archipelagos import COUNTRY_VIEW
from tiles.tile import Tile

WORLD_PX = 512
COUNTRY_MARGIN_PX = 6
# As the map goes to a bbox: static/js/map.js.
AREA_MARGIN_PX, AREA_MOST_ZOOM = 48, 16.0
# Cells of even zooms are so wide that rings would stand in rows: static/js/tilezoom.js says why.
LAST_COARSE_ZOOM = 12
_EARTH_M = 40_075_016.685578488
_ENDS = 85.0511287798066
# Of the world's width; an area may be a point.
_LEAST_SIDE = 1e-9

Bounds = tuple[float, float, float, float]


def world_x(lon: float) -> float:
    """0 at 180° W to 1 at 180° E."""
    return lon / 360 + 0.5


def world_y(lat: float) -> float:
    """0 at the northern end of Web Mercator to 1 at the southern one."""
    return 0.5 - asinh(tan(radians(max(-_ENDS, min(_ENDS, lat))))) / (2 * pi)


def longitude(x: float) -> float:
    """Degrees of a place in the world's width."""
    return max(-180.0, min(180.0, (x - 0.5) * 360))


def latitude(y: float) -> float:
    """Degrees of a place in the world's height."""
    return degrees(atan(sinh(pi * (1 - 2 * max(0.0, min(1.0, y))))))


@dataclass(frozen=True)
class View:
    """The middle (degrees), the zoom, and the size in pixels."""

    lon: float
    lat: float
    zoom: float
    width: int
    height: int

    @property
    def world_px(self) -> float:
        """How wide the whole world is at this zoom."""
        return WORLD_PX * 2**self.zoom

    def plot(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of a place of the world (0…1), from the upper left corner."""
        left, top = self.corner
        return x * self.world_px - left, y * self.world_px - top

    def holds(self, px: float, py: float) -> bool:
        """Whether a pixel lies in the picture."""
        return 0 <= px <= self.width and 0 <= py <= self.height

    def plot_degrees(self, lon: float, lat: float) -> tuple[float, float]:
        """The same of a position in degrees."""
        return self.plot(world_x(lon), world_y(lat))

    @property
    def corner(self) -> tuple[float, float]:
        """The upper left corner in pixels of the world."""
        return (
            world_x(self.lon) * self.world_px - self.width / 2,
            world_y(self.lat) * self.world_px - self.height / 2,
        )

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in degrees."""
        return self.around(0)

    def around(self, margin_px: float) -> Bounds:
        """The same with a margin on each side."""
        left, top = (corner - margin_px for corner in self.corner)
        right, bottom = left + self.width + 2 * margin_px, top + self.height + 2 * margin_px
        west, east = (longitude(side / self.world_px) for side in (left, right))
        return west, latitude(bottom / self.world_px), east, latitude(top / self.world_px)

    @property
    def shows_country(self) -> bool:
        """Whether all that a map of the whole country contains lies inside, with a pixel's tolerance."""
        west, south, east, north = self.around(1)
        country = COUNTRY_VIEW
        return west <= country[0] and south <= country[1] and east >= country[2] and north >= country[3]

    @property
    def metres_per_px(self) -> float:
        """At the middle of the picture."""
        return _EARTH_M / self.world_px / _stretch(self.lat)

    def tile_zoom(self, zooms: tuple[int, int]) -> int:
        """The zoom of the tiles to draw from, within those that a layer has."""
        whole = floor(self.zoom)
        coarse = whole % 2 == 0 and whole <= LAST_COARSE_ZOOM
        return max(zooms[0], min(zooms[1], whole + 1 if coarse else whole))

    def tiles(self, z: int, *, margin_px: float) -> list[Tile]:
        """The tiles of that zoom that the view touches with its margin, row by row."""
        size, last = self.world_px / 2**z, 2**z - 1
        left, top = self.corner
        columns = _range(left - margin_px, left + self.width + margin_px, size, last)
        rows = _range(top - margin_px, top + self.height + margin_px, size, last)
        return [Tile(z, x, y) for y in rows for x in columns]

    def moved(self, right: float, down: float, nearer: float = 0) -> "View":
        """The view that many of its widths and heights farther, and that many zooms nearer."""
        left, top = self.corner
        x = (left + self.width * (0.5 + right)) / self.world_px
        y = (top + self.height * (0.5 + down)) / self.world_px
        return View(longitude(x), latitude(y), self.zoom + nearer, self.width, self.height)


def country_view(width: int, height: int) -> View:
    """The whole country with both archipelagos, as large as the size allows."""
    return _fitted(COUNTRY_VIEW, width, height, COUNTRY_MARGIN_PX)


def area_view(area: Bounds, width: int, height: int) -> View:
    """All of an area with room around it, no nearer than AREA_MOST_ZOOM."""
    fitted = _fitted(area, width, height, AREA_MARGIN_PX)
    return replace(fitted, zoom=min(fitted.zoom, AREA_MOST_ZOOM))


def _fitted(bounds: Bounds, width: int, height: int, margin_px: int) -> View:
    west, south, east, north = bounds
    across, down = world_x(east) - world_x(west), world_y(south) - world_y(north)
    room = 2 * margin_px
    pixels = min((width - room) / max(across, _LEAST_SIDE), (height - room) / max(down, _LEAST_SIDE))
    middle = (world_y(south) + world_y(north)) / 2
    return View((west + east) / 2, latitude(middle), log2(pixels / WORLD_PX), width, height)


def _range(first_px: float, last_px: float, size: float, last: int) -> range:
    return range(max(0, floor(first_px / size)), min(last, floor(last_px / size)) + 1)


def _stretch(lat: float) -> float:
    """How much larger Web Mercator draws things at a latitude than at the equator."""
    return (1 + tan(radians(lat)) ** 2) ** 0.5
