"""What is drawn under and beside the registers, as rows ready to store: land, water, roads, places, labels."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from django.contrib.gis.geos import GEOSGeometry

from geodata import reference_tables
from geodata.archipelagos import ARCHIPELAGOS, ENVELOPES
from geodata.coverage_geometry import Outlines, made_valid, pixel_degrees
from geodata.crs import WGS84
from geodata.language import Both, both
from geodata.models import BaseMapFeature

Kind = BaseMapFeature.Kind
LAST_ZOOM = 24

SEA_LABEL = (both("Biển Đông", "East Sea"), (112.5, 13.5))
ISLANDS = {
    "31078": both("Phú Quốc", "Phu Quoc"),
    "31105": both("Thổ Chu", "Tho Chu"),
    "26732": both("Côn Đảo", "Con Dao"),
    "23272": both("Phú Quý", "Phu Quy"),
    "21548": both("Lý Sơn", "Ly Son"),
    "19742": both("Cồn Cỏ", "Con Co"),
    "11948": both("Bạch Long Vĩ", "Bach Long Vi"),
    "07192": both("Cô Tô", "Co To"),
}
"""Islands that simplification often loses, by the code of their special zone."""

RIVERS = {
    "Hong": both("Sông Hồng", "Red River"),
    "Da": both("Sông Đà", "Da River"),
    "Ca": both("Sông Cả", "Ca River"),
    "Ba": both("Sông Ba", "Ba River"),
    "Srepok": both("Sông Sêrêpốk", "Srepok River"),
    "Mekong": both("Sông Mê Công", "Mekong"),
    "Tonle Sap": both("Tông Lê Sáp", "Tonle Sap"),
}
_NAMELESS = both("", "")
_NAMED_FROM = 4.0
"""The smallest land, in square degrees, that carries its country's name."""


def labels(communes: gpd.GeoSeries) -> Iterator[BaseMapFeature]:
    """The sea, both archipelagos (from zoom 0, always), and the islands often lost; `communes` by code."""
    sea, at = SEA_LABEL
    yield _feature(Kind.LABEL, shapely.Point(at), name=sea, rank=0)
    for archipelago in ARCHIPELAGOS:
        yield _feature(Kind.LABEL, shapely.Point(archipelago.anchor), name=archipelago.label, rank=1)
    for code, name in ISLANDS.items():
        yield _feature(Kind.LABEL, communes[code].representative_point(), name=name, rank=2, min_zoom=6)
    for island in reference_tables.archipelago_islands().itertuples():
        name = both(island.name_vi, island.name_vi)
        yield _feature(Kind.LABEL, _point(island), name=name, rank=3, min_zoom=8)


def places() -> Iterator[BaseMapFeature]:
    """Cities and towns, from the reference table; `rank` 0–10 is Natural Earth's."""
    for place in reference_tables.places().itertuples():
        name = both(place.name_vi, place.name_en)
        yield _feature(Kind.PLACE, _point(place), name=name, rank=int(place.rank), min_zoom=int(place.min_zoom))


def _point(row: Any) -> shapely.Point:
    return shapely.Point(float(row.lon), float(row.lat))


def land(bands: list[Outlines], *, full: gpd.GeoSeries, beyond: gpd.GeoSeries) -> Iterator[BaseMapFeature]:
    """The other land for each zoom band, the rest of the world for the first; its last detail from there on."""
    first = 0
    for band in bands:
        everything = [*band.land, *beyond.simplify(pixel_degrees(band.max_zoom))] if first == 0 else band.land
        yield from _land(everything, min_zoom=first, max_zoom=band.max_zoom)
        first = band.max_zoom + 1
    yield from _land(full, min_zoom=first, max_zoom=LAST_ZOOM)


def _land(geometries: Iterable[shapely.Geometry], *, min_zoom: int, max_zoom: int) -> Iterator[BaseMapFeature]:
    smallest = (pixel_degrees(max_zoom) / 2) ** 2 if max_zoom < LAST_ZOOM else 0.0
    for part in made_valid(np.array(list(geometries), dtype=object)):
        for polygon in shapely.get_parts(part):
            if polygon.area > smallest:
                yield _feature(Kind.LAND, polygon, min_zoom=min_zoom, max_zoom=max_zoom)


