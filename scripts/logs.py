"""The files of var/log: what the programs behind the map say. None grows without end, and the last start is kept."""

import os
import shutil
from pathlib import Path
from typing import IO

from scripts.places import VAR, make_var

LOGS = VAR / "log"
MOST_BYTES = 50_000_000
LAST_LINES = 25


def path_of(name: str) -> Path:
    """Where a program's log lies; the folder is made if it is missing."""
    make_var()
    LOGS.mkdir(mode=0o700, exist_ok=True)
    return LOGS / f"{name}.log"


def begin(name: str) -> IO[bytes]:
    """A program's log opened anew, to be appended to; what stood in it is kept as <name>.1.log, once."""
    path = path_of(name)
    if path.exists():
        path.replace(_older(path))
    return path.open("ab")


def bound(name: str) -> None:
    """Keep a log that has grown long as <name>.1.log and go on from nothing.

    The file is emptied, not replaced: the program that writes it holds it open.
    """
    path = path_of(name)
    if path.exists() and path.stat().st_size > MOST_BYTES:
        shutil.copyfile(path, _older(path))
        os.truncate(path, 0)


def last_lines(name: str) -> str:
    """The last lines of a log, for whoever must know why a program ended."""
    with path_of(name).open(errors="replace") as file:
        return "\n".join(file.read().splitlines()[-LAST_LINES:])


def _older(path: Path) -> Path:
    return path.with_suffix(".1.log")
