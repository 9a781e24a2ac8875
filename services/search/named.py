"""Records by their names: units in force, units abolished in 2025, bodies, sites."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_
from typing import TypeAlias

import shapely
from django.contrib.postgres.search import TrigramWordDistance
from django.db.models import F, Q, QuerySet
from django.utils.translation import get_language

from geodata.archipelagos import ARCHIPELAGOS
from geodata.functions import Latitude, Longitude, MetresFrom
from geodata.keys import COMMUNE, unit_id, unit_key
from geodata.language import both
from geodata.models import AdministrativeUnit, UnitChange, UnitOutline
from layers.layer import Field, Layer
from layers.query import FeatureQuery, columns, matching, records, select
from layers.registry import all_layers
from layers.values import as_properties
from services.search.asking import Asked
from services.search.closeness import CANDIDATES, SIMILAR, Candidate, best_first, how_close

_SHOWN = ("name", "name_en", "address")
_UNITS = ("province", "region")
_FEW = 3
_ZONES = {unit_id(unit_key(COMMUNE, one.commune_code)): one for one in ARCHIPELAGOS}

Met: TypeAlias = dict[tuple, list[Candidate]]
"""Candidates by what they were looked for with: layers of the same records look for them once."""


def named(asked: Asked) -> list[dict]:
    """Results of every layer whose records have names, areas before points."""
    met: Met = {}
    return [result for layer in _named() for result in _of_layer(layer, asked, met)]


def _named() -> list[Layer]:
    layers = [layer for layer in all_layers() if layer.heading == "name"]
    return sorted(layers, key=lambda layer: layer.geometry == "point")


def _of_layer(layer: Layer, asked: Asked, met: Met) -> list[dict]:
    """By the words as typed; where those find nothing, by what they may have been meant to be."""
    return next(filter(None, (_by_words(layer, words, asked, met) for words in asked.readings)), [])


def alike(asked: Asked) -> list[dict]:
    """Records whose names only look like what was typed, for where nothing else is found: all of them similar."""
    return [result for layer in _named() for result in _alike_of_layer(layer, asked)]


def _alike_of_layer(layer: Layer, asked: Asked) -> list[dict]:
    (key,), text, point = layer.search[:1], " ".join(asked.words), _point(layer)
    rows = matching(layer, FeatureQuery(day=asked.day)).filter(**{f"{key}__trigram_word_similar": text})
    near = rows.annotate(far=TrigramWordDistance(text, key)).order_by("far", *layer.prominent, "pk")
    away = (MetresFrom(point, *asked.position),) if asked.position else ()
    found = near.values_list("pk", Longitude(point), Latitude(point), *away)[: asked.limit]
    return _described(layer, [Candidate(pk, SIMILAR, *where) for pk, *where in found], asked)


def _by_words(layer: Layer, words: tuple[str, ...], asked: Asked, met: Met) -> list[dict]:
    query = FeatureQuery(day=asked.day, words=words)
    if not layer.lines:
        return _described(layer, _candidates(layer, matching(layer, query), words, asked)[: asked.limit], asked)
    # Whether a place has lines of the layer is asked of the best alone: of all that hold a short word it is dear.
    rows = records(layer, query)
    same = (str(rows.query), layer.search, layer.prominent)
    if same not in met:
        met[same] = _candidates(layer, rows, words, asked)
    found = _described(layer, met[same], asked)
    if len(found) == asked.limit or len(met[same]) < CANDIDATES:
        return found
    return _described(layer, _candidates(layer, matching(layer, query), words, asked)[: asked.limit], asked)


def _candidates(layer: Layer, rows: QuerySet, words: tuple[str, ...], asked: Asked) -> list[Candidate]:
    key, point = layer.search[0], _point(layer)
    return best_first(rows, key, words, point=point, then=layer.prominent, position=asked.position)


def _point(layer: Layer) -> str:
    return "geom" if layer.geometry == "point" else "label_point"


def _described(layer: Layer, chosen: Sequence[Candidate], asked: Asked) -> list[dict]:
    """Those of the candidates that are the layer's records, as results in the same order."""
    if not chosen:
        return []
    names = (*_SHOWN, *_UNITS)
    fields = columns(layer, fields=names)
    rows = matching(layer, FeatureQuery(day=asked.day)).filter(pk__in=[one.pk for one in chosen])
    found = {row[0]: row[1:] for row in select(layer, FeatureQuery(day=asked.day), fields=names, rows=rows)}
    here = [one for one in chosen if one.pk in found][: asked.limit]
    properties = as_properties(fields, [_with_one_place(fields, found[one.pk]) for one in here])
    boxes = _boxes([one.pk for one in here]) if layer.geometry == "polygon" else {}
    return [
        {
            "kind": layer.name,
            "layer": layer.name,
            "id": one.pk,
            **_texts(values),
            "point": rounded((one.lon, one.lat)),
            "bbox": boxes.get(one.pk),
            **({} if one.metres is None else {"distance_m": round(one.metres)}),
            **how_close(one.closeness),
        }
        for one, values in zip(here, properties, strict=True)
    ]


