"""The land that is not Viet Nam's, to draw beside it: no gap along the border, nothing inside the envelopes."""

import geopandas as gpd
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
    """The lands minus the country; what a coarse border leaves between them goes to the neighbour it touches."""
    neighbours = lands.index[shapely.dwithin(lands.to_numpy(), country, _BORDER_REACH)]
    gap = shapely.difference(world.viet_nam(), shapely.union_all([country, *lands[neighbours]]))
    filled = lands.copy()
    for index in neighbours:
        near = _touching(gap, lands[index])
        filled[index] = shapely.union(lands[index], near).difference(country)
        gap = gap.difference(near)
    return filled


def _touching(gap: shapely.Geometry, land: shapely.Geometry) -> shapely.Geometry:
    """The parts of the gap within reach of the land's border that also lie against it."""
    along = land.boundary.intersection(gap.envelope).simplify(_BORDER_REACH / 10)
    parts = shapely.get_parts(gap.intersection(along.buffer(_BORDER_REACH, quad_segs=2)))
    shapely.prepare(land)
    return shapely.union_all(parts[shapely.dwithin(parts, land, 1e-6)])


def _polygons(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    parts = shapely.get_parts(geometry)
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon" and part.area > 1e-9])
