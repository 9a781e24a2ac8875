"""Small maps drawn on the server: outlines and points as SVG, without tiles, scripts or styles of their own.

A map of the whole country contains COUNTRY_VIEW and names both archipelagos (Circular 17/2018/TT-BTNMT); a smaller one
names an archipelago that lies in it. Colours come from the page's style sheet by class. Positions are lon, lat in
EPSG:4326; the plane is the plate carrée of the middle latitude, good enough to recognise a place by.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import cos, radians

from django.contrib.gis.geos import GeometryCollection, GEOSGeometry, MultiPolygon, Polygon
from django.db.models import Min
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from geodata.archipelagos import ARCHIPELAGOS, COUNTRY_VIEW, Archipelago
from geodata.base_map import SEA_LABEL
from geodata.models import AdministrativeUnit, BaseMapFeature, LoadedSource, UnitOutline

WIDTH = 320
_MARGIN = 0.08
_LEAST_DEGREES = 0.01
_HALF_A_NAME = 84  # pixels of the longest label, in English
# How much higher or wider than the other side a map may be.
_LEAST_RATIO, _MOST_RATIO = 0.6, 1.25


@dataclass(frozen=True)
class Spot:
    """A point on a small map; `chosen` is the one that the page is about, `rough` is known to the commune only."""

    lon: float
    lat: float
    chosen: bool = False
    rough: bool = False


@dataclass(frozen=True)
class Frame:
    """The box that a map shows, in degrees, and its size in pixels."""

    west: float
    south: float
    east: float
    north: float

    @property
    def scale(self) -> float:
        """Pixels in a degree of latitude."""
        return WIDTH / ((self.east - self.west) * self._narrowing)

    @property
    def height(self) -> float:
        return (self.north - self.south) * self.scale

    @property
    def _narrowing(self) -> float:
        return cos(radians((self.south + self.north) / 2))

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a position lies, from the upper left corner."""
        return (lon - self.west) * self._narrowing * self.scale, (self.north - lat) * self.scale

    def holds(self, lon: float, lat: float) -> bool:
        return self.west <= lon <= self.east and self.south <= lat <= self.north


COUNTRY = Frame(*COUNTRY_VIEW)


def country_map(spots: Sequence[Spot], label: object) -> SafeString:
    """The whole country with both archipelagos and these spots; `label` says in words what is seen."""
    ground = _country_ground(_loaded_at())
    sea, at = SEA_LABEL
    names = [_name([str(sea)], *COUNTRY.pixel(*at), kind="sea"), *(_archipelago(one, COUNTRY) for one in ARCHIPELAGOS)]
    return _svg(COUNTRY, [ground, *names, *_spots(spots, COUNTRY)], label, kind="small-map country")


def unit_map(unit: AdministrativeUnit, spots: Sequence[Spot], label: object) -> SafeString:
    """The outline of a unit and these spots, framed so that all of them are seen. "" for a unit without a boundary."""
    outline = _outline(unit)
    if outline is None:
        return mark_safe("")
    frame = _around([outline.extent, *((one.lon, one.lat, one.lon, one.lat) for one in spots)])
    names = [_archipelago(one, frame) for one in ARCHIPELAGOS if frame.holds(*one.anchor)]
    return _svg(frame, [_path(outline, frame, "land"), *names, *_spots(spots, frame)], label, kind="small-map unit")


def _outline(unit: AdministrativeUnit) -> MultiPolygon | None:
    """The finest outline for tiles of a province; of a commune, which is small, the boundary itself."""
    if unit.level == "commune":
        return unit.geom
    outlines = UnitOutline.objects.using(unit._state.db).filter(unit=unit).order_by("-max_zoom")
    return outlines.values_list("geom", flat=True).first() or unit.geom


def _around(boxes: list[tuple[float, float, float, float]]) -> Frame:
    """All boxes with a margin, no longer and no higher than suits a page."""
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    narrowing = cos(radians((south + north) / 2))
    wide = max((east - west) * narrowing, _LEAST_DEGREES) * (1 + 2 * _MARGIN)
    high = max(north - south, _LEAST_DEGREES) * (1 + 2 * _MARGIN)
    wide, high = max(wide, high / _MOST_RATIO), max(high, wide * _LEAST_RATIO)
    lon, lat = (west + east) / 2, (south + north) / 2
    half = wide / narrowing / 2
    return Frame(lon - half, lat - high / 2, lon + half, lat + high / 2)


