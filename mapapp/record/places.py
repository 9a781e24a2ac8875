"""All places of activity of a place's organisation, and where they lie on a small map."""

from functools import reduce
from operator import or_

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from geodata.language import both
from geodata.models import AdministrativeUnit
from geodata.small_maps import Spot, country_map, unit_map
from layers.access import User, access
from layers.layer import Layer
from layers.query import FeatureQuery, columns, matching, select
from layers.registry import all_layers
from layers.values import as_properties
from mapapp.words import in_words, tone

MOST_PLACES = 30
_SHOWN = ("name", "name_en", "address", "commune", "province", "status", "geom_accuracy")


def body_layers() -> list[Layer]:
    """The layers whose rows are places of activity."""
    return [layer for layer in all_layers() if layer.lines]


def places_of_body(layer: Layer, query: FeatureQuery, place: int, user: User = None) -> dict | None:
    """The other places of the same organisation and this one's pages in other layers, with maps of them all.

    None in layers without places of activity. At most MOST_PLACES are listed and drawn, of `total` others.
    """
    if layer.lines is None:
        return None
    rows = _rows(layer, query, place, user)
    found = _places(rows, query, place, user)
    here, others = found.pop(place), sorted(found.values(), key=lambda one: one["id"])
    cut, shown = len(others) > MOST_PLACES, others[:MOST_PLACES]
    spots = [_spot(here, chosen=True), *(_spot(one, chosen=False) for one in shown)]
    return {
        "others": shown,
        "total": _count(rows) - 1 if cut else len(others),
        "also": [page for page in here["pages"] if page["layer"] != layer.name],
        "maps": _maps([here, *shown], spots, user),
    }


def _spot(place: dict, *, chosen: bool) -> Spot:
    lon, lat = place["point"]
    return Spot(lon, lat, chosen=chosen, rough=place["rough"])


def _rows(layer: Layer, query: FeatureQuery, place: int, user: User) -> dict[Layer, QuerySet]:
    """The organisation's places in each body layer, this layer first."""
    rows = layer.model._default_manager.using(access(layer, user).using)
    organisation = rows.filter(pk=place).values("organisation")
    asked = FeatureQuery(day=query.day, on=query.on)
    layers = sorted(body_layers(), key=lambda one: one.name != layer.name)
    return {one: matching(one, asked, user).filter(organisation__in=organisation) for one in layers}


def _places(rows: dict[Layer, QuerySet], query: FeatureQuery, place: int, user: User) -> dict[int, dict]:
    """The places by id, each once with its pages: this one in any case, and so many others that a cut is seen."""
    asked = FeatureQuery(day=query.day, on=query.on)
    own = ExpressionWrapper(Q(pk=place), BooleanField())
    found: dict[int, dict] = {}
    for layer, places in rows.items():
        first = places.alias(own=own).order_by("-own", "pk")
        picked = list(select(layer, asked, user, fields=_SHOWN, geometry=True, rows=first)[: MOST_PLACES + 2])
        shown = as_properties(columns(layer, user, fields=_SHOWN), (row[1:-1] for row in picked), user)
        for row, values in zip(picked, shown, strict=True):
            found.setdefault(row[0], _place(layer, row, values))["pages"].append(_page(layer, row[0], values))
    return found


def _count(rows: dict[Layer, QuerySet]) -> int:
    """How many places there are in all layers together."""
    first = next(iter(rows.values()))
    held = reduce(or_, (Q(pk__in=one.values("pk")) for one in rows.values()))
    return first.model._default_manager.using(first.db).filter(held).count()


def _place(layer: Layer, row: tuple, values: dict) -> dict:
    return {
        "id": row[0],
        "name": values["name"],
        "name_en": values["name_en"],
        "address": values["address"] or in_words(layer.field("commune"), values),
        "commune": values["commune"],
        "province": values["province"],
        "rough": values["geom_accuracy"] == "commune_centroid",
        "point": row[-1].coords,
        "pages": [],
    }


def _page(layer: Layer, number: int, values: dict) -> dict:
    status = layer.field("status")
    state = {"text": in_words(status, values), **tone(status, values["status"])} if status else {}
    return {"layer": layer.name, "title": layer.title, "href": f"/{layer.name}/{number}", "state": state}


def _maps(found: list[dict], spots: list[Spot], user: User) -> list:
    """Near: the commune or the province that holds them all, where one does. Always: the whole country."""
    many = len(found) > 1
    where = both("Bản đồ nhỏ: các địa điểm trong", "Small map: the places in")
    if not many:
        where = both("Bản đồ nhỏ: địa điểm này trong", "Small map: this place in")
    whole = both(f"{where.vi} cả nước", f"{where.en} the whole country")
    unit = _common_unit(found)
    near = unit_map(unit, spots, f"{where} {unit.name}") if unit else ""
    return [one for one in (near, country_map(spots, whole)) if one]


def _common_unit(found: list[dict]) -> AdministrativeUnit | None:
    for level in ("commune", "province"):
        codes = {one[level] for one in found}
        if len(codes) == 1 and None not in codes:
            units = AdministrativeUnit.objects.using("open").in_force()
            return units.filter(level=level, code=codes.pop()).first()
    return None
