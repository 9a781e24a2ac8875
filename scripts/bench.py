"""`make bench`: the figures, measured by the folder bench/ in a database of their own (docs/benchmarks.md).

`PART` names parts of it, `MAP_BENCH_DEVICES` how many devices are measured.
"""

import os
import sys

from scripts import environment
from scripts.console import run
from scripts.interruption import ends_in_order
from scripts.places import ROOT, venv_program
from scripts.prepare import prepare
from scripts.serve import database

if __name__ == "__main__":
    if not (ROOT / "bench").is_dir():
        sys.exit("There is no folder bench/ yet, so nothing is measured.")
    with ends_in_order():
        prepare(for_tests=True)
        with database():
            command = [venv_program("python"), "-m", "bench", *os.environ.get("PART", "").split()]
            run(command, cwd=ROOT, env=environment.application())