def _with_one_place(fields: Sequence[Field], row: tuple) -> list:
    """The row without the units beside an address: their labels need not be looked up."""
    values = dict(zip((item.name for item in fields), row, strict=True))
    return [None if name in _UNITS and values.get("address") else value for name, value in values.items()]


def _texts(values: dict) -> dict[str, object]:
    """Title, and where it is: the address, else the unit that it lies in."""
    subtitle = values.get("address") or values.get("province_label") or values.get("region_label") or ""
    english = values.get("name_en") if get_language() == "en" else None
    return {"title": english or values["name"], "subtitle": subtitle}


def _boxes(units: Iterable[int]) -> dict[int, list[float]]:
    """By the unit's id: the box of its largest part, for islands reach far beyond it; of an archipelago's zone the
    box of all of it with its label, a tenth wider, so that no island hides under what stands on the map's edge.
    """
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


def former_units(asked: Asked) -> list[dict]:
    """Units abolished on 1 July 2025 with what received them: provinces and communes pair by pair, districts whole."""
    return next(filter(None, (_former_by_words(words, asked.limit) for words in asked.readings)), [])


def _former_by_words(words: tuple[str, ...], limit: int) -> list[dict]:
    held = reduce(and_, (Q(search_key__contains=word) for word in dict.fromkeys(words)))
    units = AdministrativeUnit.objects.using("open").filter(held, valid_to__isnull=False)
    provinces_first = F("level").desc()
    best = {one.pk: one.closeness for one in best_first(units, "search_key", words, then=(provinces_first,))}
    if not best:
        return []
    rank = {pk: number for number, pk in enumerate(best)}
    changes = sorted(_changes(best), key=lambda change: rank[change["old"]])[:limit]
    districts, successors = _former_districts(best, limit)
    received = {pk for several in successors.values() for pk in several}
    boxes = _boxes({*received, *(change["new"] for change in changes)})
    found = [(change["old"], _former(change, boxes)) for change in changes]
    found += [(one["pk"], _former_district(one, successors.get(one["pk"], {}), boxes)) for one in districts]
    return [{**result, **how_close(best[pk])} for pk, result in found]


def _changes(units: Iterable[int]) -> QuerySet:
    """What became of these units, oldest pairs first; not those that are in force under the name they had."""
    changes = UnitChange.objects.using("open").filter(old__in=units, new__valid_to__isnull=True)
    changes = changes.exclude(old__full_name_vi=F("new__full_name_vi")).order_by("pk")
    point = {"lon": Longitude("new__label_point"), "lat": Latitude("new__label_point")}
    names = ("old__full_name_vi", "new__full_name_vi", "new__level", "new__parent__full_name_vi")
    return changes.values("old", "new", *names, **point)


def _former_districts(units: Iterable[int], limit: int) -> tuple[list[dict], dict[int, dict[int, str]]]:
    """Those of the units that are districts, in their order; by district the communes that received its communes: it
    has no successor of its own.
    """
    rows = AdministrativeUnit.objects.using("open").filter(pk__in=units, level="district", changes__isnull=True)
    point = {"lon": Longitude("label_point"), "lat": Latitude("label_point")}
    kept = {row["pk"]: row for row in rows.values("pk", "full_name_vi", "parent__full_name_vi", **point)}
    found = [pk for pk in units if pk in kept][:limit]
    successors: dict[int, dict[int, str]] = {}
    if found:
        moved = UnitChange.objects.using("open").filter(old__parent__in=found, new__valid_to__isnull=True)
        for district, pk, name in moved.order_by("new_id").values_list("old__parent", "new", "new__full_name_vi"):
            successors.setdefault(district, {})[pk] = name
    return [kept[pk] for pk in found], successors


def _former_district(district: dict, successors: dict[int, str], boxes: dict[int, list[float]]) -> dict:
    province = district["parent__full_name_vi"]
    few = ", ".join(list(successors.values())[:_FEW])
    more = len(successors) - _FEW
    vi = f"nay thuộc {few}" + (f" và {more} xã, phường khác" if more > 0 else "")
    en = f"now in {few}" + (f" and {more} others" if more > 0 else "")
    return {
        "kind": "former_unit",
        "layer": "communes",
        "id": None,
        "title": f"{district['full_name_vi']}, {province}" if province else district["full_name_vi"],
        "subtitle": both(vi, en),
        "point": rounded((district["lon"], district["lat"])),
        "bbox": _around([boxes[pk] for pk in successors if pk in boxes]),
    }


def _around(boxes: list[list[float]]) -> list[float] | None:
    """The box of several boxes; None of none."""
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return [min(west), min(south), max(east), max(north)]


def _former(change: dict, boxes: dict[int, list[float]]) -> dict:
    now, province = change["new__full_name_vi"], change["new__parent__full_name_vi"]
    inside = f", {province}" if province else ""
    return {
        "kind": "former_unit",
        "layer": "provinces" if change["new__level"] == "province" else "communes",
        "id": change["new"],
        "title": change["old__full_name_vi"],
        "subtitle": both(f"nay thuộc {now}{inside}", f"now in {now}{inside}"),
        "point": rounded((change["lon"], change["lat"])),
        "bbox": boxes[change["new"]],
    }
