"""Whom a map of the layers has to name: told by the published rows, never assumed."""

from geodata.credits import ground_credits
from layers.registers.base import CREDITED
from layers.registry import all_layers


def position_credits() -> list[str]:
    """The sources of published positions that ask to be named, sorted; empty where no row has one."""
    models = {layer.model for layer in all_layers() if layer.field("geom_source")}
    found: set[str] = set()
    for model in models:
        rows = model._default_manager.using("open").filter(geom_source__startswith=CREDITED)
        found.update(rows.order_by().values_list("geom_source", flat=True).distinct())
    return sorted(found)


def all_credits() -> list[str]:
    """Everybody whom a map of these data on this ground has to name."""
    return [*position_credits(), *ground_credits()]
