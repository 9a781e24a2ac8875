"""What the database keeps by itself beside the registers: tables filled by triggers, made from the declared layers.

The exception to "no triggers": a tile must be right the moment a transaction commits, whoever wrote and by whatever
way (forms, imports, COPY, psql). All of it is made here, after migrations, from parts that say what they consist of.
A part whose statements changed is dropped and made anew: nothing in it is more than what the registers say.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import connections, transaction

Cursor = Any

# Of a table into which writers add what a fold soon takes out: it is cleaned early, and keeps its pages, for giving
# them back would keep writers out meanwhile.
EMPTIED_OFTEN = "autovacuum_vacuum_scale_factor = 0.02, vacuum_truncate = off"


@dataclass(frozen=True)
class Part:
    """Derived tables with the functions and triggers that keep them.

    `tables` are dropped (with what hangs on them) when the part is remade, `functions` likewise with their triggers;
    `make` are the statements that make them, in order. `shown` are the tables that the open role may read, by a view of
    the same name. `needs` are columns of the registers, (table, column): without them, at an earlier stage of
    the migrations, there is no such part. `fill` brings the new, empty tables up to the registers.
    """

    name: str
    tables: tuple[str, ...]
    functions: tuple[str, ...]
    make: tuple[str, ...]
    shown: tuple[str, ...]
    needs: frozenset[tuple[str, str]]
    fill: Callable[[Cursor], None]

    @property
    def fingerprint(self) -> str:
        """Of the statements: other statements, another part."""
        return hashlib.sha256("\n".join(self.make).encode()).hexdigest()


_DECLARED: list[Callable[[], Iterable[Part]]] = []


def declares(parts: Callable[[], Iterable[Part]]) -> Callable[[], Iterable[Part]]:
    """Has these parts made with the others; their modules are named in `layers.apps`."""
    _DECLARED.append(parts)
    return parts


def parts() -> Iterator[Part]:
    """Every part, from the layers that are declared."""
    return chain.from_iterable(declared() for declared in _DECLARED)


def remake(using: str = "default", **signal: object) -> list[str]:
    """Makes the parts that are missing or differ from the declared layers, and drops those that are declared no more.

    Gives the names of those that it made or dropped. Runs after every migration, and by `manage.py derive`. Each part
    is a transaction: it is whole, or as it was. Whoever reads or writes the register of a part that is remade waits
    until it is filled, some minutes with ten million rows, or gives up: stop the map for that.
    """
    if using != "default":
        return []
    _keep_account()
    declared = list(parts())
    gone = sorted(_standing().keys() - {part.name for part in declared})
    for name in gone:
        _drop_standing(name)
    return gone + [part.name for part in declared if _remade(part)]


def outdated() -> list[str]:
    """Names of the parts that are not as declared, with the settings of this process: `remake` would touch them."""
    standing = _standing()
    with connections["default"].cursor() as cursor:
        columns = _columns(cursor)
    wanted = {name: fingerprint for name, fingerprint, needs in _declarations() if needs <= columns}
    return sorted(name for name in wanted.keys() | standing.keys() if wanted.get(name) != standing.get(name))


@cache
def _declarations() -> tuple[tuple[str, str, frozenset[tuple[str, str]]], ...]:
    """Name, fingerprint and needs of every part: the same for as long as a process lives, and 0.1 s of work."""
    return tuple((part.name, part.fingerprint, part.needs) for part in parts())


def drop(*migration: object) -> None:
    """Drops every part; the next `remake`, as after each migration, makes them anew.

    For `RunPython` before a migration's own steps write to registers from which columns go that triggers read.
    """
    _keep_account()
    for name in _standing():
        _drop_standing(name)


def _keep_account() -> None:
    """The table of what stands: by it a part is dropped whole, also by a version that no longer declares it."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS derived_part (name text PRIMARY KEY, fingerprint text NOT NULL)")
        for kind in ("tables", "functions"):
            cursor.execute(f"ALTER TABLE derived_part ADD COLUMN IF NOT EXISTS {kind} text[] NOT NULL DEFAULT '{{}}'")


def _standing() -> dict[str, str]:
    """The fingerprint of every part that stands, by name; none where nothing was ever derived."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('derived_part') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return {}
        cursor.execute("SELECT name, fingerprint FROM derived_part")
        return dict(cursor.fetchall())


@transaction.atomic
def _remade(part: Part) -> bool:
    with connections["default"].cursor() as cursor:
        possible = part.needs <= _columns(cursor)
        standing = _standing().get(part.name)
        changed = standing != (part.fingerprint if possible else None)
        if changed:
            _drop(cursor, part.name, tables=part.tables, functions=part.functions)
        if changed and possible:
            _make(cursor, part)
        if possible:
            _note(cursor, part)
    return changed


@transaction.atomic
def _drop_standing(name: str) -> None:
    with connections["default"].cursor() as cursor:
        _drop(cursor, name)


def _drop(cursor: Cursor, name: str, *, tables: Iterable[str] = (), functions: Iterable[str] = ()) -> None:
    """Drops what was made of a part, and what it would be made of now."""
    cursor.execute("DELETE FROM derived_part WHERE name = %s RETURNING tables, functions", [name])
    old_tables, old_functions = cursor.fetchone() or ((), ())
    for function in {*functions, *old_functions}:
        cursor.execute(f'DROP FUNCTION IF EXISTS "{function}" CASCADE')
    for table in {*tables, *old_tables}:
        cursor.execute(f'DROP TABLE IF EXISTS "{table}" CASCADE')


def _note(cursor: Cursor, part: Part) -> None:
    cursor.execute(
        "INSERT INTO derived_part (name, fingerprint, tables, functions) VALUES (%s, %s, %s, %s) ON CONFLICT (name)"
        " DO UPDATE SET tables = excluded.tables, functions = excluded.functions",
        [part.name, part.fingerprint, list(part.tables), list(part.functions)],
    )


def _make(cursor: Cursor, part: Part) -> None:
    for statement in part.make:
        cursor.execute(statement)
    for table in part.shown:
        cursor.execute(f'CREATE VIEW open."{table}" AS SELECT * FROM public."{table}"')
        cursor.execute(f"COMMENT ON VIEW open.\"{table}\" IS 'derived'")
    _grant(cursor, part)
    part.fill(cursor)


def _grant(cursor: Cursor, part: Part) -> None:
    """Where the role is missing, `open_schema` has told the administrator what to run."""
    role = settings.DATABASES["open"]["USER"]
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is not None:
        for table in part.shown:
            cursor.execute(f'GRANT SELECT ON open."{table}" TO "{role}"')


def _columns(cursor: Cursor) -> frozenset[tuple[str, str]]:
    cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
    return frozenset(cursor.fetchall())
