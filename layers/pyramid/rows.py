"""What each row adds to a pyramid, as SQL: written once, for triggers, for the first filling and for the roll-over."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from django.db.models import QuerySet
from psycopg2.extensions import adapt

from geodata.functions import Latitude, Longitude
from layers.grid import key_of, x_of, y_of
from layers.layer import Layer
from layers.pyramid.shape import FINEST, SUMS, Grouping, changes, dimensions, groupings

# The ORM compiles conditions for a day of its own; in the SQL it becomes the day that the map stands on.
_ANY_DAY = date(4000, 1, 1)
_SLACK = timedelta(days=1000)

Step = tuple[str, str]
"""The name of a step of a statement, and its SQL."""
FINEST_STEP = "finest"


@cache
def contributions(layer: Layer, *, table: str, day: str, sign: int = 1) -> str:
    """SQL of what the rows of `table` (a name) add on `day` (SQL of a date), a row each: cell, dimensions, sums.

    `sign` −1 takes them away again. What is not public, or not yet in use, adds nothing.
    """
    own = f'"{layer.model._meta.db_table}"'
    compiled = _text(_shown(layer), day).replace(f"FROM {own}", f"FROM {table} AS {own}")
    names = ", ".join(f'"{item.name}"' for item in dimensions(layer))
    numbers = ", ".join(f'{item.number(_quoted(item.name))} AS "{item.name}"' for item in dimensions(layer))
    return f"""
SELECT {key_of("x", "y", FINEST)} AS cell, {numbers}, {sign} AS n, {sign} * x AS x, {sign} * y AS y,
       {sign} * (hashint8((x << 30) | y)::bigint & 2147483647) AS h, id AS ids
