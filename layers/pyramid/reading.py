"""Counts from a pyramid: which of its tables answers a question, and what it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import connections

from geodata.keys import unit_id, unit_key
from layers.access import User, connection_for
from layers.codes import FixedCodes
from layers.layer import Layer
from layers.pyramid.shape import FINEST, SUMS, Dimension, Grouping, dimensions, groupings
from layers.query import FeatureQuery


@dataclass(frozen=True)
class Source:
    """The table of a pyramid that answers for these filters, and the conditions that they put on its rows."""

    grouping: Grouping
    conditions: tuple[str, ...]

    def rows(self, columns: str, *, level: int, first: str = "%(first)s", last: str = "%(last)s") -> str:
        """SQL of the sums and differences of the cells of a level, from one key to another, under the conditions.

        The values asked of a filter are the parameter `asked_<name>`, as `asked_values` gives it.
        """
        standing = self.among(self.grouping.table, columns, first=first, last=last)
        if level in self.grouping.coarse_levels:
            return f"{standing} UNION ALL {self.among(self.grouping.coarse, columns, first=first, last=last)}"
        names = ", ".join([*(f'"{name}"' for name in self.grouping.names), *SUMS])
        up = str(2 * (FINEST - level))
        fine = self.fine(f"cell >> {up} AS cell, {names}", up=up, first=first, last=last)
        return f"{standing} UNION ALL SELECT {columns} FROM ({fine}) AS fine"

    def fine(self, columns: str, *, up: str, first: str, last: str) -> str:
        """SQL of the differences of the finest level in cells from one key to another; these lie `up` bits above it."""
        first, last = f"({first}::bigint << {up})", f"((({last})::bigint + 1) << {up}) - 1"
        return self.among(self.grouping.changes, columns, first=first, last=last)

    def among(self, table: str, columns: str, *, first: str, last: str) -> str:
        """SQL of the rows of one table whose cells lie from one key to another, under the conditions."""
        where = " AND ".join([f"cell BETWEEN {first} AND {last}", *self.conditions])
        return f'SELECT {columns} FROM "{table}" WHERE {where}'


def serves(layer: Layer, query: FeatureQuery, user: User) -> bool:
    """Whether the pyramid knows the answer: for the public, where units and codes are all that is asked."""
    return layer.pyramid is not None and user is None and query.asks_codes_only


def asked_names(query: FeatureQuery) -> tuple[str, ...]:
    """The filters that a question of units and codes names."""
    return tuple(_asked(query))


@cache
def source(layer: Layer, names: tuple[str, ...], kept: tuple[str, ...] = (), *, totals: bool = False) -> Source:
    """The smallest table that keeps apart these filters, and the dimensions `kept`; among equals one that is found by
    what is asked, by communes first, which are small. With `totals` one whose cells no tile could show may do.
    """
    able = [item for item in groupings(layer) if {*names, *kept} <= set(item.names) and totals >= item.totals]
    grouping = min(able, key=lambda item: (len(item.names), *_ease(item, names)))
    known = {item.name: item for item in grouping.dimensions}
    return Source(grouping, tuple(f'"{name}" = ANY ({_numbers(known[name])})' for name in names))


def _ease(grouping: Grouping, names: tuple[str, ...]) -> tuple[bool, bool]:
    """How easily the rows that are asked for are found in a table: the least is the best."""
    return grouping.found_by not in ("cell", *names), grouping.found_by != "commune"


def asked_values(layer: Layer, query: FeatureQuery) -> dict[str, list]:
    """The parameters of a source's conditions."""
    known = {item.name: item for item in dimensions(layer)}
    return {f"asked_{name}": _values(known[name], codes) for name, codes in _asked(query).items()}


def count(layer: Layer, query: FeatureQuery) -> int:
    """How many published rows answer a question of units and codes: exact."""
    asked = source(layer, asked_names(query), totals=True)
    found = _read(f"SELECT coalesce(sum(n), 0) FROM ({_all_rows(asked, 'n')}) AS found", asked, layer, query)
    return int(found[0][0])


def tally(layer: Layer, query: FeatureQuery, name: str) -> dict[str, int]:
    """How many published rows that answer a question have each value of the filter `name`: by code, none when zero."""
    asked = source(layer, asked_names(query), (name,), totals=True)
    rows = _all_rows(asked, f'"{name}" AS value, n')
    sums = f"SELECT value, sum(n)::bigint FROM ({rows}) AS found GROUP BY 1 HAVING sum(n) > 0"
    dimension = next(item for item in asked.grouping.dimensions if item.name == name)
    found = dict(_read(sums, asked, layer, query))
    return {code: found[number] for number, code in _codes(dimension, list(found)).items()}


def _all_rows(asked: Source, columns: str) -> str:
    return asked.rows(columns, level=asked.grouping.levels[0])


def _asked(query: FeatureQuery) -> dict[str, tuple[str, ...]]:
    every = {**query.values, "province": query.provinces, "commune": query.communes}
    return {name: values for name, values in every.items() if isinstance(values, tuple) and values}


def _values(dimension: Dimension, codes: Iterable[str]) -> list:
    """The numbers that stand for codes, or the codes where only their table knows the numbers."""
    if isinstance(dimension.codes, FixedCodes):
        return [dimension.codes.codes().index(code) + 1 for code in codes]
    if dimension.family:
        return [unit_id(unit_key(dimension.family, code)) for code in codes]
    return list(codes)


def _numbers(dimension: Dimension) -> str:
    """SQL of the numbers asked of a dimension, as an array."""
    value = f"%(asked_{dimension.name})s"
    if isinstance(dimension.codes, FixedCodes) or dimension.family:
        return f"{value}::{dimension.column_type}[]"
    table = apps.get_model(dimension.codes.model)._meta.db_table
    return f'ARRAY(SELECT id FROM "{table}" WHERE code = ANY ({value}::text[]))'


def _codes(dimension: Dimension, numbers: list[int]) -> dict[int, str]:
    """The code behind each number; numbers without one (0: no value) are left out."""
    if isinstance(dimension.codes, FixedCodes):
        known = dict(enumerate(dimension.codes.codes(), start=1))
        return {number: known[number] for number in numbers if number}
    model = apps.get_model(dimension.codes.model)
    return dict(model._default_manager.using(connection_for(None)).filter(pk__in=numbers).values_list("pk", "code"))


def _read(sql: str, asked: Source, layer: Layer, query: FeatureQuery) -> list[tuple]:
    first, last = asked.grouping.every
    with connections[connection_for(None)].cursor() as cursor:
        cursor.execute(sql, {**asked_values(layer, query), "first": first, "last": last})
        return cursor.fetchall()
