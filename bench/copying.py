"""COPY of a statement's text, by psql and by the driver, under the role and the session settings of the server."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg2

from bench import bare, database
from scripts.postgres_programs import program

DRIVER, PSQL = "COPY by the driver", "COPY by psql"


@contextmanager
def contenders(sql: str) -> Iterator[dict[str, Callable[[], float]]]:
    """What copies the text once and says how many seconds it took; psql is started for it, the driver is connected."""
    bare.application()
    connection = psycopg2.connect(database.address(open_role=True), options=_options())
    try:
        yield {DRIVER: lambda: _by_driver(connection, sql), PSQL: lambda: _by_psql(sql)}
    finally:
        connection.close()


def _by_driver(connection: "psycopg2.extensions.connection", sql: str) -> float:
    begun = time.perf_counter()
    with connection, connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({sql}) TO STDOUT", _Nowhere())
    return time.perf_counter() - begun


def _by_psql(sql: str) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [program("psql"), "-qX", database.address(open_role=True)],
        input=f"COPY ({sql}) TO STDOUT;",
        text=True,
        stdout=subprocess.DEVNULL,
        check=True,
        env={"PGOPTIONS": _options(), "PATH": "/usr/bin:/bin"},
    )
    return time.perf_counter() - begun


class _Nowhere:
    def write(self, piece: bytes) -> int:
        return len(piece)


def _options() -> str:
    from django.conf import settings

    return str(settings.DATABASES["open"]["OPTIONS"]["options"])
