"""What a report is about and where that is: a record, a position, a province with one of its communes."""

from dataclasses import dataclass

from geodata.administrative import communes_at
from geodata.models import AdministrativeUnit, UnitQuerySet
from geodata.text import search_key
from layers.errors import BadParameter
from layers.layer import Layer
from layers.lookup import Merged, find
from layers.numbers import read_number
from layers.query import FeatureQuery, map_day, reading
from layers.registry import get
from layers.whereabouts import Whereabouts, whereabouts
from mapapp.records import describe_record

# A pier, a boat by the shore, an outline a little too coarse.
REACH_M = 2000.0
MOST_COMMUNES = 20
LATITUDES, LONGITUDES = (-90.0, 90.0), (-180.0, 180.0)


@dataclass(frozen=True)
class About:
    """The public record that a report is about: how it is called, and where it lies."""

    layer: str
    record: int
    title: str
    subtitle: str
    where: Whereabouts


def record_named(layer: str, record: str) -> About:
    """The public record of that layer and id, or the one that it was merged into. Raises NotFound, Gone."""
    try:
        return _about(get(layer), record)
    except Merged as error:
        return _about(get(layer), str(error.into))


def _about(declared: Layer, record: str) -> About:
    with reading(None, "record"):
        query = FeatureQuery(day=map_day("open"))
        row = find(declared, query, record)
        described = describe_record(declared, query, row)
        where = whereabouts(declared, query, row[0])
    return About(declared.name, row[0], described["title"], described["subtitle"], where)


def read_position(lat: str, lon: str) -> tuple[float, float]:
    """The position as lon, lat. Raises BadParameter that names the part at fault."""
    latitude, longitude = _degrees(lat, "lat", LATITUDES), _degrees(lon, "lon", LONGITUDES)
    if latitude > 24 and longitude < 24:
        raise _bad(
            "lat",
            "Vĩ độ và kinh độ bị đổi chỗ: vĩ độ ở Việt Nam từ 4 đến 24.",
            "Latitude and longitude are swapped: latitudes of Viet Nam are from 4 to 24.",
        )
    return longitude, latitude


def read_at(text: str) -> tuple[str, str]:
    """Latitude and longitude of `at=lat,lon`, as they are written. Raises BadParameter."""
    parts = text.split(",")
    if len(parts) != 2:
        raise _bad(
            "at", "at có dạng vĩ độ,kinh độ, ví dụ 21.03,105.85.", "at is latitude,longitude, as in 21.03,105.85."
        )
    try:
        read_position(*parts)
    except BadParameter as error:
        raise BadParameter("at.position", error.message.vi, error.message.en, parameter="at") from error
    return parts[0], parts[1]


def where_lies(position: tuple[float, float]) -> Whereabouts:
    """The commune that holds the position (lon, lat), or the nearest within REACH_M, and its province."""
    (found,) = communes_at([position], reach_m=REACH_M)
    commune = AdministrativeUnit.objects.select_related("parent").filter(pk=found).first() if found else None
    return Whereabouts(commune.parent if commune else None, commune)


def provinces() -> list[AdministrativeUnit]:
    """The provinces in force, by name."""
    units = AdministrativeUnit.objects.using("open").in_force().provinces()
    return sorted(
        units.only("code", "level", "full_name_vi", "name_vi", "name_en"), key=lambda one: search_key(one.name_vi)
    )


def province_of(code: str) -> AdministrativeUnit | None:
    return AdministrativeUnit.objects.using("open").in_force().provinces().filter(code=code).defer("geom").first()


def commune_of(code: str, province: AdministrativeUnit | None) -> list[AdministrativeUnit]:
    """The commune in force with that code, in that province if one is given; empty where there is none."""
    return list(_communes(province).filter(code=code))


def communes_named(text: str, province: AdministrativeUnit | None) -> list[AdministrativeUnit]:
    """Communes in force with such a name, accents or not, at most MOST_COMMUNES; those of exactly that name alone."""
    key = search_key(text)
    found = list(_communes(province).filter(search_key__contains=key).order_by("name_vi", "code")[: 5 * MOST_COMMUNES])
    exact = [unit for unit in found if key in (search_key(unit.name_vi), search_key(unit.full_name_vi))]
    return (exact or found)[:MOST_COMMUNES]


def _communes(province: AdministrativeUnit | None) -> UnitQuerySet:
    units = AdministrativeUnit.objects.using("open").in_force().communes().select_related("parent")
    return (units.filter(parent=province.pk) if province else units).defer("geom", "parent__geom")


def _degrees(text: str, name: str, bounds: tuple[float, float]) -> float:
    value = read_number(text.strip(), name)
    if not bounds[0] <= value <= bounds[1]:
        raise _bad(
            name,
            f"{name} phải từ {bounds[0]:.0f} đến {bounds[1]:.0f} độ.",
            f"{name} must be from {bounds[0]:.0f} to {bounds[1]:.0f} degrees.",
        )
    return value


def _bad(name: str, vi: str, en: str) -> BadParameter:
    return BadParameter(f"{name}.position", vi, en, parameter=name)
