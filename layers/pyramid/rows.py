"""What each row adds to a pyramid, as SQL: written once, for triggers, for the first filling and for the roll-over."""

from datetime import date, timedelta
from functools import cache

from django.db.models import QuerySet
from psycopg2.extensions import adapt

from geodata.functions import Latitude, Longitude
from layers.grid import key_of, x_of, y_of
from layers.layer import Layer
from layers.pyramid.shape import FINEST, SUMS, Grouping, dimensions, groupings

# The ORM compiles conditions for a day of its own; in the SQL it becomes the day that the map stands on.
_ANY_DAY = date(4000, 1, 1)
_SLACK = timedelta(days=1000)


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


def insertion(layer: Layer, moved: str, *, into_changes: bool) -> str:
    """The statement that adds `moved` (contributions) to every table of a pyramid, at every level.

    Each level is summed from the one below it. Rows go in the order in which they are found.
    """
    by_class, whole, by_commune = groupings(layer)
    steps = [("finest", _summed("moved", by_commune, 0))]
    communes = _levels(by_commune, "commune", "finest")
    every = _levels(whole, "every", "finest")
    classes = _levels(by_class, "class", f"every{FINEST}")
    steps += [*communes, *every, *classes]
    inserts = [
        _insert(grouping, [name for name, _ in levels], into_changes=into_changes)
        for grouping, levels in ((by_class, classes), (whole, every), (by_commune, communes))
    ]
    steps += [(f"into{number}", text) for number, text in enumerate(inserts[1:])]
    named = ", ".join(f"{name} AS ({text})" for name, text in [("moved", moved), *steps])
    return f"WITH {named} {inserts[0]}"


def sums(*, prefix: str = "") -> str:
    """SQL that adds up the sums of rows of one kind."""
    added = [f"sum({prefix}{name})::bigint AS {name}" for name in SUMS[1:4]]
    return ", ".join([f"sum({prefix}n)::integer AS n", *added, f"bit_xor({prefix}ids) AS ids"])


def something() -> str:
    """SQL of the condition that summed differences make a difference at all."""
    return "(sum(n) <> 0 OR sum(x) <> 0 OR sum(y) <> 0 OR sum(h) <> 0 OR bit_xor(ids) <> 0)"


def columns_needed(layer: Layer) -> QuerySet:
    """The query behind the contributions, to be asked which columns it reads."""
    return _shown(layer)


def _levels(grouping: Grouping, prefix: str, source: str) -> list[tuple[str, str]]:
    """The steps that sum `source`, of the finest level, for each level of a table, from the finest up, by name."""
    steps, below = [], FINEST
    for level in reversed(grouping.levels):
        steps.append((f"{prefix}{level}", _summed(source, grouping, below - level)))
        source, below = f"{prefix}{level}", level
    return steps


def _summed(source: str, grouping: Grouping, levels_up: int) -> str:
    kept = ", ".join(map(_quoted, grouping.names))
    return (
        f"SELECT cell >> {2 * levels_up} AS cell, {kept}, {sums()} FROM {source}"
        f" GROUP BY 1, {kept} HAVING {something()}"
    )


def _insert(grouping: Grouping, levels: list[str], *, into_changes: bool) -> str:
    names = ", ".join(["cell", *map(_quoted, grouping.names), *SUMS])
    every = " UNION ALL ".join(f"SELECT {names} FROM {level}" for level in levels)
    table = grouping.changes if into_changes else grouping.table
    order = ", ".join(map(_quoted, grouping.key[:2]))
    return f'INSERT INTO "{table}" ({names}) SELECT * FROM ({every}) AS every ORDER BY {order}'


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
