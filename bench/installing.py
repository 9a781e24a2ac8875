"""Installing by package name: what cannot be had on this machine is said, and the others are measured without it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.places import FOLDER
from scripts.console import step
from scripts.logs import last_lines, path_of

LONGEST_S = 3600


class Missing(Exception):
    """A peer that cannot be had here, and why."""


def require(program: str) -> str:
    """Path of a program of this machine."""
    found = _which(program)
    if not found:
        raise Missing(f"this machine has no {program}")
    return found


def _which(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")  # Where nginx is, not on everyone's path.


def build(title: str, command: Sequence[str], *, makes: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run an installing program unless what it makes is there; gently, for it takes all it gets."""
    if makes.exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    log = f"install-{title.split()[0].lower()}"
    with step(f"Installing {title}"), path_of(log).open("w") as file:
        code = subprocess.run(
            ["nice", *command],
            check=False,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            timeout=LONGEST_S,
        ).returncode
    if code or not makes.exists():
        raise Missing((last_lines(log).strip().splitlines() or ["its installation failed"])[-1].strip())


def python_packages(folder: Path, *packages: str, program: str) -> None:
    """A venv of the peer's own with these packages, which bring the program."""
    pip = folder / "bin" / "pip"
    build(f"{folder.name}-venv", [sys.executable, "-m", "venv", str(folder)], makes=pip)
    build(folder.name, [str(pip), "install", "-q", *packages], makes=folder / "bin" / program)


def debian_packages(*packages: str, makes: str) -> None:
    """Debian packages that bring the program `makes`, where this machine may install them."""
    if _which(makes):
        return
    apt = ["apt-get", "-y", "--no-install-recommends", "install", *packages]
    asker = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or subprocess.run([*asker, "true"], check=False, capture_output=True).returncode:
        raise Missing(f"Debian's {' and '.join(packages)} cannot be installed here")
    build(f"{packages[0]} (Debian)", [*asker, *apt], makes=Path("/usr/share/doc") / packages[0])
