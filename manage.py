#!/usr/bin/env python3
"""Django's commands, in this clone's .venv, with its settings (var/env) under those of the environment."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from scripts import environment
from scripts.places import VENV, venv_program


def in_venv() -> None:
    """Go on under the Python of .venv where the one that was called lacks the packages."""
    if find_spec("django"):
        return
    # A set-up that was interrupted leaves a .venv without them: called again under it, nothing would be different.
    if not Path(venv_program("python")).exists() or Path(sys.prefix).resolve() == VENV.resolve():
        sys.exit("Chưa cài đặt xong: chạy `make demo` trước. / This clone is not set up: run `make demo` first.")
    os.execv(venv_program("python"), [venv_program("python"), *sys.argv])  # noqa: S606 - our own .venv


if __name__ == "__main__":
    in_venv()
    os.environ.update(environment.application())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapapp.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
