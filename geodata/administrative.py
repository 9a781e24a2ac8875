"""From a point to its commune, from an abolished unit to those that took it over."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.db import connection

from geodata.crs import WGS84
from geodata.models import AdministrativeUnit, UnitChange

COMMUNES_OF_POINTS = """
    SELECT coalesce(inside.id, near.id)
    FROM unnest(%(lons)s::float8[], %(lats)s::float8[]) WITH ORDINALITY AS given(lon, lat, place)
    CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS point) AS made
    LEFT JOIN LATERAL (
        SELECT id FROM geodata_administrativeunit
        WHERE level = 'commune' AND valid_to IS NULL AND ST_Intersects(geom, point)
        ORDER BY id LIMIT 1
    ) AS inside ON true
    LEFT JOIN LATERAL (
        SELECT id FROM (
            SELECT id, geom FROM geodata_administrativeunit
            WHERE inside.id IS NULL AND %(reach_m)s > 0 AND level = 'commune' AND valid_to IS NULL
            ORDER BY geom <-> point LIMIT 1
        ) AS nearest
        WHERE ST_DWithin(nearest.geom::geography, point::geography, %(reach_m)s)
    ) AS near ON true
    ORDER BY place
"""
"""One row per point, in their order: the id of its commune, or null. On an edge the smallest id wins."""


@dataclass(frozen=True)
class Successor:
    """A unit in force that took over an abolished one, or a part of it."""

    unit: AdministrativeUnit
    whole: bool


def commune_at(lon: float, lat: float, *, using: str = "default") -> AdministrativeUnit | None:
    """The commune in force that holds the point (EPSG:4326), or `None` at sea and abroad."""
    point = Point(lon, lat, srid=WGS84)
    return AdministrativeUnit.objects.using(using).in_force().communes().filter(geom__intersects=point).first()


def communes_at(points: Sequence[tuple[float, float]], *, reach_m: float = 0.0) -> list[int | None]:
    """The id of the commune that holds each point (lon, lat), in one statement and in the points' order.

    With `reach_m` a point outside every commune, on a pier or by a coarse coast, gets the nearest one within
    that many metres; otherwise, and farther out, `None`.
    """
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    with connection.cursor() as cursor:
        cursor.execute(COMMUNES_OF_POINTS, {"lons": lons, "lats": lats, "reach_m": reach_m})
        return [commune_id for (commune_id,) in cursor.fetchall()]


def successors(unit: AdministrativeUnit) -> list[Successor]:
    """What became of an abolished unit, by id; several where it was parted, so that a person has to choose.

    A unit in force is its own only successor; empty where nothing is known (old districts).
    """
    if unit.in_force:
        return [Successor(unit, whole=True)]
    changes = UnitChange.objects.filter(old=unit).select_related("new").order_by("new_id")
    return [Successor(change.new, whole=change.coverage == UnitChange.Coverage.FULL) for change in changes]
