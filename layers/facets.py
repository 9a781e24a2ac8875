"""Counts beside each value of each filter, under the current filter."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from layers.access import User, access
from layers.layer import Field, Layer
from layers.pyramid import reading as pyramid
from layers.query import FeatureQuery, expression, matching, matching_lines


def facets(
    layer: Layer, query: FeatureQuery, user: User = None, *, only: Iterable[str] | None = None
) -> dict[str, dict]:
    """For each code filter, how many rows each of its values would give: `{filter: {code: rows}}`, none when zero.

    A filter's own choice is left out of its counts, the other filters hold. Places are counted once per value,
    so the sum over the values of a field of scope lines may exceed the number of places. Exact.
    """
    names = ["province", "commune", *(item.name for item in layer.filters if item.counted)]
    wanted = [name for name in names if only is None or name in only]
    return {name: _facet(layer, query, name, user) for name in wanted}


def _facet(layer: Layer, query: FeatureQuery, name: str, user: User) -> dict[str, int]:
    if pyramid.serves(layer, query.without(name), user):
        return pyramid.tally(layer, query.without(name), name)
    item = layer.field(name)
    if item is not None and item.lines:
        return _line_facet(layer, query, item, user)
    rows = matching(layer, query.without(name), user)
    if name in ("province", "commune"):
        return _tally(rows, layer.units.code_path(name), "pk")
    return _tally(rows.annotate(**{f"by_{name}": expression(item.asked, layer, query)}), f"by_{name}", "pk")


def _line_facet(layer: Layer, query: FeatureQuery, item: Field, user: User) -> dict[str, int]:
    gate = access(layer, user)
    lines = matching_lines(layer, query, gate, leave_out=item.name).filter(item.said_by)
    places = matching(layer, query.without(item.name), user)
    lines = lines.filter(**{f"{layer.lines.place}__in": places.values("pk")})
    lines = lines.annotate(**{f"by_{item.name}": expression(item.asked, layer, query)})
    return _tally(lines, f"by_{item.name}", layer.lines.place)


def _tally(rows: QuerySet, path: str, counted: str) -> dict[str, int]:
    """Distinct `counted` per value of `path`; a flag's values are `true` and `false`, an empty value has no entry."""
    found = rows.order_by().values_list(path).annotate(rows=Count(counted, distinct=True))
    return {_code(value): number for value, number in found if value not in (None, "")}


def _code(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
