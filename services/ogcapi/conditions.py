"""`filter`, `filter-lang` and `filter-crs` (OGC API - Features - Part 3: Filtering)."""

from collections.abc import Callable, Mapping

from geodata.crs import CRS84
from layers.access import User
from layers.cql2.conditions import Condition
from layers.cql2.reading import read_json, read_text
from layers.errors import BadParameter
from layers.filters import CQL2
from layers.layer import Layer
from services.ogcapi.systems import read_system

LANGUAGE, SYSTEM = "filter-lang", "filter-crs"
READERS = {"cql2-text": read_text, "cql2-json": read_json}
TEXT = "cql2-text"


def read_condition(values: Mapping[str, str], layer: Layer, user: User) -> Condition | None:
    """The condition that is asked; None without one. Raises BadParameter, also where a language or system is wrong."""
    read = _reader(values.get(LANGUAGE, TEXT))
    crs = read_system(values[SYSTEM], SYSTEM) if SYSTEM in values else CRS84
    return read(values[CQL2], layer, user, parameter=CQL2, crs=crs) if CQL2 in values else None


def _reader(name: str) -> Callable[..., Condition]:
    if name not in READERS:
        known = ", ".join(READERS)
        raise BadParameter(
            f"{LANGUAGE}.unknown",
            f"{LANGUAGE} không có giá trị “{name[:40]}”. Giá trị có thể dùng: {known}.",
            f"{LANGUAGE} has no value “{name[:40]}”. Known values: {known}.",
            parameter=LANGUAGE,
        )
    return READERS[name]
