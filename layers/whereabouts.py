"""In which province and commune a record lies, whatever its layer."""

from dataclasses import dataclass

from geodata.models import AdministrativeUnit
from layers.layer import Layer
from layers.query import FeatureQuery, matching


@dataclass(frozen=True)
class Whereabouts:
    """The units in force that hold a record; None where it has none, or several (a province has many communes)."""

    province: AdministrativeUnit | None
    commune: AdministrativeUnit | None


def whereabouts(layer: Layer, query: FeatureQuery, record: int) -> Whereabouts:
    """Where the public record with this id lies; nothing known for one that the public does not see."""
    rows = matching(layer, query).filter(pk=record)
    return Whereabouts(*(_only_unit(rows, layer, level) for level in ("province", "commune")))


def _only_unit(rows, layer: Layer, level: str) -> AdministrativeUnit | None:  # type: ignore[no-untyped-def]
    codes = set(rows.values_list(layer.units.code_path(level), flat=True)[:2])
    if len(codes) != 1 or None in codes:
        return None
    units = AdministrativeUnit.objects.using("open").in_force()
    return units.filter(level=level, code__in=codes).only("code", "level", "full_name_vi", "name_en").first()
