"""What the database keeps by itself beside the registers: tables filled by triggers, made from the declared layers.

The exception to "no triggers": a tile must be right the moment a transaction commits, whoever wrote and by whatever
way (forms, imports, COPY, psql). All of it is made here, after migrations, from parts that say what they consist of.
A part whose statements changed is dropped and made anew: nothing in it is more than what the registers say.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import connections, transaction

Cursor = Any


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


def remake(using: str = "default", **signal: object) -> None:
    """Makes the parts that are missing or differ from the declared layers, each whole or not at all.

    Runs after every migration. Filling the pyramid of ten million rows takes some minutes; readers wait for none of it.
    """
    if using != "default":
        return
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS derived_part (name text PRIMARY KEY, fingerprint text NOT NULL)")
        columns = _columns(cursor)
        for part in parts():
            _remake(cursor, part, possible=part.needs <= columns)


def _remake(cursor: Cursor, part: Part, *, possible: bool) -> None:
    cursor.execute("SELECT fingerprint FROM derived_part WHERE name = %s", [part.name])
    standing = cursor.fetchone()
    if possible and standing and standing[0] == part.fingerprint:
        return
    _drop(cursor, part)
    if possible:
        _make(cursor, part)


def _drop(cursor: Cursor, part: Part) -> None:
    for function in part.functions:
        cursor.execute(f'DROP FUNCTION IF EXISTS "{function}" CASCADE')
    for table in part.tables:
        cursor.execute(f'DROP TABLE IF EXISTS "{table}" CASCADE')
    cursor.execute("DELETE FROM derived_part WHERE name = %s", [part.name])


def _make(cursor: Cursor, part: Part) -> None:
    for statement in part.make:
        cursor.execute(statement)
    for table in part.shown:
        cursor.execute(f'CREATE VIEW open."{table}" AS SELECT * FROM public."{table}"')
        cursor.execute(f"COMMENT ON VIEW open.\"{table}\" IS 'derived'")
    _grant(cursor, part)
    part.fill(cursor)
    cursor.execute("INSERT INTO derived_part VALUES (%s, %s)", [part.name, part.fingerprint])


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
