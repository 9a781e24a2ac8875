"""Pages of rows in an order, each with the cursor of the next."""

from dataclasses import dataclass
from datetime import date

from layers.access import User
from layers.counting import count_within_limit
from layers.cursors import read_cursor, write_cursor
from layers.layer import Layer
from layers.order import BY_ID, Order, Place, parts_behind
from layers.query import FeatureQuery, columns, select


@dataclass(frozen=True)
class Page:
    """Some rows as `select` gives them, the cursor of what follows (empty on the last page), and how many there are in
    all: None where counting them takes too long.
    """

    rows: list[tuple]
    next: str
    matched: int | None


def read_page(
    layer: Layer,
    query: FeatureQuery,
    user: User,
    *,
    limit: int,
    cursor: str | None,
    order: Order = BY_ID,
    fields: tuple[str, ...] | None = None,
    geometry: bool = False,
) -> Page:
    """At most `limit` rows behind the cursor (None: from the first). `fields` name the field that orders.

    Raises what `read_cursor` raises.
    """
    place = None if cursor is None else read_cursor(cursor, layer, query, user, order)
    matched = count_within_limit(layer, query, user)
    if matched == 0:  # To find that there is none takes the longest.
        return Page([], "", 0)
    parts = parts_behind(place, order, layer=layer, query=query, user=user, most=limit + 1)
    rows: list[tuple] = []
    for part in parts:
        found = select(layer, query, user, fields=fields, geometry=geometry, rows=part)
        rows += found[: limit + 1 - len(rows)] if len(rows) <= limit else ()
    if len(rows) <= limit:
        return Page(rows, "", matched)
    last = Place(rows[limit - 1][0], _value(rows[limit - 1], layer, user, order, fields))
    return Page(rows[:limit], write_cursor(last, layer, query, user, order), matched)


def _value(
    row: tuple, layer: Layer, user: User, order: Order, fields: tuple[str, ...] | None
) -> str | int | float | None:
    if order.field is None:
        return None
    value = row[1 + columns(layer, user, fields=fields).index(order.field)]
    return value.isoformat() if isinstance(value, date) else value
