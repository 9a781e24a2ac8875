"""Search by name: units of today and of before 2025, bodies, sites, and the numbers of qualifications."""

from collections.abc import Iterable
from functools import reduce
from operator import and_

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Length
from django.http import HttpRequest, JsonResponse

from geodata.language import both
from geodata.models import AdministrativeUnit, UnitChange
from layers.access import access
from layers.filters import read_words, single_values
from layers.layer import Layer
from layers.numbers import read_integer
from layers.query import FeatureQuery, columns, map_day, matching, matching_lines, reading, select
from layers.registers.map_day import is_demo
from layers.registry import all_layers
from layers.scope import read_only
from layers.values import as_properties

DEFAULT_LIMIT, MAX_LIMIT = 5, 20
SHOWN = ("name", "address", "province")


@read_only
def search(request: HttpRequest) -> JsonResponse:
    """Up to `limit` results of each kind for `q`, the best of each kind first."""
    values = single_values(request.GET, known={"q", "limit", "lang"})
    words = read_words(values.get("q", ""))
    limit = read_integer(values.get("limit", str(DEFAULT_LIMIT)), "limit", least=1, most=MAX_LIMIT, cut=True)
    with reading(None, "search"):
        results = find_all(words, limit=limit)
    response = JsonResponse({"results": results, "demo": is_demo()}, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-cache"
    return response


def find_all(words: tuple[str, ...], *, limit: int) -> list[dict]:
    """Results of every kind: units, former units, then each layer of named records, then numbers."""
    found = [result for layer in _named_layers("polygon") for result in _of_layer(layer, words, limit)]
    found += _former_units(words, limit)
    found += _numbers(words, limit)
    return found + [result for layer in _named_layers("point") for result in _of_layer(layer, words, limit)]


def _named_layers(geometry: str) -> list[Layer]:
    return [layer for layer in all_layers() if layer.heading == "name" and layer.geometry == geometry]


def _of_layer(layer: Layer, words: tuple[str, ...], limit: int) -> list[dict]:
    query = FeatureQuery(day=map_day("open"), words=words)
    fields = columns(layer, fields=SHOWN)
    rows = _best_first(matching(layer, query), layer.search[0], words)
    found = list(select(layer, query, fields=SHOWN, rows=rows)[:limit])
    properties = as_properties(fields, (row[1:] for row in found))
    where = _positions(layer, [row[0] for row in found])
    return [
        {"kind": layer.name, "layer": layer.name, "id": row[0], **_texts(layer, values), **where[row[0]]}
        for row, values in zip(found, properties, strict=True)
    ]


def _best_first(rows: QuerySet, key: str, words: tuple[str, ...]) -> QuerySet:
    """Names that begin with the words first, then the shorter ones; ids decide the rest, so the order is stable."""
    begins = Case(When(**{f"{key}__startswith": " ".join(words)}, then=Value(0)), default=Value(1))
    return rows.order_by(begins, Length(key), "pk")


def _texts(layer: Layer, values: dict) -> dict[str, object]:
    subtitle = values.get("address") or values.get("province_label") or layer.title
    return {"title": values["name"], "subtitle": subtitle}


def _positions(layer: Layer, ids: list[int]) -> dict[int, dict]:
    """Each record's point, and for areas the box of its largest part (archipelagos reach far beyond it)."""
    rows = layer.model._default_manager.using("open").filter(pk__in=ids)
    if layer.geometry == "point":
        return {pk: {"point": _rounded(geom.coords), "bbox": None} for pk, geom in rows.values_list("pk", "geom")}
    outlines = layer.outlines._default_manager.using("open").filter(unit__in=ids).order_by("-max_zoom")
    boxes = {
        unit: max(geom, key=lambda part: part.area).extent for unit, geom in outlines.values_list("unit_id", "geom")
    }
    points = rows.values_list("pk", "label_point")
    return {pk: {"point": _rounded(point.coords), "bbox": _rounded(boxes[pk])} for pk, point in points}


def _rounded(numbers: Iterable[float]) -> list[float]:
    return [round(number, 6) for number in numbers]


def _former_units(words: tuple[str, ...], limit: int) -> list[dict]:
    """Units abolished on 1 July 2025, each with the unit in force that received it (one result per pair)."""
    named = reduce(and_, (Q(old__search_key__contains=word) for word in words))
    changes = UnitChange.objects.using("open").filter(named, new__valid_to__isnull=True)
    changes = changes.exclude(old__full_name_vi=F("new__full_name_vi"))  # the unit in force is found by itself
    changes = _best_first(changes, "old__search_key", words).select_related("old", "new", "new__parent")
    rows = changes.only(
        "old__full_name_vi",
        "new__full_name_vi",
        "new__label_point",
        "new__level",
        "new__parent__full_name_vi",
    )
    return [_former(change.old.full_name_vi, change.new) for change in rows[:limit]]


def _former(old_name: str, unit: AdministrativeUnit) -> dict:
    inside = f", {unit.parent.full_name_vi}" if unit.parent else ""
    subtitle = both(f"nay thuộc {unit.full_name_vi}{inside}", f"now in {unit.full_name_vi}{inside}")
    return {
        "kind": "former_unit",
        "layer": "provinces" if unit.level == "province" else "communes",
        "id": unit.pk,
        "title": old_name,
        "subtitle": subtitle,
        "point": _rounded(unit.label_point.coords),
        "bbox": None,
    }


def _numbers(words: tuple[str, ...], limit: int) -> list[dict]:
    """Places of activity under a qualification with this number (“VILAS 216”), written in any letter case."""
    if not any(character.isdigit() for word in words for character in word):
        return []
    layers = [layer for layer in all_layers() if layer.lines]
    return [result for layer in layers for result in _of_number(layer, " ".join(words), limit)]


def _of_number(layer: Layer, number: str, limit: int) -> list[dict]:
    query = FeatureQuery(day=map_day("open"))
    lines = matching_lines(layer, query, access(layer, None)).filter(place__in=matching(layer, query).values("pk"))
    lines = lines.filter(qualification__number__iexact=number).order_by("place_id").distinct("place_id")
    rows = lines.values_list("place_id", "place__name", "qualification__number", "place__geom")[:limit]
    return [
        {"kind": "number", "layer": layer.name, "id": place, "title": written, "subtitle": name}
        | {"point": _rounded(geom.coords), "bbox": None}
        for place, name, written, geom in rows
    ]
