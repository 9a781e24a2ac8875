"""The tables of this folder: products, tests, calibrations, devices and kinds of sites as they are commonly written."""

import csv
from functools import cache
from pathlib import Path


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `<name>.csv` in the file's order; every value is text, an empty one the empty string."""
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
