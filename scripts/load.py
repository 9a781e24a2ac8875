"""Tables, reference tables, boundaries and demo data, each loaded again only when its sources changed.

Marks in var/loaded say what was loaded from which sources. Whether the demo data stand is asked of the database itself:
others may have loaded something else since.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts import environment
from scripts.console import run, step
from scripts.places import APPS, MARKS, ROOT, make_var, venv_program
from scripts.secrets_kept import secret


@dataclass(frozen=True)
class Load:
    """One management command, with what its result depends on: files by pattern, and settings by name.

    One that `sees_itself` whether there is anything to do runs each time.
    """

    title: str
    command: tuple[str, ...]
    files: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    sees_itself: bool = False


def load() -> None:
    """Bring the database to where code and settings say; afterwards pages say that this is demo data."""
    secret("administrator")
    before = ""
    for one in _loads():
        before = _load_if_changed(one, before)
    environment.remember("MAP_DEMO", "1")


def _loads() -> list[Load]:
    units = ("geodata/*.py", "geodata/reference/*.csv", *_shared_data())
    sources = ("MAP_SHARED_DATA", "MAP_BOUNDARIES", "MAP_BASEMAP")
    return [
        Load("Making the tables", ("migrate", "--verbosity=0"), (*_code(), "requirements.txt")),
        # Before anything of the demo comes to data that are somebody's: an account, boundaries. A private cluster may
        # hold such data too.
        Load("Looking for data that are not demo data", ("load_demo", "--only-check"), sees_itself=True),
        Load("Making the demo's administrator", ("create_demo_administrator",)),
        Load("Loading the reference tables", ("load_reference",), ("*/reference/*.csv",)),
        Load("Loading the boundaries", ("load_boundaries", "--if-needed"), units, sources),
        Load("Loading the demo data", ("load_demo", "--if-needed"), sees_itself=True),
    ]


def _load_if_changed(one: Load, before: str) -> str:
    """Run the command unless its mark says that nothing changed; returns the mark for the next one.

    Code changes often and migrating is quick, so only what follows the tables hangs together.
    """
    mark = MARKS / one.command[0]
    fingerprint = _fingerprint(one, before)
    # Of a database that is not ours the marks say nothing: the commands themselves see what is there.
    unmarked = one.sees_itself or environment.has_own_database()
    if unmarked or not (mark.exists() and mark.read_text() == fingerprint):
        with step(one.title):
            # `make test` checks the code; said before each command, its warnings would hide what the command says.
            command = [venv_program("python"), "manage.py", *one.command, "--skip-checks"]
            run(command, cwd=ROOT, env=environment.application())
        make_var()
        MARKS.mkdir(exist_ok=True)
        mark.write_text(fingerprint)
    return "" if one.command[0] == "migrate" else fingerprint


def _fingerprint(one: Load, before: str) -> str:
    digest = hashlib.sha256(f"{one.command} {before}".encode())
    for name in one.settings:
        digest.update(environment.application().get(name, "").encode())
    for path in _matching(one.files):
        digest.update(_state(path).encode())
    return digest.hexdigest()


def _matching(patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(ROOT.glob(pattern))


def _state(path: Path) -> str:
    """What tells one version of a file from another: text by its content, large data by size and time."""
    if path.suffix in (".py", ".csv", ".txt"):
        return f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    return f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}"


def _code() -> tuple[str, ...]:
    return tuple(f"{folder}/**/*.py" for folder in APPS)


def _shared_data() -> tuple[str, ...]:
    """Patterns of the fetched data, relative to the root."""
    folder = os.environ.get("MAP_SHARED_DATA") or str(ROOT.parent / "shared" / "data")
    relative = os.path.relpath(folder, ROOT)
    return (f"{relative}/*.gpkg", f"{relative}/*.csv")


if __name__ == "__main__":
    load()