def from_file(path: Path) -> Iterator[BaseMapFeature]:
    """Water, roads, railways, borders between others and countries' names from a base-map GeoPackage.

    Layers that it has not are left out; features inside the archipelagos' envelopes too, for they are not ours.
    """
    present = {name for name, _ in pyogrio.list_layers(path)}
    for layer, convert in _CONVERTERS.items():
        if layer in present:
            frame = pyogrio.read_dataframe(path, layer=layer).to_crs(WGS84)
            yield from (convert(row) for row in frame[~frame.intersects(ENVELOPES)].itertuples())


def countries_of(path: Path) -> gpd.GeoDataFrame | None:
    """The detailed countries of a base-map GeoPackage (`iso_a2`, names), or `None` where it has none."""
    if "countries" not in {name for name, _ in pyogrio.list_layers(path)}:
        return None
    return pyogrio.read_dataframe(path, layer="countries").to_crs(WGS84)


def country_names(countries: gpd.GeoDataFrame) -> Iterator[BaseMapFeature]:
    """The names of the neighbours on their own land; not of those of which only a corner is in the file."""
    for country in countries[countries.iso_a2 != "VN"].itertuples():
        largest = max(shapely.get_parts(country.geometry.difference(ENVELOPES)), key=shapely.area)
        if largest.area < _NAMED_FROM:
            continue
        middle = shapely.maximum_inscribed_circle(largest, tolerance=0.1).coords[0]
        yield _feature(Kind.COUNTRY, shapely.Point(middle), name=both(country.name_vi, country.name_en), min_zoom=3)


def _river(row: Any) -> BaseMapFeature:
    name = RIVERS.get(row.name, _NAMELESS)
    return _feature(Kind.RIVER, row.geometry, name=name, rank=int(row.scalerank), min_zoom=max(3, int(row.min_zoom)))


def _lake(row: Any) -> BaseMapFeature:
    return _feature(Kind.LAKE, row.geometry, name=RIVERS.get(row.name, _NAMELESS), min_zoom=max(3, int(row.min_zoom)))


def _road(row: Any) -> BaseMapFeature:
    primary = row.kind == "primary"
    kind, first = (Kind.ROAD_PRIMARY, 6) if primary else (Kind.ROAD_SECONDARY, 8)
    name = row.name_vi if isinstance(row.name_vi, str) else ""
    return _feature(kind, row.geometry, name=both(name, _road_in_english(name)), rank=int(not primary), min_zoom=first)


def _road_in_english(name: str) -> str:
    return name.replace("Quốc lộ", "National Road").replace("Tỉnh lộ", "Provincial Road")


def _railway(row: Any) -> BaseMapFeature:
    return _feature(Kind.RAILWAY, row.geometry, name=both(row.name_vi or "", row.name_vi or ""), min_zoom=7)


def _boundary(row: Any) -> BaseMapFeature:
    return _feature(Kind.BOUNDARY, row.geometry, min_zoom=3)


_CONVERTERS = {
    "rivers": _river,
    "lakes": _lake,
    "roads": _road,
    "railways": _railway,
    "boundary_lines": _boundary,
}


def _feature(
    kind: BaseMapFeature.Kind,
    geometry: shapely.Geometry,
    *,
    name: Both = _NAMELESS,
    rank: int = 0,
    min_zoom: int = 0,
    max_zoom: int = LAST_ZOOM,
) -> BaseMapFeature:
    return BaseMapFeature(
        kind=kind,
        name_vi=name.vi,
        name_en=name.en,
        rank=rank,
        min_zoom=min_zoom,
        max_zoom=max_zoom,
        geom=to_geos(geometry),
    )


def to_geos(geometry: shapely.Geometry) -> GEOSGeometry:
    """The same geometry for the ORM, EPSG:4326."""
    return GEOSGeometry(memoryview(shapely.to_wkb(geometry)), srid=WGS84)
