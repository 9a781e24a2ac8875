"""The order of the two axes, and what a request is told whose positions lie off the earth: mostly they are swapped."""

from collections.abc import Sequence

from geodata.crs import LATITUDE_FIRST, WGS84, Crs
from geodata.language import Both, both
from layers.areas import BBox

# Viet Nam with its seas and islands, generously: no latitude of it is a longitude of it.
_LATITUDES, _LONGITUDES = (4, 24), (100, 120)


def axis_order(crs: Crs) -> Both:
    """Which numbers come first in a system in degrees, by the way in which the system was named."""
    if crs.latitude_first:
        return both(
            f"EPSG:{crs.code} viết bằng URN hay URI có vĩ độ trước: nam,tây,bắc,đông",
            f"EPSG:{crs.code} by URN or URI has latitude first: south,west,north,east",
        )
    name = f"EPSG:{crs.code}"
    who = both(f"CRS84 và {name}", f"CRS84 and {name}") if crs.code == WGS84 else both(name, name)
    return both(
        f"{who.vi} viết ngắn có kinh độ trước: tây,nam,đông,bắc",
        f"longitude comes first in {who.en} by its short name: west,south,east,north",
    )


def west_first(numbers: Sequence[float], crs: Crs) -> BBox:
    """The four numbers of a box in the order of `crs`, as west, south, east, north."""
    first, second, third, fourth = numbers
    return (second, first, fourth, third) if crs.latitude_first else (first, second, third, fourth)


def off_earth(lons: Sequence[float], lats: Sequence[float], crs: Crs) -> Both | None:
    """What is wrong with positions of `crs` that lie off the earth; None where they do not, or are not in degrees."""
    if crs.code not in LATITUDE_FIRST or (_all_in(lons, (-180, 180)) and _all_in(lats, (-90, 90))):
        return None
    order = axis_order(crs)
    if _all_in(lons, _LATITUDES) and _all_in(lats, _LONGITUDES):
        return both(
            f"nằm ngoài Trái Đất; có vẻ kinh độ và vĩ độ bị đổi chỗ: {order.vi}",
            f"off the earth; longitude and latitude seem swapped: {order.en}",
        )
    return both(
        f"nằm ngoài Trái Đất: kinh độ −180…180, vĩ độ −90…90, tính bằng độ; {order.vi}. Có thể là mét của hệ khác",
        f"off the earth: longitude −180…180, latitude −90…90, in degrees; {order.en}. They may be metres of another"
        " system",
    )


def _all_in(numbers: Sequence[float], span: tuple[float, float]) -> bool:
    least, most = span
    return all(least <= number <= most for number in numbers)
