"""Records by their names: units in force, units abolished in 2025, bodies, sites."""

from collections.abc import Iterable
from functools import reduce
from operator import and_

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.contrib.postgres.search import TrigramWordDistance
from django.db.models import F, Q
from django.utils.translation import get_language

from geodata.archipelagos import ARCHIPELAGOS
from geodata.functions import MetresFrom
from geodata.keys import COMMUNE, unit_id, unit_key
from geodata.language import both
from geodata.models import AdministrativeUnit, UnitChange, UnitOutline
from layers.layer import Layer
from layers.query import FeatureQuery, columns, matching, select
from layers.registry import all_layers
from layers.values import as_properties
from services.search.asking import Asked
from services.search.closeness import SIMILAR, best_first

_SHOWN = ("name", "name_en", "address", "province", "region")
_FEW = 3
_ZONES = {unit_id(unit_key(COMMUNE, one.commune_code)): one for one in ARCHIPELAGOS}


def named(asked: Asked) -> list[dict]:
    """Results of every layer whose records have names, areas before points."""
    return [result for layer in _named() for result in _of_layer(layer, asked)]


def _named() -> list[Layer]:
    layers = [layer for layer in all_layers() if layer.heading == "name"]
    return sorted(layers, key=lambda layer: layer.geometry == "point")


def _of_layer(layer: Layer, asked: Asked) -> list[dict]:
    """By the words as typed; where those find nothing, by what they may have been meant to be."""
    return next(filter(None, (_by_words(layer, words, asked) for words in asked.readings)), [])


def alike(asked: Asked) -> list[dict]:
    """Records whose names only look like what was typed, for where nothing else is found: all of them similar."""
    return [result for layer in _named() for result in _alike_of_layer(layer, asked)]


def _alike_of_layer(layer: Layer, asked: Asked) -> list[dict]:
    (key,), text = layer.search[:1], " ".join(asked.words)
    rows = matching(layer, FeatureQuery(day=asked.day)).filter(**{f"{key}__trigram_word_similar": text})
    near = rows.annotate(far=TrigramWordDistance(text, key)).order_by("far", *layer.prominent, "pk")
    return _described(layer, dict.fromkeys(near.values_list("pk", flat=True)[: asked.limit], SIMILAR), asked)


def _by_words(layer: Layer, words: tuple[str, ...], asked: Asked) -> list[dict]:
    query = FeatureQuery(day=asked.day, words=words)
    point = "geom" if layer.geometry == "point" else "label_point"
    near = (MetresFrom(point, *asked.position),) if asked.position else ()
    nearest = best_first(matching(layer, query), layer.search[0], words, then=(*near, *layer.prominent))
    return _described(layer, dict(nearest.values_list("pk", "closeness")[: asked.limit]), asked)


def _described(layer: Layer, chosen: dict[int, int], asked: Asked) -> list[dict]:
    """The chosen records, by id with their closeness, as results in the same order."""
    if not chosen:
        return []
    query = FeatureQuery(day=asked.day)
    fields = columns(layer, fields=_SHOWN)
    rows = select(layer, query, fields=_SHOWN, rows=layer.model._default_manager.using("open").filter(pk__in=chosen))
    found = {row[0]: row[1:] for row in rows}
    properties = as_properties(fields, [found[pk] for pk in chosen])
    where = _positions(layer, list(chosen), asked)
    return [
        {"kind": layer.name, "layer": layer.name, "id": pk, **_texts(values), **where[pk], **_closeness(far)}
        for (pk, far), values in zip(chosen.items(), properties, strict=True)
    ]


def _closeness(far: int) -> dict[str, object]:
    return {"similar": far >= SIMILAR, "closeness": far}


def _texts(values: dict) -> dict[str, object]:
    """Title, and where it is: the address, else the unit that it lies in."""
    subtitle = values.get("address") or values.get("province_label") or values.get("region_label") or ""
    english = values.get("name_en") if get_language() == "en" else None
    return {"title": english or values["name"], "subtitle": subtitle}


def _positions(layer: Layer, ids: list[int], asked: Asked) -> dict[int, dict]:
    """Each record's point with its distance where one is asked, and for areas the box to look at."""
    point = "geom" if layer.geometry == "point" else "label_point"
    rows = layer.model._default_manager.using("open").filter(pk__in=ids)
    away = {"metres": MetresFrom(point, *asked.position)} if asked.position else {}
    found = rows.annotate(**away).values_list("pk", point, *away)
    boxes = _boxes(ids) if layer.geometry == "polygon" else {}
    return {
        pk: {"point": rounded(geom.coords), "bbox": boxes.get(pk), **({"distance_m": round(far[0])} if far else {})}
        for pk, geom, *far in found
    }


