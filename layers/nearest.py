"""The rows nearest to a position, by true distance on the ellipsoid."""

from django.db.models import QuerySet

from geodata.functions import MetresFrom, PlanarDistance
from layers.access import User
from layers.areas import Circle, inside_circle
from layers.layer import Layer
from layers.query import FeatureQuery, matching

# Metres are compared as floating numbers, once by the index's box and once on the ellipsoid.
_SLACK_M = 0.01


def nearest(
    layer: Layer,
    query: FeatureQuery,
    lon: float,
    lat: float,
    limit: int,
    user: User = None,
    *,
    rows: QuerySet | None = None,
) -> dict[int, float]:
    """The ids of the `limit` rows that answer `query` nearest to the position, with their distance in metres,
    nearest first, equal ones by id. Distance is to the geometry: 0 inside an area. Empty where nothing matches.
    `rows` are looked at in place of those that answer.

    The spatial index knows degrees only. So the nearest by degrees tell how far the last one can be at most, and all
    within that circle are put in order.
    """
    rows = matching(layer, query, user) if rows is None else rows
    near = dict(_by(rows, PlanarDistance("geom", lon, lat), lon, lat)[:limit])
    if len(near) == limit:
        circle = Circle(lon, lat, max(near.values()) + _SLACK_M)
        near = dict(_by(rows.filter(inside_circle(circle)), "metres", lon, lat)[:limit])
    return dict(sorted(near.items(), key=lambda one: (one[1], one[0])))


def _by(rows: QuerySet, order: object, lon: float, lat: float) -> QuerySet:
    return rows.annotate(metres=MetresFrom("geom", lon, lat)).order_by(order, "pk").values_list("pk", "metres")
