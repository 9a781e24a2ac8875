"""The database that is measured: a copy of the map's own, its devices replaced by many public ones (`devices.sql`).

It stands beside the map's database on the same server, under the same roles, and stays for the next time. Each number
of devices has a database of its own: one for 10,000,000, others with their number in the name.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2.errors import ObjectInUse

from bench.places import TABLE
from scripts import environment
from scripts.console import run, step
from scripts.places import ROOT, venv_program
from scripts.postgres_programs import program

Cursor = Any

DEVICES = 10_000_000


def devices() -> int:
    """How many devices are measured: `MAP_BENCH_DEVICES`, ten million where it is not set."""
    value = os.environ.get("MAP_BENCH_DEVICES") or str(DEVICES)
    if not value.isascii() or not value.isdigit() or int(value) < 100_000:
        raise SystemExit(
            f"MAP_BENCH_DEVICES={value}: phải là số nguyên từ 100000 / must be a whole number from 100000."
        )
    return int(value)


@cache
def settings() -> dict[str, str]:
    """The environment of programs that work on the measured database.

    Kept from the first call: once `bare.application` has put it on this process, it would be made from itself.
    """
    values = environment.application()
    names = ("DATABASE_URL", "DATABASE_OPEN_URL")
    return {**values, **{name: _beside(values[name]) for name in names}}


def address(*, open_role: bool = False) -> str:
    """URL of the measured database, for the role that owns the tables or for that of anonymous reading."""
    return settings()["DATABASE_OPEN_URL" if open_role else "DATABASE_URL"]


def name() -> str:
    """Name of the measured database."""
    return urlsplit(address()).path.lstrip("/")


@contextmanager
def cursor() -> Iterator[Cursor]:
    """A cursor of the owner in the measured database; each statement commits by itself."""
    with _connection(address()) as rows:
        yield rows


def ensure() -> None:
    """Make the database where it is missing or was not filled to the end; bring its derived tables up to date.

    Ten million devices take some ten minutes.
    """
    if not _exists() or _count() < 0.95 * devices():  # How many places hold how many is drawn, so the number is near.
        with step(f"Copying the map's database to {name()}"):
            _copy()
        with step(f"Strewing {devices():,} devices over the country"):
            _fill()
            with cursor() as rows:
                rows.execute("ANALYZE")  # A copy knows of its tables what was known of those it was copied from.
    with step(f"Migrating {name()} and filling what is derived from it"):
        run([venv_program("python"), "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=settings())


def multiply_bodies(least: int) -> int:
    """Copies bodies until there are at least `least` places of activity (`bodies.sql`); gives how many there are."""
    with cursor() as rows:
        rows.execute("SELECT count(*) FROM layers_placeofactivity")
        count = int(rows.fetchone()[0])
        if count < least:
            _run_sql("-v", f"bodies={least}", "-f", str(ROOT / "bench" / "bodies.sql"))
            rows.execute("SELECT count(*) FROM layers_placeofactivity")
            count = int(rows.fetchone()[0])
    return count


def _beside(url: str) -> str:
    return f"{url}_bench" if devices() == DEVICES else f"{url}_bench_{devices()}"


@contextmanager
def _connection(url: str) -> Iterator[Cursor]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def _exists() -> bool:
    with _connection(_server()) as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name()])
        return cursor.fetchone() is not None


def _count() -> int:
    with cursor() as rows:
        rows.execute(f"SELECT count(*) FROM {TABLE} WHERE source_system = 'bench'")
        return int(rows.fetchone()[0])


def _copy() -> None:
    """A copy that was not filled to the end has lost its indexes, so it is made anew."""
    template = urlsplit(environment.application()["DATABASE_URL"]).path.lstrip("/")
    with _connection(_server()) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name()}"')
        try:
            cursor.execute(f'CREATE DATABASE "{name()}" TEMPLATE "{template}"')
        except ObjectInUse as error:
            raise SystemExit("The map's database is in use, so it cannot be copied: `make stop` first.") from error


def _fill() -> None:
    """Triggers rest meanwhile: what they keep is made anew, whole, by the migration that follows."""
    _run_sql("-c", f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
    _run_sql("-v", f"devices={devices()}", "-f", str(ROOT / "bench" / "devices.sql"))
    _run_sql("-c", f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")
    with cursor() as rows:
        rows.execute("SELECT to_regclass('derived_part')")
        if rows.fetchone()[0]:
            rows.execute("UPDATE derived_part SET fingerprint = ''")


def _server() -> str:
    """Any other database of the server: one that is copied or dropped must have no connection."""
    return environment.application()["DATABASE_URL"].rpartition("/")[0] + "/postgres"


def _run_sql(*arguments: str) -> None:
    """The password goes beside the command, which is printed where it fails."""
    url = urlsplit(address())
    bare = url._replace(netloc=url.netloc.replace(f":{url.password}@", "@")).geturl()
    password = {"PGPASSWORD": unquote(url.password or "")}
    command = [str(program("psql")), "-X", "-q", "-d", bare, "-v", "ON_ERROR_STOP=1", *arguments]
    run(command, env={**os.environ, **password})