FROM (SELECT id, {names}, {x_of("lon")} AS x, {y_of("lat")} AS y
      FROM ({compiled}) AS shown (id, {names}, lon, lat) OFFSET 0) AS placed"""


def noting(layer: Layer, moved: str) -> str:
    """The statement that notes `moved` (contributions) as differences: at the finest level, and for wide tiles."""
    steps, levels = sums_of_levels(layer, lambda grouping: grouping.coarse_levels)
    inserts = [_insert(changes(layer), groupings(layer)[-1], [FINEST_STEP])]
    inserts += [_insert(grouping.coarse, grouping, names) for grouping, names in levels.items() if names]
    return _together([("moved", moved), *steps], inserts)


def summing(layer: Layer, moved: str) -> str:
    """The statement that sums `moved` (contributions) into the empty tables of a pyramid, at every level."""
    steps, levels = sums_of_levels(layer, lambda grouping: grouping.levels)
    inserts = [_insert(grouping.table, grouping, names) for grouping, names in levels.items()]
    return _together([("moved", moved), *steps], inserts)


def sums_of_levels(
    layer: Layer, wanted: Callable[[Grouping], Sequence[int]]
) -> tuple[list[Step], dict[Grouping, list[str]]]:
    """The steps that sum the contributions `moved` for the wanted levels of each table, the first of them FINEST_STEP.

    With them the names of those that hold the levels of a table. Each is summed from the one before it that has the
    fewest rows of those that know enough.
    """
    every = groupings(layer)[-1].names
    steps, known = [(FINEST_STEP, summed("moved", every))], [_Known(FINEST_STEP, every, FINEST)]
    found: dict[Grouping, list[str]] = {}
    for grouping in sorted(groupings(layer), key=lambda item: -len(item.names)):
        found[grouping] = []
        for level in sorted(wanted(grouping), reverse=True):
            made, below = _Known(f"{grouping.table}_{level}", grouping.names, level), _below(known, grouping, level)
            steps.append((made.step, summed(below.step, made.names, levels_up=below.level - level)))
            known.append(made)
            found[grouping].append(made.step)
    return steps, found


def columns_needed(layer: Layer) -> QuerySet:
    """The query behind the contributions, to be asked which columns it reads."""
    return _shown(layer)


class _Known(NamedTuple):
    """A step, the dimensions that it keeps apart, and its level."""

    step: str
    names: tuple[str, ...]
    level: int


def _below(known: Iterable[_Known], grouping: Grouping, level: int) -> _Known:
    """The smallest step from which a level of a table can be summed."""
    able = (one for one in known if one.level >= level and set(grouping.names) <= set(one.names))
    return min(able, key=lambda one: (len(one.names), one.level))


def summed(source: str, names: Sequence[str], *, levels_up: int = 0) -> str:
    """SQL that sums what stands in `source` by cell, or the cell some levels above it, and the dimensions named."""
    kept = ", ".join(map(_quoted, names))
    return (
        f"SELECT cell >> {2 * levels_up} AS cell, {kept}, {_sums()} FROM {source}"
        f" GROUP BY 1, {kept} HAVING {_something()}"
    )


def inserted(grouping: Grouping, levels: Sequence[str]) -> str:
    """SQL of the columns of a table and of its rows from the steps named, in the order in which they are found."""
    names = ", ".join(["cell", *map(_quoted, grouping.names), *SUMS])
    every = " UNION ALL ".join(f"SELECT {names} FROM {level}" for level in levels)
    order = ", ".join(map(_quoted, grouping.key[:2]))
    return f"({names}) SELECT * FROM ({every}) AS every ORDER BY {order}"


def _sums() -> str:
    added = [f"sum({name})::bigint AS {name}" for name in SUMS[1:4]]
    return ", ".join(["sum(n)::integer AS n", *added, "bit_xor(ids) AS ids"])


def _something() -> str:
    """SQL of the condition that summed differences make a difference at all."""
    return "(sum(n) <> 0 OR sum(x) <> 0 OR sum(y) <> 0 OR sum(h) <> 0 OR bit_xor(ids) <> 0)"


def _insert(table: str, grouping: Grouping, levels: Sequence[str]) -> str:
    return f'INSERT INTO "{table}" {inserted(grouping, levels)}'


def _together(steps: Sequence[Step], inserts: Sequence[str]) -> str:
    first, *others = inserts
    named = [*steps, *((f"into{number}", text) for number, text in enumerate(others))]
    return f"WITH {', '.join(f'{name} AS ({text})' for name, text in named)} {first}"


def _shown(layer: Layer) -> QuerySet:
    rows = layer.model._default_manager.filter(layer.public, layer.rows(_ANY_DAY), geom__isnull=False)
    named = {f"d_{item.name}": item.source(_ANY_DAY) for item in dimensions(layer)}
    rows = rows.annotate(**named, lon=Longitude("geom"), lat=Latitude("geom"))
    return rows.order_by().values_list("pk", *named, "lon", "lat")


def _text(rows: QuerySet, day: str) -> str:
    """The compiled query with its values in place: functions of the database take no parameters from Python."""
    sql, values = rows.query.sql_with_params()
    return sql % tuple(_value(value, day) for value in values)


def _value(value: object, day: str) -> str:
    if isinstance(value, date) and abs(value - _ANY_DAY) < _SLACK:
        return f"({day} + {(value - _ANY_DAY).days})"
    return adapt(value).getquoted().decode()


def _quoted(name: str) -> str:
    return f'"{name}"'


def turned(layer: Layer, *, before: str, after: str, every: bool) -> str:
    """SQL of what the change from one day to another (SQL of dates) takes away and adds.

    Only rows that the layer says may turn on the later day are looked at, or with `every` all of them.
    """
    table = f'"{layer.model._meta.db_table}"'
    if not every:
        turning = layer.model._default_manager.filter(layer.pyramid.turning(_ANY_DAY)).order_by().values("pk")
        table = f"(SELECT * FROM {table} WHERE id IN ({_text(turning, after)}))"
    gone = contributions(layer, table=table, day=before, sign=-1)
    come = contributions(layer, table=table, day=after)
    return f"{gone} UNION ALL {come}"
