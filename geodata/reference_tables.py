"""The CSV tables of `reference/`: every column as text, so that codes keep their leading zeros."""

from functools import cache
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent / "reference"


@cache
def _table(name: str) -> pd.DataFrame:
    return read_csv(FOLDER / f"{name}.csv")


def read_csv(path: Path) -> pd.DataFrame:
    """A CSV file with a header row; every value is text, an empty one the empty string."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def provinces() -> pd.DataFrame:
    """The 34 provinces and centrally-run cities in force, by code."""
    return _table("provinces_2025").copy()


def communes() -> pd.DataFrame:
    """The 3,321 communes, wards and special zones in force, by code; `lon` and `lat` lie inside the unit."""
    return _table("communes_2025").copy()


def crosswalk() -> pd.DataFrame:
    """What became of each of the 63 provinces on 1 July 2025; seven codes were reused for another province."""
    return _table("crosswalk_63_to_34").copy()


def archipelago_islands() -> pd.DataFrame:
    """Islands and reefs of the two archipelagos: `zone_code`, `name_vi`, `lon`, `lat` (to about 2 km)."""
    return _table("archipelago_islands").copy()


def places() -> pd.DataFrame:
    """Cities and towns to name on the base map: `name_vi`, `name_en`, `country`, `lon`, `lat`, `rank`, `min_zoom`."""
    return _table("places").copy()
