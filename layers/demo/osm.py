"""Filling and charging stations taken from OpenStreetMap, where the operator has fetched them."""

import csv
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CREDIT = "© OpenStreetMap contributors"
FILES = {"fuel_station": "fuel_stations_osm.csv", "ev_charging_station": "ev_chargers_osm.csv"}


@dataclass(frozen=True)
class RealPlace:
    """A place as OpenStreetMap has it; `name` and `operator` are often empty."""

    osm_id: str
    name: str
    operator: str
    lon: float
    lat: float


def real_places(folder: Path, profile: str) -> list[RealPlace]:
    """The real places of a profile of sites in the file's order, none where there is no file."""
    path = folder / "poi" / FILES.get(profile, "-")
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["osm_id"]: row for row in csv.DictReader(file)}
    return [_place(row) for row in rows.values()]


def some_of(rng: np.random.Generator, places: list[RealPlace], size: int) -> list[RealPlace]:
    """As many of the places as wanted, in their order; all where there are no more."""
    if size >= len(places):
        return places
    return [places[number] for number in np.sort(rng.choice(len(places), size=size, replace=False))]


def _place(row: dict[str, str]) -> RealPlace:
    operator = row["operator"] or row["brand"]
    return RealPlace(
        row["osm_id"], _clean(row["name"], 280), _clean(operator, 200), float(row["lon"]), float(row["lat"])
    )


def _clean(text: str, length: int) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())[:length]
