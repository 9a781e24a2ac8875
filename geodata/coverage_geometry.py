"""Units as one clean coverage: dissolved without seams, simplified without gaps, no island lost."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

ZOOM_BANDS = (4, 6, 8, 10, 12)
"""Outlines are made for tiles up to each of these zooms; beyond the last the full boundary serves."""
WORTH_KEEPING = 0.8
"""A band is left out when its provinces still have more than this share of the full boundaries' points."""
PROVINCES_ALONE_UP_TO = 6
"""Up to this zoom provinces are simplified for themselves: their communes' corners would only add points."""
_TILE_PIXELS = 512


@dataclass(frozen=True)
class Outlines:
    """What is drawn up to `max_zoom`: same index and order as the full geometries they come from."""

    max_zoom: int
    communes: gpd.GeoSeries
    provinces: gpd.GeoSeries
    land: gpd.GeoSeries


def pixel_degrees(zoom: int) -> float:
    """The width of a pixel of a 512-pixel tile, in degrees of longitude."""
    return 360.0 / (_TILE_PIXELS * 2**zoom)


def cleaned(geometries: gpd.GeoSeries) -> gpd.GeoSeries:
    """The same areas as MultiPolygons whose neighbours share their edges exactly."""
    polygons = geometries.to_numpy()
    clean = polygons if shapely.coverage_is_valid(polygons) else shapely.coverage_clean(polygons)
    return gpd.GeoSeries(_multi(clean), index=geometries.index, crs=geometries.crs)


def dissolved(geometries: gpd.GeoSeries, groups: np.ndarray) -> gpd.GeoSeries:
    """The exact union of each group of a clean coverage, indexed by group in sorted order."""
    names = np.unique(groups)
    polygons = geometries.to_numpy()
    unions = [shapely.coverage_union_all(polygons[groups == name]) for name in names]
    return gpd.GeoSeries(_multi(unions), index=names, crs=geometries.crs)


def outlines(communes: gpd.GeoSeries, *, province_codes: np.ndarray, land: gpd.GeoSeries) -> Iterator[Outlines]:
    """The units and the land around them for each zoom band, lowest first; edges are shared within a band.

    Ends with the last band that is worth keeping. A unit smaller than a pixel stays a small triangle: drawing
    rules, not this, decide what is too small.
    """
    provinces = dissolved(communes, province_codes)
    most_points = WORTH_KEEPING * _points(provinces)
    for zoom in ZOOM_BANDS:
        simple = _outlines(zoom, communes, provinces=provinces, province_codes=province_codes, land=land)
        if _points(simple.provinces) > most_points:
            return
        yield simple


def _points(geometries: gpd.GeoSeries) -> int:
    return int(shapely.get_num_coordinates(geometries.to_numpy()).sum())


def _outlines(
    zoom: int,
    communes: gpd.GeoSeries,
    *,
    provinces: gpd.GeoSeries,
    province_codes: np.ndarray,
    land: gpd.GeoSeries,
) -> Outlines:
    simple_communes, simple_land = _simplified_together(communes, land, zoom)
    if zoom <= PROVINCES_ALONE_UP_TO:
        simple_provinces, simple_land = _simplified_together(provinces, land, zoom)
    else:
        simple_provinces = dissolved(simple_communes, province_codes)
    return Outlines(zoom, simple_communes, simple_provinces, simple_land)


def _simplified_together(units: gpd.GeoSeries, land: gpd.GeoSeries, zoom: int) -> tuple[gpd.GeoSeries, gpd.GeoSeries]:
    both = np.concatenate([units.to_numpy(), land.to_numpy()])
    # The tolerance is the root of the area that a left-out corner may have: a quarter of a pixel squared.
    simple = shapely.coverage_simplify(both, pixel_degrees(zoom) / 4)
    valid = _multi(made_valid(simple))
    count = len(units)
    return (
        gpd.GeoSeries(valid[:count], index=units.index, crs=units.crs),
        gpd.GeoSeries(valid[count:], index=land.index, crs=land.crs),
    )


def made_valid(geometries: np.ndarray) -> np.ndarray:
    """The same geometries, with those mended that are not valid."""
    mended = np.array(geometries, dtype=object)
    broken = ~shapely.is_valid(mended)
    mended[broken] = shapely.make_valid(mended[broken], method="structure", keep_collapsed=False)
    return mended


def _multi(geometries: Iterable[shapely.Geometry]) -> np.ndarray:
    """Each geometry's polygons as one MultiPolygon; anything that is not an area falls away."""
    return np.array([_multipolygon(geometry) for geometry in geometries], dtype=object)


def _multipolygon(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    if geometry.geom_type == "MultiPolygon":
        return geometry
    parts = shapely.get_parts(geometry)
    polygons = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    nested = [part for part in parts if part.geom_type == "MultiPolygon"]
    return shapely.MultiPolygon(polygons + [polygon for multi in nested for polygon in multi.geoms])
