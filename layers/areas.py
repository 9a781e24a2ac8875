"""Areas that a question asks for, and what they ask of a row's geometry: boxes, in degrees or not, and circles."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from math import cos, radians
from operator import or_

from django.contrib.gis.geos import Polygon
from django.db.models import F, Q

from geodata.crs import reach
from geodata.functions import IntersectsBox, OverlapsBox, ToCrs, WithinMetres

BBox = tuple[float, float, float, float]


@dataclass(frozen=True)
class Circle:
    """Everything within `metres` of a position (EPSG:4326), measured on the ellipsoid."""

    lon: float
    lat: float
    metres: float


@dataclass(frozen=True)
class ProjectedBox:
    """A box in another system of coordinates, by its EPSG code: least and largest easting and northing (or longitude
    and latitude). `reach` is a box in degrees that holds all of it; None where there is none.
    """

    code: int
    box: BBox
    reach: BBox | None


def projected(code: int, box: BBox) -> ProjectedBox:
    """The box of that system, longitude or easting first."""
    return ProjectedBox(code, box, reach(code, box))


def inside_boxes(boxes: Iterable[BBox]) -> Q:
    """In one of these boxes in degrees, their borders included."""
    return reduce(or_, (Q(geom__intersects=Polygon.from_bbox(_closed(box))) for box in boxes), Q())


def inside_projected(asked: ProjectedBox) -> Q:
    """Each geometry is moved into the box's system and tested there: no edge is bent. The index finds candidates."""
    exact = Q(IntersectsBox(ToCrs(F("geom"), asked.code), asked.code, asked.box))
    # First what costs little; an expression, for a lookup would be no test of three values where it is denied.
    return Q(OverlapsBox(F("geom"), asked.reach)) & exact if asked.reach else exact


def inside_circle(circle: Circle) -> Q:
    """True distance on the ellipsoid, after a box in degrees that the spatial index serves."""
    high = circle.metres / 110_000
    wide = min(180.0, high / max(cos(radians(min(89.0, abs(circle.lat) + high))), 0.01))
    box = (circle.lon - wide, circle.lat - high, circle.lon + wide, circle.lat + high)
    return Q(geom__bboverlaps=Polygon.from_bbox(box)) & Q(
        WithinMetres(F("geom"), circle.lon, circle.lat, circle.metres)
    )


def _closed(box: BBox) -> BBox:
    """The box, made a hair wider where it is a mere point or line: a polygon needs an area."""
    west, south, east, north = box
    return (west, south, east if east > west else west + 1e-12, north if north > south else south + 1e-12)
