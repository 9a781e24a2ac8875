"""What our answers of features are made of, as SQL with its values in it: the text to be copied, and the ids."""

import time
from functools import cache
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


@cache
def number() -> int:
    """How many devices the public sees."""
    return int(_rows("", most=None).count())


def page(order: str, *, start: int, limit: int) -> tuple[list[int], str]:
    """The ids behind the first `start` rows of an order (`sortby`), and the cursor of that page ("" for the first).

    The cursor is signed here as the server signs it: to walk there would take a thousand pages.
    """
    bare.application()
    from django.db.models import F

    from layers.cursors import write_cursor
    from layers.filters import parse
    from layers.order import BY_ID, Place, read_order
    from layers.registry import get

    layer = get(LAYER)
    asked = read_order(order, layer) if order else BY_ID
    name = order.removeprefix("-") or "pk"
    by = [F(name).desc(nulls_last=True), "-pk"] if asked.descending else [F(name).asc(nulls_last=True), "pk"]
    rows = list(_rows("", most=None).order_by(*by).values_list("pk", name)[max(start - 1, 0) : start + limit])
    if not start:
        return [pk for pk, _ in rows], ""
    after, value = rows[0]
    held = Place(after, value.isoformat() if value else None) if asked.field else Place(after)
    return [pk for pk, _ in rows[1:]], write_cursor(held, layer, parse(layer, _dict("")), None, asked)


def geojson(asked: str, *, most: int | None = None) -> str:
    """The statement behind the features of a file or of a page."""
    bare.application()
    from geodata.writers import geojson as writer
    from layers.filters import parse
    from layers.registry import get
    from services.streaming.source import GEOJSON, ID, source

    layer = get(LAYER)
    rows = _rows(asked, most=most) if most else None
    made = source(layer, parse(layer, _dict(asked)), None, geometry="geojson", rows=rows)
    text = writer.row_sql(made.columns, id_sql=ID.sql, geometry_sql=GEOJSON)
    return _whole(made.statement(text), made.values)


def gml(*, most: int) -> str:
    """The statement behind the first features of our WFS."""
    bare.application()
    from layers.filters import parse
    from layers.registry import get
    from services.streaming.source import ID, source
    from services.wfs.forms import find_form

    layer, form = get(LAYER), find_form("gml32")
    query = parse(layer, _dict(""))
    rows = _rows("", most=most)
    made = source(layer, query, None, geometry=form.geometry, crs=form.system(None), rows=rows)
    return _whole(made.statement(form.row(layer.name, (ID, *made.columns), True)), made.values)


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


def counted(asked: str) -> tuple[float, int | None]:
    """Milliseconds of our own counter under a filter, and its number, without the request around it.

    Raises RuntimeError where it takes longer than a count may.
    """
    bare.application()
    from layers.counting import count_within_limit
    from layers.errors import TooCostly
    from layers.filters import parse
    from layers.registry import get

    layer = get(LAYER)
    query = parse(layer, _dict(asked))
    begun = time.perf_counter()
    try:
        number = count_within_limit(layer, query)
    except TooCostly as error:
        raise RuntimeError("too costly") from error
    return 1000 * (time.perf_counter() - begun), number


def counted_bare(asked: str) -> tuple[float, int | None]:
    """Milliseconds of a plain count(*) over the rows under a filter, and its number."""
    rows = _rows(asked, most=None)
    begun = time.perf_counter()
    number = int(rows.count())
    return 1000 * (time.perf_counter() - begun), number
