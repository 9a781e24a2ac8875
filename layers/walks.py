"""The first rows by id where a filter has several values: one walk along an index for each value, merged.

The planner knows one way to rows in the order of their ids: along all of them, past those that do not fit. It takes
those that fit for strewn evenly, but registers come in lists of one province or one body: before the first row of a
commune may lie millions.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, QuerySet, Subquery

from geodata.functions import AnyOf
from layers.access import User
from layers.codes import TableCodes
from layers.layer import Layer
from layers.plain import plainly
from layers.query import FeatureQuery, matching

# Each value is a statement of its own to the planner.
MOST_WALKS = 40


def by_id(
    layer: Layer, query: FeatureQuery, user: User, *, behind: int | None = None, start: int = 0, most: int
) -> QuerySet:
    """`most` rows that answer and that `user` may see, in the order of their ids: behind the id `behind`, from the
    row `start` of those on.
    """
    stop = start + most
    walks = [_behind(rows, behind).order_by("pk").values("pk")[:stop] for rows in _apart(layer, query, user)]
    rows = _behind(matching(layer, query, user), behind)
    if walks:
        keys = walks[0].union(*walks[1:], all=True).order_by("pk")[start:stop]
        return rows.filter(AnyOf(F("pk"), ArraySubquery(keys))).order_by("pk")
    if start:  # What is passed over is read as ids alone.
        rows = rows.filter(pk__gte=Subquery(rows.order_by("pk").values("pk")[start : start + 1]))
    return rows.order_by("pk")[:most]


def _behind(rows: QuerySet, key: int | None) -> QuerySet:
    return rows if key is None else rows.filter(pk__gt=key)


def _apart(layer: Layer, query: FeatureQuery, user: User) -> Iterator[QuerySet]:
    """The rows of each value of the filter that leaves the fewest; none where that has one value, or too many."""
    plain = plainly(layer, query)
    asked = {"commune": plain.communes, "province": plain.provinces, **plain.values}
    name = next((one for one in layer.walks if asked.get(one)), "")
    values = dict.fromkeys(cast(tuple[str, ...], asked.get(name, ())))
    if 1 < len(values) <= MOST_WALKS:
        yield from (_of_value(layer, plain, user, name, value) for value in values)


def _of_value(layer: Layer, query: FeatureQuery, user: User, name: str, value: str) -> QuerySet:
    if name == "commune":
        return matching(layer, replace(query, communes=(value,)), user)
    if name == "province":
        return matching(layer, replace(query, provinces=(value,)), user)
    # By the key that the row itself holds: the planner does not know what it would find by a join.
    item = next(one for one in layer.filters if one.name == name)
    known = apps.get_model(cast(TableCodes, item.choices).model)._default_manager.filter(code=value)
    return matching(layer, query.without(name), user).filter(**{item.key: Subquery(known.values("pk"))})
