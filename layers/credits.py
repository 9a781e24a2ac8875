"""Whom a map of the layers has to name: told by the published rows, never assumed."""

from collections.abc import Iterator

from geodata.credits import ground_credits
from geodata.streets_in_use import streets_credits
from layers.query import reading
from layers.registers.base import CREDITED, NamedPlace
from layers.registry import all_layers


def position_credits() -> list[str]:
    """The sources of published positions that ask to be named, sorted; empty where no row has one."""
    models = {layer.model for layer in all_layers() if issubclass(layer.model, NamedPlace)}
    with reading(None, "page"):
        return sorted({source for model in models for source in _sources(model)})


def all_credits() -> list[str]:
    """Everybody whom these data on this ground have to name, on the map and in files."""
    return [*position_credits(), *ground_credits()]


def map_credits() -> list[str]:
    """The same and those of the streets, which stand on the map alone; what another one says too is said once."""
    every = list(dict.fromkeys([*all_credits(), *streets_credits()]))
    return [each for each in every if not any(each != other and each in other for other in every)]


def _sources(model: type[NamedPlace]) -> Iterator[str]:
    """Each source once, by leaps through the index: sources are few, rows are many."""
    rows = model._default_manager.using("open").filter(geom_source__startswith=CREDITED).order_by("geom_source")
    sources = rows.values_list("geom_source", flat=True)
    source = sources.first()
    while source:
        yield source
        source = sources.filter(geom_source__gt=source).first()
