"""Where the things of this clone lie."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
MARKS = VAR / "loaded"
VENV = ROOT / ".venv"
VENDOR = ROOT / "static" / "vendor"
NODE_MODULES = ROOT / "node_modules"
APPS = ("accounts", "geodata", "layers", "tiles", "services", "office", "planning", "coverage", "mapapp")


def make_var() -> None:
    """Make var/ if it is missing. Others may pass through it, as the database server must, not list it."""
    VAR.mkdir(exist_ok=True)
    if VAR.stat().st_uid != os.geteuid():
        raise SystemExit(f"{VAR} belongs to another user: go on as that user, or let him `make clean`.")
    VAR.chmod(0o711)


def venv_program(name: str) -> str:
    """Path of a program that stands in .venv, as text for a command line."""
    return str(VENV / "bin" / name)
