"""Search by name: units of today and of before 2025, bodies, sites, and the numbers of qualifications."""

from collections.abc import Iterable
from functools import reduce
from operator import and_, itemgetter

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db.models import F, Q
from django.http import HttpRequest, JsonResponse

from geodata.archipelagos import ARCHIPELAGOS
from geodata.keys import COMMUNE, unit_id, unit_key
from geodata.language import both
from geodata.models import AdministrativeUnit, UnitChange, UnitOutline
from layers.access import access
from layers.filters import read_words, single_values
from layers.layer import Layer
from layers.numbers import read_integer
from layers.query import FeatureQuery, columns, map_day, matching, matching_lines, reading, select
from layers.registers.map_day import is_demo
from layers.registers.number_key import NumberKey, PlainNumber, number_key
from layers.registry import all_layers
from layers.scope import read_only
from layers.values import as_properties
from services.closeness import SIMILAR, best_first, number_closeness

DEFAULT_LIMIT, MAX_LIMIT = 5, 20
SHOWN = ("name", "address", "province", "region")
_TRIGRAM = 3
_ZONES = {unit_id(unit_key(COMMUNE, one.commune_code)): one for one in ARCHIPELAGOS}


@read_only
def search(request: HttpRequest) -> JsonResponse:
    """Up to `limit` results of each kind for `q`, the best of each kind first."""
    values = single_values(request.GET, known={"q", "limit", "lang"})
    words = read_words(values.get("q", ""))
    limit = read_integer(values.get("limit", str(DEFAULT_LIMIT)), "limit", least=1, most=MAX_LIMIT, cut=True)
    with reading(None, "search"):
        results = find_all(words, limit=limit)
    response = JsonResponse({"results": results, "demo": is_demo()}, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = "no-cache", "*"
    return response


def find_all(words: tuple[str, ...], *, limit: int) -> list[dict]:
    """Results of every kind: units, former units, numbers, then each layer of named records; similar ones last."""
    found = [result for layer in _named_layers("polygon") for result in _of_layer(layer, words, limit)]
    found += _former_units(words, limit)
    found += _numbers(words, limit)
    found += [result for layer in _named_layers("point") for result in _of_layer(layer, words, limit)]
    return sorted(found, key=itemgetter("similar"))  # a stable sort: what is only similar comes last


def _named_layers(geometry: str) -> list[Layer]:
    return [layer for layer in all_layers() if layer.heading == "name" and layer.geometry == geometry]


def _of_layer(layer: Layer, words: tuple[str, ...], limit: int) -> list[dict]:
    query = FeatureQuery(day=map_day("open"), words=words)
    nearest = best_first(matching(layer, query), layer.search[0], words).values_list("pk", "closeness")[:limit]
    chosen = dict(nearest)
    fields = columns(layer, fields=SHOWN)
    rows = select(layer, query, fields=SHOWN, rows=layer.model._default_manager.using("open").filter(pk__in=chosen))
    found = {row[0]: row[1:] for row in rows}
    properties = as_properties(fields, [found[pk] for pk in chosen])
    where = _positions(layer, list(chosen))
    return [
        {"kind": layer.name, "layer": layer.name, "id": pk, **_texts(values), **where[pk], **_similar(far)}
        for (pk, far), values in zip(chosen.items(), properties, strict=True)
    ]


def _similar(far: int) -> dict[str, bool]:
    return {"similar": far >= SIMILAR}


def _texts(values: dict) -> dict[str, object]:
    """Title, and where it is: the address, else the unit that it lies in."""
    subtitle = values.get("address") or values.get("province_label") or values.get("region_label") or ""
    return {"title": values["name"], "subtitle": subtitle}


def _positions(layer: Layer, ids: list[int]) -> dict[int, dict]:
    """Each record's point, and for areas the box to look at."""
    rows = layer.model._default_manager.using("open").filter(pk__in=ids)
    if layer.geometry == "point":
        return {pk: {"point": _rounded(geom.coords), "bbox": None} for pk, geom in rows.values_list("pk", "geom")}
    boxes = _boxes(ids)
    points = rows.values_list("pk", "label_point")
    return {pk: {"point": _rounded(point.coords), "bbox": boxes[pk]} for pk, point in points}


def _boxes(units: Iterable[int]) -> dict[int, list[float]]:
    """By the unit's id: the box of its largest part, for islands reach far beyond it; of an archipelago's zone the
    box of all of it with its label, a tenth wider, so that no island hides under what stands on the map's edge.
    """
    outlines = UnitOutline.objects.using("open").filter(unit__in=units).order_by("-max_zoom")
    return {unit: _rounded(_box(unit, shape)) for unit, shape in outlines.values_list("unit_id", "geom")}


def _box(unit: int, shape: MultiPolygon) -> tuple[float, ...]:
    if unit not in _ZONES:
        return max(shape, key=lambda part: part.area).extent
    west, south, east, north = shape.envelope.union(Polygon.from_bbox(_ZONES[unit].envelope.bounds)).extent
    room = (north - south) / 10
    return west - room, south - room, east + room, north + room


def _rounded(numbers: Iterable[float]) -> list[float]:
    return [round(number, 6) for number in numbers]


def _former_units(words: tuple[str, ...], limit: int) -> list[dict]:
    """Units abolished on 1 July 2025, each with the unit in force that received it (one result per pair)."""
    named = reduce(and_, (Q(old__search_key__contains=word) for word in dict.fromkeys(words)))
    changes = UnitChange.objects.using("open").filter(named, new__valid_to__isnull=True)
    changes = changes.exclude(old__full_name_vi=F("new__full_name_vi"))  # the unit in force is found by itself
    changes = best_first(changes, "old__search_key", words).select_related("old", "new", "new__parent")
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
        {**_former(change.old.full_name_vi, change.new), "bbox": boxes[change.new_id], **_similar(change.closeness)}
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
        "point": _rounded(unit.label_point.coords),
    }


def _numbers(words: tuple[str, ...], limit: int) -> list[dict]:
    """Places of activity under a qualification with this number: “VILAS 216”, “vilas216” or “216”."""
    number = number_key("".join(words))
    if not any(character.isdigit() for character in number):
        return []
    layers = [layer for layer in all_layers() if layer.lines]
    found = [result for layer in layers for result in _of_number(layer, number, limit)]
    return [result for _, result in sorted(found, key=lambda one: (one[0], one[1]["title"], one[1]["id"]))[:limit]]


def _of_number(layer: Layer, number: str, limit: int) -> list[tuple[int, dict]]:
    """The layer's own results, each with how well it answers.

    Fewer letters than the index has in a piece are looked for where a number begins: elsewhere every row would be read.
    """
    query = FeatureQuery(day=map_day("open"))
    lines = matching_lines(layer, query, access(layer, None)).filter(place__in=matching(layer, query).values("pk"))
    lines = lines.alias(key=NumberKey("qualification__number"), plain=PlainNumber("qualification__number"))
    held = "contains" if len(number) >= _TRIGRAM else "startswith"
    lines = lines.filter(**{f"key__{held}": number}).annotate(closeness=number_closeness("plain", number))
    lines = lines.order_by("closeness", "qualification__number", "place_id").distinct()
    rows = lines.values_list("closeness", "qualification__number", "place_id", "place__name", "place__geom")[:limit]
    return [
        (
            far,
            {"kind": "number", "layer": layer.name, "id": place, "title": written, "subtitle": name}
            | {"point": _rounded(geom.coords), "bbox": None, **_similar(far)},
        )
        for far, written, place, name, geom in rows
    ]
