"""Coordinates of Viet Nam: the VN-2000 systems and the one transformation between them and WGS 84.

PROJ left alone picks another transformation in the Mekong delta (EPSG:5194, 0.8 m away), and PostGIS 3.3 knows
neither pipelines nor all of these codes. So every transformation is pinned to EPSG:6960 by its parameters
(Decision 05/2007/QĐ-BTNMT), here and nowhere else. Axis order is always longitude, latitude or easting, northing;
the official order of EPSG:4756 is latitude, longitude, which only a writer of such a format has to know.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from math import radians
from pathlib import Path

from pyproj import CRS, Transformer

WGS84 = 4326
WEB_MERCATOR = 3857
VN2000_GEOGRAPHIC = 4756
GEOCENTRIC = 4978
# WGS 84 / UTM zone 48N. VN-2000 has the ellipsoid of WGS 84: its projections differ by meridian and scale alone.
UTM, UTM_MERIDIAN, UTM_SCALE, FALSE_EASTING = 32648, 105.0, 0.9996, 500_000.0

# EPSG:6960 as PROJ writes it: position-vector convention, so the decree's rotations change their sign.
TOWGS84 = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"

CENTRAL_MERIDIANS: dict[int, float] = {
    5896: 102.0, 5897: 105.0, 5898: 108.0, 5899: 107.75,
    9205: 103.0, 9206: 104.0, 9207: 104.5, 9208: 104.75, 9209: 105.5, 9210: 105.75, 9211: 106.0,
    9212: 106.25, 9213: 106.5, 9214: 107.0, 9215: 107.25, 9216: 107.5, 9217: 108.25, 9218: 108.5,
}  # fmt: skip
"""The 3° zones (scale factor 0.9999) by EPSG code."""

UTM_MERIDIANS: dict[int, float] = {3405: 105.0, 3406: 111.0}
"""The 6° zones (scale factor 0.9996) by EPSG code."""

VN2000_CODES = (VN2000_GEOGRAPHIC, *UTM_MERIDIANS, *CENTRAL_MERIDIANS)
OFFERED = (WGS84, WEB_MERCATOR, *VN2000_CODES)
"""The EPSG codes of every system that coordinates are given and taken in; beside them CRS84."""

CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
# The only ones whose official order is latitude, longitude; that of the projected ones is easting, northing (EPSG).
LATITUDE_FIRST = (WGS84, VN2000_GEOGRAPHIC)
_CRS84 = re.compile(
    r"(?:OGC:)?CRS:?84|urn:ogc:def:crs:OGC:1\.3:CRS84|https?://www\.opengis\.net/def/crs/OGC/1\.3/CRS84"
)
_SHORT = re.compile(r"EPSG:([0-9]{4,5})|http://www\.opengis\.net/gml/srs/epsg\.xml#([0-9]{4,5})", re.ASCII)
_OFFICIAL = re.compile(
    r"urn:(?:ogc|x-ogc):def:crs:EPSG:[0-9.]{0,8}:([0-9]{4,5})"
    r"|https?://www\.opengis\.net/def/crs/EPSG/[0-9.]{1,8}/([0-9]{4,5})",
    re.ASCII,
)
_AUTHORITY = re.compile(r',AUTHORITY\["[^"]*","[^"]*"\]')
_SPHEROID_END = "]],PRIMEM"
_ZONES_CSV = Path(__file__).parent / "reference" / "vn2000_zones.csv"


class UnknownCrs(ValueError):
    """The code is none of WGS 84, Web Mercator and the VN-2000 systems."""


@dataclass(frozen=True)
class Crs:
    """A system as a request names it: its EPSG code, and whether its coordinates stand as latitude, longitude.

    CRS84 is EPSG:4326 with the longitude first.
    """

    code: int
    latitude_first: bool = False

    @property
    def uri(self) -> str:
        """The name of OGC for it (OGC Name Type Specification, 05-010)."""
        if self.code == WGS84 and not self.latitude_first:
            return CRS84_URI
        return f"http://www.opengis.net/def/crs/EPSG/0/{self.code}"

    @property
    def urn(self) -> str:
        if self.code == WGS84 and not self.latitude_first:
            return "urn:ogc:def:crs:OGC:1.3:CRS84"
        return f"urn:ogc:def:crs:EPSG::{self.code}"


CRS84 = Crs(WGS84)


def read_crs(text: str) -> Crs:
    """The system that a URN, a URI of opengis.net or a short form names; raises `UnknownCrs` for all others.

    URN and URI have the order of EPSG. The short `EPSG:4326` and the older `…epsg.xml#4326` are longitude first, as
    the programs mean that write them (WFS 1.0, GeoServer, GDAL).
    """
    if _CRS84.fullmatch(text):
        return CRS84
    short, official = _SHORT.fullmatch(text), _OFFICIAL.fullmatch(text)
    found = short or official
    code = int(next(filter(None, found.groups()))) if found else 0
    if code not in OFFERED:
        raise UnknownCrs(text[:60])
    return Crs(code, latitude_first=bool(official) and code in LATITUDE_FIRST)


def official(code: int) -> Crs:
    """A system of a known code with its coordinates in the order of EPSG."""
    return Crs(code, latitude_first=code in LATITUDE_FIRST)


@dataclass(frozen=True)
class Zone:
    """The projection zone in use in the territory of one former province (a province in force may have several)."""

    province_code: str
    legacy_province_code: str
    legacy_province_name: str
    central_meridian: float
    epsg: int


def proj_text(code: int) -> str:
    """The PROJ definition of a code, with the datum shift to WGS 84 in it; raises `UnknownCrs`."""
    if code == WGS84:
        return "+proj=longlat +datum=WGS84 +no_defs"
    if code == WEB_MERCATOR:
        return "+proj=merc +a=6378137 +b=6378137 +units=m +nadgrids=@null +no_defs"
    if code == VN2000_GEOGRAPHIC:
        return f"+proj=longlat +ellps=WGS84 +towgs84={TOWGS84} +no_defs"
    return _transverse_mercator(*meridian_and_scale(code))


def meridian_and_scale(code: int) -> tuple[float, float]:
    """Central meridian and scale factor of a projected system of VN-2000; raises `UnknownCrs`."""
    if code in UTM_MERIDIANS:
        return UTM_MERIDIANS[code], 0.9996
    if code in CENTRAL_MERIDIANS:
        return CENTRAL_MERIDIANS[code], 0.9999
    raise UnknownCrs(f"EPSG:{code}")


def _transverse_mercator(meridian: float, scale: float) -> str:
    return (
        f"+proj=tmerc +lat_0=0 +lon_0={meridian:g} +k={scale} +x_0=500000 +y_0=0"
        f" +ellps=WGS84 +towgs84={TOWGS84} +units=m +no_defs"
    )


def to_vn2000() -> tuple[float, ...]:
    """EPSG:6960 backwards, from WGS 84 to VN-2000, in geocentric coordinates: the 3 × 3 matrix by rows, then the shift.

    As PROJ does it: small angles, and the transposed rotation for the inverse (position-vector convention).
    """
    numbers = [float(number) for number in TOWGS84.split(",")]
    shift, (rx, ry, rz), scale = numbers[:3], (radians(angle / 3600) for angle in numbers[3:6]), 1 + numbers[6] / 1e6
    rows = [[part / scale for part in row] for row in ((1, rz, -ry), (-rz, 1, rx), (ry, -rx, 1))]
    back = [-sum(part * by for part, by in zip(row, shift, strict=True)) for row in rows]
    return (*(part for row in rows for part in row), *back)


@cache
def transformer(source: int, target: int) -> Transformer:
    """A pyproj transformer between two known codes, by EPSG:6960 wherever VN-2000 is one of them."""
    return Transformer.from_crs(CRS(proj_text(source)), CRS(proj_text(target)), always_xy=True)


def pipeline(source: int, target: int) -> str:
    """The same transformation as text that PROJ, and programs that stand on it, take as it is; longitude first."""
    return "+" + transformer(source, target).definition.replace(" ", " +")


@cache
def official_wkt(code: int) -> str:
    """The definition of a known code by EPSG, as WKT 2."""
    return CRS.from_epsg(code).to_wkt()


# Points on each side of a box, how far they may be off when they come back, what is added to what they span.
_POINTS_A_SIDE, _BACK, _ADDED, _MOST_LATITUDE = 21, 1e-6, 0.01, 85.0


def reach(code: int, box: tuple[float, float, float, float]) -> tuple[float, float, float, float] | None:
    """A box in degrees (EPSG:4326) that holds all of a box of another system; a little larger than it.

    None where the box is too large for its system to be turned into degrees and back.
    """
    west, south, east, north = box
    steps = [number / (_POINTS_A_SIDE - 1) for number in range(_POINTS_A_SIDE)]
    across, up = [west + (east - west) * step for step in steps], [south + (north - south) * step for step in steps]
    x = [*across, *across, *(west for _ in up), *(east for _ in up)]
    y = [*(south for _ in across), *(north for _ in across), *up, *up]
    lon, lat = transformer(code, WGS84).transform(x, y)
    back_x, back_y = transformer(WGS84, code).transform(lon, lat)
    near = max(abs(value) for value in (*box, 1.0)) * _BACK
    came_back = (abs(a - b) <= near for a, b in zip((*x, *y), (*back_x, *back_y), strict=True))
    if not all(came_back) or not max(map(abs, lat)) <= _MOST_LATITUDE:
        return None
    more = max(max(lon) - min(lon), max(lat) - min(lat)) * _ADDED + _BACK
    return min(lon) - more, min(lat) - more, max(lon) + more, max(lat) + more


def pinned(crs: CRS) -> CRS:
    """The same system, with the one transformation pinned where it is of VN-2000; others come back unchanged."""
    code = crs.to_epsg()
    return CRS(proj_text(code)) if code in VN2000_CODES else crs


@cache
def zones() -> tuple[Zone, ...]:
    """The zone of each of the 63 former provinces, in the order of the provinces in force."""
    with _ZONES_CSV.open(encoding="utf-8", newline="") as file:
        return tuple(_zone(row) for row in csv.DictReader(file))


def _zone(row: dict[str, str]) -> Zone:
    return Zone(
        province_code=row["province_code"],
        legacy_province_code=row["legacy_province_code"],
        legacy_province_name=row["legacy_province_name"],
        central_meridian=float(row["central_meridian"]),
        epsg=int(row["epsg"]),
    )


def zones_of(province_code: str) -> tuple[Zone, ...]:
    """The zones to choose from in a province in force, one per former province; empty for an unknown code."""
    return tuple(zone for zone in zones() if zone.province_code == province_code)


@cache
def wkt(code: int) -> str:
    """A system as files carry it: WKT 1 (OGC 01-009), of VN-2000 with the transformation in it and without codes.

    By a code of EPSG programs look the system up, forget the parameters beside it and transform as they think best,
    in the Mekong delta by EPSG:5194, 0.8 m away (tried: GDAL 3.6 and 3.12, in GeoPackage, FlatGeobuf and Shapefile).
    They do so too where the datum has its usual name. So the code stands in the name alone, and the datum is named with
    its transformation. Raises `UnknownCrs`.
    """
    if code not in VN2000_CODES:
        return str(CRS(code if code in OFFERED else proj_text(code)).to_wkt("WKT1_GDAL"))
    text = _AUTHORITY.sub("", str(CRS(code).to_wkt("WKT1_GDAL")))
    text = text.replace(f'"{name(code)}"', f'"{name(code)} (EPSG:{code})"', 1)
    text = text.replace('DATUM["Vietnam_2000"', 'DATUM["Vietnam_2000_by_EPSG_6960"', 1)
    return text.replace(_SPHEROID_END, f"],TOWGS84[{TOWGS84}]],PRIMEM", 1)


def name(code: int) -> str:
    """What EPSG calls the system."""
    return str(CRS(code).name)


def esri_wkt(code: int) -> str:
    """The same for the .prj of a Shapefile: of systems that need no transformation as ArcGIS writes it."""
    return wkt(code) if code in VN2000_CODES else str(CRS(code).to_wkt("WKT1_ESRI"))


def projjson(code: int) -> dict:
    """The same as PROJJSON, as GeoParquet carries it."""
    return dict(CRS(wkt(code) if code in VN2000_CODES else code).to_json_dict())
