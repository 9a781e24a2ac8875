"""What our answers of features are made of, as SQL with its values in it: the text to be copied, and the ids."""

from typing import Any

from bench import bare
from bench.places import LAYER

# WFS gives no page behind this place.
DEEPEST = 1_000_000


def provinces(least: int) -> tuple[str, int]:
    """Provinces that together have so many devices or a few more, as a filter, and how many they have."""
    bare.application()
    from layers.facets import facets
    from layers.query import FeatureQuery, map_day
    from layers.registry import get

    counted = facets(get(LAYER), FeatureQuery(day=map_day("open")), only=("province",))["province"]
    chosen: list[str] = []
    for code in sorted(counted, key=lambda code: counted[code]):
        if sum(counted[one] for one in chosen) < least:
            chosen.append(code)
    return f"province={','.join(sorted(chosen))}", sum(counted[one] for one in chosen)


def ids(asked: str, *, most: int | None = None) -> list[int]:
    """The ids under a filter, all or the first ones."""
    return list(_rows(asked, most=most).values_list("pk", flat=True))


def geojson(asked: str, *, most: int | None = None) -> str:
    """The statement behind the features of a file or of a page."""
    from geodata.writers import geojson as writer
    from layers.filters import parse
    from layers.registry import get
    from services.streaming.source import GEOJSON, ID, source

    layer = get(LAYER)
    rows = _rows(asked, most=most) if most else None
    made = source(layer, parse(layer, _dict(asked)), None, geometry="geojson", rows=rows)
    text = writer.row_sql(made.columns, id_sql=ID.sql, geometry_sql=GEOJSON)
    return _whole(made.statement(text), made.values)


def _rows(asked: str, *, most: int | None) -> Any:
    """The rows that match: all of them as they come, the first ones by their ids."""
    bare.application()
    from layers.filters import parse
    from layers.query import matching
    from layers.registry import get

    layer = get(LAYER)
    rows = matching(layer, parse(layer, _dict(asked)))
    return rows.order_by("pk")[:most] if most else rows


def _dict(asked: str) -> Any:
    from django.http import QueryDict

    return QueryDict(asked)


def _whole(sql: str, values: tuple) -> str:
    from django.db import connections

    with connections["open"].cursor() as cursor:
        return str(cursor.mogrify(sql, values).decode())
