"""The box that the map shows of a unit."""

from collections.abc import Collection, Iterable

import shapely

from geodata.archipelagos import ARCHIPELAGOS
from geodata.keys import COMMUNE, unit_id, unit_key
from geodata.models import UnitOutline
from services.search.asking import Asked
from services.search.memory import Latest

_ZONES = {unit_id(unit_key(COMMUNE, one.commune_code)): one for one in ARCHIPELAGOS}


_kept: Latest[str, dict[int, list[float]]] = Latest()


def boxes_of(units: Collection[int], asked: Asked) -> dict[int, list[float]]:
    """By the unit's id: the box of its largest part, for islands reach far beyond it; of an archipelago's zone the
    box of all of it with its label, a tenth wider, so that no island hides under what stands on the map's edge.
    """
    boxes: dict[int, list[float]] = _kept.get("boxes", asked.units, dict)
    boxes |= _read([unit for unit in units if unit not in boxes])
    return {unit: boxes[unit] for unit in units if unit in boxes}


def _read(units: Collection[int]) -> dict[int, list[float]]:
    if not units:
        return {}
    outlines = UnitOutline.objects.using("open").filter(unit__in=units).order_by("unit_id", "max_zoom")
    outlines = outlines.distinct("unit_id")
    shapes = ((unit, shapely.from_wkb(bytes(geom.wkb))) for unit, geom in outlines.values_list("unit_id", "geom"))
    return {unit: rounded(_box(unit, shape)) for unit, shape in shapes}


def _box(unit: int, shape: shapely.MultiPolygon) -> tuple[float, ...]:
    if unit not in _ZONES:
        parts = shapely.get_parts(shape)
        return tuple(parts[shapely.area(parts).argmax()].bounds)
    west, south, east, north = shapely.union_all([shapely.box(*shape.bounds), _ZONES[unit].envelope]).bounds
    room = (north - south) / 10
    return west - room, south - room, east + room, north + room


def rounded(numbers: Iterable[float]) -> list[float]:
    """Degrees to about ten centimetres."""
    return [round(number, 6) for number in numbers]
