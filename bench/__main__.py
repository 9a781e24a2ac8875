"""Runs the measurements and prints what was found, with the machine they were made on."""

import os
import platform

from bench.pan_and_zoom import measure
from bench.report import table

if __name__ == "__main__":
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(table(measure()))
