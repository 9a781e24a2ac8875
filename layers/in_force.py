"""Which of a place's many values a scope line still in force has: a lapsed accreditation must not look alive."""

from collections.abc import Collection

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Expression, F, OuterRef, When

from layers.access import User, access
from layers.layer import Field, Layer
from layers.query import FeatureQuery, matching_lines

InForce = dict[str, set]


def in_force(layer: Layer, query: FeatureQuery, places: Collection[int], user: User = None) -> dict[int, InForce]:
    """For each of `places` the values of its fields of scope lines that a line in force on the day has, by field.

    Empty sets for a place without a line in force; no entry at all in layers without lines.
    The filters of `query` do not matter here: shown are all lines that the caller may see.
    """
    if layer.lines is None or not places:
        return {}
    gate = access(layer, user)
    fields = [item for item in gate.fields if item.of_many_lines]
    lines = matching_lines(layer, FeatureQuery(day=query.day), gate)
    lines = lines.filter(layer.lines.in_force(query.day), **{f"{layer.lines.place}__in": places}).order_by()
    found: dict[int, InForce] = {place: {item.name: set() for item in fields} for place in places}
    said = {f"said_{item.name}": _said(item) for item in fields}
    for place, *values in lines.annotate(**said).values_list(layer.lines.place, *said).distinct():
        for item, value in zip(fields, values, strict=True):
            found[place][item.name].add(value)
    return found


def in_force_values(layer: Layer, query: FeatureQuery, user: User = None) -> dict[str, ArraySubquery]:
    """The same as columns of `select`'s rows: for each such field the list of the values that a line in force has.

    Empty in layers without lines.
    """
    if layer.lines is None:
        return {}
    gate = access(layer, user)
    lines = matching_lines(layer, FeatureQuery(day=query.day), gate).filter(layer.lines.in_force(query.day))
    here = lines.filter(**{layer.lines.place: OuterRef("pk")}).order_by()
    fields = [item for item in gate.fields if item.of_many_lines]
    return {item.name: ArraySubquery(here.filter(item.said_by).values(item.asked).distinct()) for item in fields}


def _said(item: Field) -> Expression | F:
    """What a line says of the field: nothing where it is none of those that may say it."""
    return Case(When(item.said_by, then=F(item.asked))) if item.said_by else F(item.asked)