def _loaded_at() -> datetime | None:
    """When boundaries were loaded last: until they are again, the ground stays the same."""
    return LoadedSource.objects.using("open").order_by("-loaded_at").values_list("loaded_at", flat=True).first()


@lru_cache(maxsize=2)
def _country_ground(loaded_at: datetime | None) -> SafeString:
    """The land of others, and all provinces in force at the coarsest outline for tiles, in which no island is lost."""
    outlines = UnitOutline.objects.using("open").filter(unit__level="province", unit__valid_to__isnull=True)
    coarsest = outlines.aggregate(band=Min("max_zoom"))["band"]
    geometries = outlines.filter(max_zoom=coarsest).order_by("unit__code").values_list("geom", flat=True)
    paths = [*_other_lands(), *(_path(geom, COUNTRY, "land") for geom in geometries)]
    return format_html_join("", "{}", ((path,) for path in paths))


def _other_lands() -> list[SafeString]:
    """What the base map draws of other countries in the country's box, as coarse as it gets."""
    box = Polygon.from_bbox(COUNTRY_VIEW)
    lands = BaseMapFeature.objects.using("open").filter(kind="land", min_zoom=0, geom__bboverlaps=box)
    clipped = (geom.intersection(box) for geom in lands.order_by("pk").values_list("geom", flat=True))
    return [_path(part, COUNTRY, "other-land") for part in clipped if not part.empty]


def _path(geom: GEOSGeometry, frame: Frame, kind: str) -> SafeString:
    """Polygons as one path. What is smaller than a pixel stays as a dot: no island is lost."""
    polygons = [
        part for part in (geom if isinstance(geom, GeometryCollection) else [geom]) if part.dims == 2 and not part.empty
    ]
    drawn = dict.fromkeys(_ring(ring.coords, frame) for polygon in polygons for ring in polygon)
    return format_html('<path class="{}" d="{}"/>', kind, "".join(drawn))


def _ring(coords: Iterable[tuple[float, ...]], frame: Frame) -> str:
    """A ring on half pixels, repeated positions left out; a dot where three different ones do not remain."""
    rounded = (tuple(round(2 * one) / 2 for one in frame.pixel(lon, lat)) for lon, lat, *_ in coords)
    kept: list[tuple[float, ...]] = []
    for place in rounded:
        if not kept or kept[-1] != place:
            kept.append(place)
    if len(set(kept)) < 3:
        return f"M{kept[0][0]:g} {kept[0][1]:g}h.01"
    return f"M{'L'.join(f'{x:g} {y:g}' for x, y in kept[:-1])}Z"


def _archipelago(one: Archipelago, frame: Frame) -> SafeString:
    """Its name in two lines: the islands, and whose they are."""
    name, _, whose = str(one.label).partition(" (")
    x, y = frame.pixel(*one.anchor)
    return _name([name, f"({whose}"], min(max(x, _HALF_A_NAME), WIDTH - _HALF_A_NAME), y, kind="archipelago")


def _name(lines: list[str], x: float, y: float, *, kind: str) -> SafeString:
    said = format_html_join(
        "",
        '<tspan x="{}" y="{}">{}</tspan>',
        ((f"{x:.1f}", f"{y + 12 * number:.1f}", line) for number, line in enumerate(lines)),
    )
    return format_html('<text class="{}" text-anchor="middle">{}</text>', kind, said)


def _spots(spots: Sequence[Spot], frame: Frame) -> list[SafeString]:
    """The points, the chosen one last and on top."""
    return [_spot(one, frame) for one in sorted(spots, key=lambda one: one.chosen)]


def _spot(one: Spot, frame: Frame) -> SafeString:
    x, y = frame.pixel(one.lon, one.lat)
    kind = f"spot{' chosen' if one.chosen else ''}{' rough' if one.rough else ''}"
    return format_html(
        '<circle class="{}" cx="{}" cy="{}" r="{}"/>', kind, f"{x:.1f}", f"{y:.1f}", 7 if one.chosen else 5
    )


def _svg(frame: Frame, parts: list[SafeString], label: object, *, kind: str) -> SafeString:
    drawn = format_html_join("", "{}", ((part,) for part in parts))
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        kind,
        WIDTH,
        f"{frame.height:.0f}",
        label,
        drawn,
    )
