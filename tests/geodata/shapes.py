"""Small hand-made units for tests."""

from datetime import date
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from geodata.models import AdministrativeUnit

SQUARE = MultiPolygon(Polygon.from_bbox((106.0, 10.0, 107.0, 11.0)), srid=4326)


def make_unit(**changes: Any) -> AdministrativeUnit:
    """A commune of one square degree that no list knows, stored; `changes` replace its fields."""
    fields = {
        "id": 99_999,
        "key": "commune:99999",
        "code": "99999",
        "level": "commune",
        "kind": "commune",
        "name_vi": "Thử",
        "full_name_vi": "Xã Thử",
        "name_en": "Thu",
        "valid_from": date(2025, 7, 1),
        "label_point": Point(106.5, 10.5, srid=4326),
        "search_key": "thu",
    }
    return AdministrativeUnit.objects.create(**fields | changes)
