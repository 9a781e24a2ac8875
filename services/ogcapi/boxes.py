"""`bbox` with `bbox-crs`: four numbers, or six of which the heights do not matter, in the order of their system."""

from dataclasses import replace

from geodata.crs import CRS84, WGS84, Crs
from layers.areas import BBox, ProjectedBox, projected
from layers.axes import off_earth, west_first
from layers.errors import BadParameter
from layers.filters import read_bbox
from layers.numbers import read_number
from layers.query import FeatureQuery


def in_box(query: FeatureQuery, text: str, crs: Crs = CRS84) -> FeatureQuery:
    """The same question, asked of a box only. Raises BadParameter.

    Part 1, 7.15.3: features that intersect the horizontal box; no feature here has a height.
    """
    parts = text.split(",")
    if len(parts) not in (4, 6):
        raise BadParameter(
            "bbox.count",
            "bbox cần bốn số, hoặc sáu số khi có độ cao; dùng dấu chấm cho phần thập phân.",
            "bbox needs four numbers, or six with heights; use a decimal point.",
            parameter="bbox",
        )
    for height in (parts[2], parts[5]) if len(parts) == 6 else ():
        read_number(height, "bbox")
    flat = (*parts[:2], *parts[3:5]) if len(parts) == 6 else parts
    if crs.code == WGS84:
        return query.inside(*read_bbox(",".join(flat), crs))
    box = west_first([read_number(part, "bbox") for part in flat], crs)
    return replace(query, projected=_projected(box, crs))


def _projected(box: BBox, crs: Crs) -> ProjectedBox:
    west, south, east, north = box
    told = off_earth((west, east), (south, north), crs)
    if told:
        raise BadParameter("bbox.range", f"bbox {told.vi}.", f"bbox is {told.en}.", parameter="bbox")
    if west > east or south > north:
        raise BadParameter(
            "bbox.order",
            "bbox: số nhỏ hơn đứng trước; chỉ kinh độ của EPSG:4326 và CRS84 được vượt kinh tuyến 180°.",
            "bbox: the smaller number comes first; only longitudes of EPSG:4326 and CRS84 may cross 180°.",
            parameter="bbox",
        )
    return projected(crs.code, box)
