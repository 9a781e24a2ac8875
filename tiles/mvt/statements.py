"""Statements of tiles: put together from a layer's declaration once, planned once per connection, run often."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from django.contrib.gis.db.models import GeometryField
from django.db import connections
from django.db.models import Func, QuerySet

from layers.access import User, connection_for
from layers.layer import Field

# Plans take room in every connection: with so many kept, one used less gives way.
_MOST_PREPARED = 200
# Once for all values and by indexes alone: a table that is empty most of the time seems quick to scan, until a load of
# a million rows fills it under the standing plan.
BY_INDEX = "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off;"
# For these values: a filter may hold for all rows or for one.
ANEW = "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_seqscan = on;"
_NAMED = re.compile(r"%\((\w+)\)s")
_prepared: WeakKeyDictionary[object, dict[str, str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Statement:
    """SQL with named parameters (`%(name)s`), and the values of those that no tile's address gives."""

    sql: str
    bound: Mapping[str, object]


class Side(Enum):
    """A side of the tile's box, in degrees: stands among a compiled queryset's values until a tile is asked for."""

    WEST = "west"
    SOUTH = "south"
    EAST = "east"
    NORTH = "north"


class TileBox(Func):
    """The box of whichever tile the statement is run for, in EPSG:4326."""

    output_field = GeometryField(srid=4326)

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list]:
        return "ST_MakeEnvelope(%s, %s, %s, %s, 4326)", list(Side)


def sides(box: tuple[float, float, float, float]) -> dict[str, float]:
    """West, south, east, north as the parameters that `TileBox` leaves open."""
    return dict(zip((side.value for side in Side), box, strict=True))


def compiled(sql: str, querysets: Mapping[str, QuerySet], bound: Mapping[str, object]) -> Statement:
    """The text with each queryset in the place of its `{name}`, its values as named parameters."""
    values_by_name = dict(bound)
    for name, rows in querysets.items():
        inner, values = rows.query.get_compiler(using=rows.db).as_sql()
        keys = [value.value if isinstance(value, Side) else f"{name}_{n}" for n, value in enumerate(values)]
        values_by_name |= {key: value for key, value in zip(keys, values, strict=True) if not isinstance(value, Side)}
        sql = sql.replace(f"{{{name}}}", inner % tuple(f"%({key})s" for key in keys))
    return Statement(sql, values_by_name)


def filled(sql: str, **parts: str) -> str:
    """The text with its `{parts}` in place; those of querysets are left for `compiled`."""
    for name, part in parts.items():
        sql = sql.replace(f"{{{name}}}", part)
    return sql


def run(statement: Statement, user: User, values: Mapping[str, object]) -> tuple:
    """The one row that a statement gives."""
    with connections[connection_for(user)].cursor() as cursor:
        cursor.execute(statement.sql, {**statement.bound, **values})
        return cursor.fetchone()


def run_prepared(statement: Statement, values: Mapping[str, object], *, planning: str = "") -> tuple:
    """The one row that a public statement gives, parsed once per connection: that costs more than most tiles.

    `planning` is how it is planned: BY_INDEX or ANEW, inside a transaction; "" is as the database likes.
    """
    with connections[connection_for(None)].cursor() as cursor:
        return execute_prepared(cursor, statement, values, planning=planning)


def execute_prepared(cursor: Any, statement: Statement, values: Mapping[str, object], *, planning: str = "") -> tuple:
    """The same by a cursor of one's own, Django's or the driver's."""
    every = {**statement.bound, **values}
    names = _names(statement.sql)
    name = _prepare(cursor, statement.sql, names)
    marks = ", ".join(["%s"] * len(names))
    cursor.execute(f"{planning} EXECUTE {name} ({marks})", [every[key] for key in names])
    return cursor.fetchone()


@lru_cache(maxsize=1024)
def _names(sql: str) -> tuple[str, ...]:
    """The named parameters, each once, in their order."""
    return tuple(dict.fromkeys(_NAMED.findall(sql)))


def _prepare(cursor: Any, sql: str, names: tuple[str, ...]) -> str:
    known = _prepared.setdefault(cursor.connection, {})
    if sql not in known:
        if len(known) >= _MOST_PREPARED:
            cursor.execute(f"DEALLOCATE {known.pop(next(iter(known)))}")
        text = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", sql).replace("%%", "%")
        # By its text: where a pooler hands connections about, another process's statement of that name is the same.
        name = f"tile_{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"
        cursor.execute(f"PREPARE {name} AS {text}")
        known[sql] = name
    return known[sql]


def column(item: Field, source: str) -> str:
    """One of the features' columns; a list of codes becomes text, its codes joined by `;`."""
    if item.gathered:
        return f'array_to_string({source}."{item.name}", \';\') AS "{item.name}"'
    return f'{source}."{item.name}"'


def names(shown: tuple[Field, ...]) -> str:
    """The columns that `select` gives for these fields, named: the id, then one for each."""
    return ", ".join(["id", *(f'"{item.name}"' for item in shown)])
