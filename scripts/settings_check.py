"""All settings looked at before anything is made or started with them."""

import subprocess
import sys

from scripts import environment
from scripts.places import ROOT, venv_program

# Where no database is named the private one is meant, whose addresses are written when it starts.
LATER = {"DATABASE_URL": "postgresql://later/map", "DATABASE_OPEN_URL": "postgresql://later/map"}


def require_sound() -> None:
    """End the program where a setting makes no sense; the settings themselves have said which, a line each."""
    command = [venv_program("python"), "-m", "mapapp.settings"]
    if subprocess.run(command, cwd=ROOT, env={**LATER, **environment.application()}, check=False).returncode:
        sys.exit(1)
