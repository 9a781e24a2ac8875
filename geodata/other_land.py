"""The land that is not Viet Nam's, to draw beside it: no gap along the border, nothing inside the envelopes."""

import geopandas as gpd
import numpy as np
import shapely

from geodata import world
from geodata.archipelagos import ENVELOPES
from geodata.crs import WGS84

REGION = shapely.box(80, -15, 140, 40)
"""Where the other land is kept in detail; beyond it a coarse one serves the smallest zooms."""
_BORDER_REACH = 0.03
"""How far, in degrees, a neighbour's land may be from Viet Nam's true border in a coarse source."""


def of_region(country: shapely.Geometry, *, detailed: gpd.GeoDataFrame | None = None) -> gpd.GeoSeries:
    """One geometry per country of the region, EPSG:4326, cut to `country` (Viet Nam's units) and to the envelopes.

    `detailed` are better countries for the rectangle that they span, with `iso_a2`; Viet Nam among them is left out.
    """
    lands = world.other_lands().clip(REGION)
    merged = lands if detailed is None else _with_detail(lands, detailed)
    filled = _up_to_border(merged, country)
    cut = filled.difference(shapely.union_all([ENVELOPES])).map(_polygons)
    return cut[~cut.is_empty].reset_index(drop=True)


def beyond_region() -> gpd.GeoSeries:
    """The land of the rest of the world, for zooms at which the whole of it can be seen."""
    return world.other_lands().difference(REGION).map(_polygons).pipe(lambda lands: lands[~lands.is_empty])


def _with_detail(lands: gpd.GeoSeries, detailed: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Each country's detailed part joined to its own rest, so that no seam cuts through it."""
    inside = shapely.box(*detailed.total_bounds)
    rest = lands.difference(inside)
    others = detailed[detailed.iso_a2 != "VN"]
    pieces = [shapely.union(part, _rest_of(part, lands, rest)) for part in others.geometry]
    used = shapely.union_all(pieces)
    alone = rest.difference(used)
    return gpd.GeoSeries([*pieces, *alone[~alone.is_empty]], crs=WGS84)


def _rest_of(part: shapely.Geometry, lands: gpd.GeoSeries, rest: gpd.GeoSeries) -> shapely.Geometry:
    shared = shapely.area(shapely.intersection(lands.to_numpy(), part))
    return rest.iloc[shared.argmax()] if shared.max() > part.area / 2 else shapely.GeometryCollection()


def _up_to_border(lands: gpd.GeoSeries, country: shapely.Geometry) -> gpd.GeoSeries:
    """The lands minus the country; what their coarse border leaves open goes to the neighbour it touches."""
    neighbours = lands.index[shapely.dwithin(lands.to_numpy(), country, _BORDER_REACH)]
    gaps = _holes(shapely.union_all([country, *lands[neighbours]]))
    filled = lands.copy()
    for index in neighbours:
        touching = shapely.intersects(gaps, lands[index])
        filled[index] = shapely.union_all([lands[index], *gaps[touching]]).difference(country)
        gaps = gaps[~touching]
    return filled


def _holes(land: shapely.Geometry) -> np.ndarray:
    """What the land encloses; lakes are land in the source, so every hole lies between two borders."""
    rings = [ring for part in shapely.get_parts(land) for ring in part.interiors]
    return shapely.polygons(rings) if rings else np.array([], dtype=object)


def _polygons(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    parts = shapely.get_parts(geometry)
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon" and part.area > 1e-9])
