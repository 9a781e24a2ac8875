"""The first rows by id where a filter has several values: one walk along an index for each value, merged.

The planner knows one way to rows in the order of their ids: along all of them, past those that do not fit. It takes
those that fit for strewn evenly, but registers come in lists of one province or one body: before the first row of a
commune may lie millions.
"""

from dataclasses import replace
from typing import cast

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, QuerySet, Subquery

from geodata.functions import InArray
from layers.access import User
from layers.codes import TableCodes
from layers.layer import Layer
from layers.plain import plainly
from layers.query import FeatureQuery, matching

# Each value is a statement of its own to the planner, with all else that is asked.
MOST_LETTERS = 250_000


def by_id(
    layer: Layer, query: FeatureQuery, user: User, *, behind: int | None = None, start: int = 0, most: int
) -> QuerySet:
    """`most` rows that answer and that `user` may see, in the order of their ids: behind the id `behind`, from the
    row `start` of those on.
    """

    def first(rows: QuerySet) -> QuerySet:
        return (rows if behind is None else rows.filter(pk__gt=behind)).order_by("pk")

    stop = start + most
    walks = [first(rows).values("pk")[:stop] for rows in _apart(layer, query, user)]
    rows = first(matching(layer, query, user))
    if walks:
        keys = walks[0].union(*walks[1:], all=True).order_by("pk")[start:stop]
        return rows.filter(InArray(F("pk"), ArraySubquery(keys)))
    if start:  # What is passed over is read as ids alone.
        rows = rows.filter(pk__gte=Subquery(rows.values("pk")[start : start + 1]))
    return rows[:most]


def _apart(layer: Layer, query: FeatureQuery, user: User) -> list[QuerySet]:
    """The rows of each value of the filter that leaves the fewest; none where one has a single value, whose index
    serves.
    """
    plain = plainly(layer, query)
    asked = {"commune": plain.communes, "province": plain.provinces, **plain.values}
    for name in layer.walks:
        values = list(dict.fromkeys(cast(tuple[str, ...], asked.get(name, ()))))
        if len(values) == 1:
            break
        if values:
            first, *others = values
            rows = _of_value(layer, plain, user, name=name, value=first)
            if len(values) * _length(rows) <= MOST_LETTERS:
                return [rows, *(_of_value(layer, plain, user, name=name, value=value) for value in others)]
    return []


def _length(rows: QuerySet) -> int:
    return len(rows.query.get_compiler(using=rows.db, elide_empty=False).as_sql()[0])


def _of_value(layer: Layer, query: FeatureQuery, user: User, *, name: str, value: str) -> QuerySet:
    if name == "commune":
        return matching(layer, replace(query, communes=(value,)), user)
    if name == "province":
        return matching(layer, replace(query, provinces=(value,)), user)
    # By the key that the row itself holds: the planner does not know what it would find by a join.
    item = next(one for one in layer.filters if one.name == name)
    known = apps.get_model(cast(TableCodes, item.choices).model)._default_manager.filter(code=value)
    return matching(layer, query.without(name), user).filter(**{item.key: Subquery(known.values("pk"))})