def _boxes(units: Iterable[int]) -> dict[int, list[float]]:
    """By the unit's id: the box of its largest part, for islands reach far beyond it; of an archipelago's zone the
    box of all of it with its label, a tenth wider, so that no island hides under what stands on the map's edge.
    """
    outlines = UnitOutline.objects.using("open").filter(unit__in=units).order_by("-max_zoom")
    return {unit: rounded(_box(unit, shape)) for unit, shape in outlines.values_list("unit_id", "geom")}


def _box(unit: int, shape: MultiPolygon) -> tuple[float, ...]:
    if unit not in _ZONES:
        return max(shape, key=lambda part: part.area).extent
    west, south, east, north = shape.envelope.union(Polygon.from_bbox(_ZONES[unit].envelope.bounds)).extent
    room = (north - south) / 10
    return west - room, south - room, east + room, north + room


def rounded(numbers: Iterable[float]) -> list[float]:
    """Degrees to about ten centimetres."""
    return [round(number, 6) for number in numbers]


def former_units(asked: Asked) -> list[dict]:
    """Units abolished on 1 July 2025 with what received them: provinces and communes pair by pair, districts whole."""
    for words in asked.readings:
        found = [*_former_by_words(words, asked.limit), *_former_districts(words, asked.limit)]
        if found:
            return found
    return []


def _former_districts(words: tuple[str, ...], limit: int) -> list[dict]:
    """Districts have no successor of their own: each leads to all communes that received its communes."""
    held = reduce(and_, (Q(search_key__contains=word) for word in dict.fromkeys(words)))
    districts = AdministrativeUnit.objects.using("open").filter(held, level="district", changes__isnull=True)
    found = list(best_first(districts, "search_key", words).select_related("parent").defer("geom")[:limit])
    moved = UnitChange.objects.using("open").filter(old__parent__in=found, new__valid_to__isnull=True)
    successors: dict[int, dict[int, str]] = {}
    for district, pk, name in moved.order_by("new_id").values_list("old__parent", "new", "new__full_name_vi"):
        successors.setdefault(district, {})[pk] = name
    boxes = _boxes({pk for several in successors.values() for pk in several})
    return [_former_district(one, successors.get(one.pk, {}), boxes) for one in found]


def _former_district(district: AdministrativeUnit, successors: dict[int, str], boxes: dict[int, list[float]]) -> dict:
    inside = f", {district.parent.full_name_vi}" if district.parent else ""
    few = ", ".join(list(successors.values())[:_FEW])
    more = len(successors) - _FEW
    vi = f"nay thuộc {few}" + (f" và {more} xã, phường khác" if more > 0 else "")
    en = f"now in {few}" + (f" and {more} others" if more > 0 else "")
    return {
        "kind": "former_unit",
        "layer": "communes",
        "id": None,
        "title": f"{district.full_name_vi}{inside}",
        "subtitle": both(vi, en),
        "point": rounded(district.label_point.coords),
        "bbox": _around([boxes[pk] for pk in successors if pk in boxes]),
        **_closeness(district.closeness),
    }


def _around(boxes: list[list[float]]) -> list[float] | None:
    """The box of several boxes; None of none."""
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return [min(west), min(south), max(east), max(north)]


def _former_by_words(words: tuple[str, ...], limit: int) -> list[dict]:
    held = reduce(and_, (Q(old__search_key__contains=word) for word in dict.fromkeys(words)))
    changes = UnitChange.objects.using("open").filter(held, new__valid_to__isnull=True)
    changes = changes.exclude(old__full_name_vi=F("new__full_name_vi"))  # the unit in force is found by itself
    provinces_first = F("old__level").desc()
    changes = best_first(changes, "old__search_key", words, then=(provinces_first,))
    changes = changes.select_related("old", "new", "new__parent")
    rows = changes.only(
        "old__full_name_vi",
        "new__full_name_vi",
        "new__label_point",
        "new__level",
        "new__parent__full_name_vi",
    )
    found = list(rows[:limit])
    boxes = _boxes([change.new_id for change in found])
    return [
        {**_former(change.old.full_name_vi, change.new), "bbox": boxes[change.new_id], **_closeness(change.closeness)}
        for change in found
    ]


def _former(old_name: str, unit: AdministrativeUnit) -> dict:
    inside = f", {unit.parent.full_name_vi}" if unit.parent else ""
    return {
        "kind": "former_unit",
        "layer": "provinces" if unit.level == "province" else "communes",
        "id": unit.pk,
        "title": old_name,
        "subtitle": both(f"nay thuộc {unit.full_name_vi}{inside}", f"now in {unit.full_name_vi}{inside}"),
        "point": rounded(unit.label_point.coords),
    }
