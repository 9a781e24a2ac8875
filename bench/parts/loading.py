"""P10, the pyramid's part: what the triggers add to a load by COPY, and national tiles right after one."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import psycopg2

from bench import bare, database, figures
from bench.figures import Figure
from bench.parts import national
from bench.places import FOLDER, LAYER, TABLE
from scripts.console import say

TITLE = "Loading by COPY"
MOST_ROWS = 1_000_000
LOADED = "bench_load"
WITH, WITHOUT = "with our triggers", "without our triggers"
FILE = FOLDER / "devices.copy"

# Copies of standing devices: other ids, numbers and names, the same places and dates.
_CHANGED = {
    "id": "id + (1::bigint << 39)",
    "source_system": f"'{LOADED}'",
    "serial_no": "serial_no || 'x'",
}
_OURS = """
SELECT quote_ident(tgname) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE tgrelid = %s::regclass AND NOT tgisinternal AND proname = ANY(%s)
"""


def measure(*, small: bool) -> list[Figure]:
    """The same rows with and without the triggers, either first in turn; while they stand, tiles of the country."""
    rows = min(MOST_ROWS, database.devices() // 10)
    columns = _write(rows)
    taken: dict[bool, list[float]] = {False: [], True: []}
    after: list[Figure] = []
    for turn in range(1 if small else 3):
        for triggers in (False, True) if turn % 2 else (True, False):
            try:
                taken[triggers].append(_load(columns, triggers=triggers))
                say(f"  {rows:,} rows {'with' if triggers else 'without'} triggers: {taken[triggers][-1]:.1f} s")
                if triggers and not after:
                    after = [*_tiles_after(rows, small=small), _folded(rows)]
            finally:
                _take_back()
    what = f"COPY of {rows:,} rows"
    rate = f"{rows / median(taken[True]):,.0f} rows/s"
    return [
        figures.of("P10", what, WITHOUT, taken[False], unit="s", note="indexes and foreign keys as ever"),
        figures.of("P10", what, WITH, taken[True], unit="s", note=rate),
        *after,
    ]


def _write(rows: int) -> list[str]:
    """Writes the rows into FILE; the columns in its order."""
    with database.cursor() as cursor, FILE.open("w") as file:
        cursor.execute(f"SELECT * FROM {TABLE} LIMIT 0")
        columns = [column.name for column in cursor.description]
        listed = ", ".join(_CHANGED.get(name, f'"{name}"') for name in columns)
        source = f"SELECT {listed} FROM {TABLE} WHERE source_system = 'bench' ORDER BY md5(id::text) LIMIT {rows}"
        cursor.copy_expert(f"COPY ({source}) TO STDOUT", file)
    return columns


def _load(columns: list[str], *, triggers: bool) -> float:
    """Seconds of COPY with all that is checked at commit. Without our triggers it is undone."""
    with _transaction(keep=triggers) as cursor, FILE.open() as file:
        if not triggers:
            for trigger in _our_triggers(cursor):
                cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {trigger}")
        begun = time.perf_counter()
        cursor.copy_expert(f"COPY {TABLE} ({', '.join(columns)}) FROM STDIN", file)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return time.perf_counter() - begun


@contextmanager
def _transaction(*, keep: bool) -> Iterator[Any]:
    connection = psycopg2.connect(database.address())
    try:
        yield connection.cursor()
        if keep:
            connection.commit()
    finally:
        connection.close()


def _our_triggers(cursor: Any) -> list[str]:
    bare.application()
    from layers.derived import parts

    cursor.execute(_OURS, [TABLE, [name for part in parts() for name in part.functions]])
    return [name for (name,) in cursor.fetchall()]


def _tiles_after(rows: int, *, small: bool) -> list[Figure]:
    """The loaded rows stand beside the counted ones, so contents are not compared here."""
    what = f"a tile of z0 to z6, right after a load of {rows:,}"
    found = national.made_anew(what, rounds=1 if small else 5, known=False)
    return [figure for figure in found if figure.who in (national.race.OURS, national.race.BARE)]


def _folded(rows: int) -> Figure:
    """How long the worker then takes, which nobody waits for."""
    begun = time.perf_counter()
    differences = _fold()
    took = time.perf_counter() - begun
    what = f"folding the differences of {rows:,} rows"
    return figures.of("", what, "the worker", [took], unit="s", note=f"{differences:,} rows of differences")


def _fold() -> int:
    bare.application()
    from layers.pyramid.folding import fold
    from layers.registry import get

    return fold(get(LAYER))


def _take_back() -> None:
    """What was undone has left dead rows too: the next load finds the tables as this one did."""
    with database.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE source_system = '{LOADED}'")
        cursor.execute(f"VACUUM {TABLE}")
    _fold()
