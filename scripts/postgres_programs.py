"""Where the PostgreSQL programs lie, whichever version the system has."""

import os
import re
import shutil
import subprocess
from pathlib import Path


def program(name: str) -> Path:
    """Path of a PostgreSQL server or client program. Ends this program with a hint when there is none."""
    for folder in _folders():
        if os.access(folder / name, os.X_OK):
            return folder / name
    raise SystemExit(f"PostgreSQL's {name} was not found: run `make demo` where packages can be installed.")


def is_installed() -> bool:
    """True when a server with PostGIS can be made here."""
    return any((folder / "initdb").exists() and _has_postgis(folder) for folder in _folders())


def _folders() -> list[Path]:
    """Folders with PostgreSQL programs: the newest version that has PostGIS first."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    folders = [*debian, *_asked_folder()]
    return sorted(folders, key=_has_postgis, reverse=True)


def _asked_folder() -> list[Path]:
    if not shutil.which("pg_config"):
        return []
    asked = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
    return [Path(asked.stdout.strip())] if asked.returncode == 0 else []


def _version(folder: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", folder.parent.name)]


def _has_postgis(folder: Path) -> bool:
    share = Path("/usr/share/postgresql") / folder.parent.name / "extension"
    places = (share, folder.parent / "share" / "extension")
    return any((place / "postgis.control").exists() for place in places)
