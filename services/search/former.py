"""Units abolished in 2025 by their names, with what received them: provinces and communes pair by pair.

Districts, which nothing succeeded, stand with the units that received their communes. All names are kept by each worker
while the version of the units stands, as those of the units in force are.
"""

from collections import defaultdict
from collections.abc import Container
from typing import NamedTuple

import numpy as np
from django.db.models import F, QuerySet
from django.db.models.functions import Length

from geodata.functions import Latitude, Longitude
from geodata.language import both
from geodata.models import AdministrativeUnit, UnitChange
from layers.query import limited
from services.search.asking import Asked
from services.search.boxes import boxes_of, rounded
from services.search.closeness import how_close
from services.search.kept_names import Names
from services.search.memory import Latest

_FEW = 3


class Change(NamedTuple):
    """A unit that received an abolished one or a part of it, with the names of both and the place of its label."""

    old_name: str
    new: int
    name: str
    level: str
    province: str | None
    lon: float
    lat: float


class District(NamedTuple):
    """An abolished district, and the units in force that received its communes, by id: it has no successor itself."""

    name: str
    province: str | None
    lon: float
    lat: float
    successors: dict[int, str]


class Former(NamedTuple):
    """The abolished units: names and, by their ids, what became of them."""

    changed: Names
    changes: dict[int, list[Change]]
    dissolved: Names
    districts: dict[int, District]


_kept: Latest[str, Former] = Latest()


def former_units(asked: Asked) -> list[dict]:
    """At most `limit` changes, and as many districts, by the words as typed or what they may have been meant to be."""
    former = _kept.get("former", asked.units, _read)
    return next(filter(None, (_by_words(words, former, asked) for words in asked.readings)), [])


def _by_words(words: tuple[str, ...], former: Former, asked: Asked) -> list[dict]:
    met = [(one, change) for one in former.changed.best_first(words, None) for change in former.changes[one.pk]]
    gone = [(one, former.districts[one.pk]) for one in former.dissolved.best_first(words, None)]
    met, gone = met[: asked.limit], gone[: asked.limit]
    received = {change.new for _, change in met}.union(*(district.successors for _, district in gone))
    boxes = boxes_of(received, asked) if received else {}
    found = [(one, _changed(change, boxes)) for one, change in met]
    found += [(one, _dissolved(district, boxes)) for one, district in gone]
    return [{**result, **how_close(one.closeness)} for one, result in found]


def _changed(change: Change, boxes: dict[int, list[float]]) -> dict:
    now, inside = change.name, f", {change.province}" if change.province else ""
    return {
        "kind": "former_unit",
        "layer": "provinces" if change.level == "province" else "communes",
        "id": change.new,
        "title": change.old_name,
        "subtitle": both(f"nay thuộc {now}{inside}", f"now in {now}{inside}"),
        "point": rounded((change.lon, change.lat)),
        "bbox": boxes[change.new],
    }


def _dissolved(district: District, boxes: dict[int, list[float]]) -> dict:
    few = ", ".join(list(district.successors.values())[:_FEW])
    more = len(district.successors) - _FEW
    vi = f"nay thuộc {few}" + (f" và {more} xã, phường khác" if more > 0 else "")
    en = f"now in {few}" + (f" and {more} others" if more > 0 else "")
    return {
        "kind": "former_unit",
        "layer": "communes",
        "id": None,
        "title": f"{district.name}, {district.province}" if district.province else district.name,
        "subtitle": both(vi, en),
        "point": rounded((district.lon, district.lat)),
        "bbox": _around([boxes[pk] for pk in district.successors if pk in boxes]),
    }


def _around(boxes: list[list[float]]) -> list[float] | None:
    """The box of several boxes; None of none."""
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return [min(west), min(south), max(east), max(north)]


def _read() -> Former:
    with limited(None, "reference"):
        units = AdministrativeUnit.objects.using("open").filter(valid_to__isnull=False)
        changes, districts = _changes(), _districts(units.filter(level="district", changes__isnull=True))
        return Former(_names(units, changes.keys()), changes, _names(units, districts.keys()), districts)


def _names(units: QuerySet, wanted: Container[int]) -> Names:
    """Provinces first."""
    rows = units.order_by(F("level").desc(), Length("search_key"), "pk").values_list("pk", "search_key")
    rows = [row for row in rows if row[0] in wanted]
    keys = [key for _, key in rows]
    return Names([pk for pk, _ in rows], keys, keys, np.zeros((len(rows), 2)))


def _changes() -> dict[int, list[Change]]:
    """By the abolished unit what received it, by id; without those in force under the name that they had."""
    rows = UnitChange.objects.using("open").filter(new__valid_to__isnull=True)
    rows = rows.exclude(old__full_name_vi=F("new__full_name_vi")).order_by("pk")
    names = ("old__full_name_vi", "new", "new__full_name_vi", "new__level", "new__parent__full_name_vi")
    point = (Longitude("new__label_point"), Latitude("new__label_point"))
    found: dict[int, list[Change]] = defaultdict(list)
    for old, *change in rows.values_list("old", *names, *point):
        found[old].append(Change(*change))
    return found


def _districts(rows: QuerySet) -> dict[int, District]:
    moved = UnitChange.objects.using("open").filter(new__valid_to__isnull=True).order_by("new_id")
    successors: dict[int, dict[int, str]] = defaultdict(dict)
    for district, pk, name in moved.values_list("old__parent", "new", "new__full_name_vi"):
        successors[district][pk] = name
    point = (Longitude("label_point"), Latitude("label_point"))
    found = rows.values_list("pk", "full_name_vi", "parent__full_name_vi", *point)
    return {pk: District(name, province, lon, lat, successors[pk]) for pk, name, province, lon, lat in found}
