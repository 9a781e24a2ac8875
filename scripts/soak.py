"""`make soak`: the full counts, of which `make test` runs a sample. `make soak PART=tiles` runs one part."""

import os
import sys

from scripts.console import run
from scripts.interruption import ends_in_order
from scripts.places import ROOT, venv_program
from scripts.prepare import prepare
from scripts.serve import database

if __name__ == "__main__":
    part = ["-k", os.environ["PART"]] if os.environ.get("PART") else []
    with ends_in_order():
        prepare(for_tests=True)
        with database():
            run([venv_program("python"), "-m", "pytest", "-m", "soak", *part, *sys.argv[1:]], cwd=ROOT)
