"""The filters of a list as links, for pages that work without JavaScript, and those in use as chips."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.http import HttpRequest

from geodata.language import both
from layers.access import User, connection_for
from layers.facets import facets
from layers.filters import CQL2, CQL2_CONDITION
from layers.layer import Field, Layer
from layers.query import Competences, DateRange, FeatureQuery, reading
from layers.units import COMMUNES, PROVINCES
from layers.values import NO, YES
from mapapp.addresses import changed
from mapapp.words import in_day, in_numbers

SPANS = (
    (both("12 tháng qua", "last 12 months"), -365, 0),
    (both("30 ngày qua", "last 30 days"), -30, 0),
    (both("30 ngày tới", "next 30 days"), 0, 30),
    (both("12 tháng tới", "next 12 months"), 0, 365),
)
# The name of a parameter, the title of what it tests, its value in words.
Condition = tuple[str, object, object]

SEARCHED = both("Tìm", "Search")
PLACE = both("Vị trí", "Position")


def filters(request: HttpRequest, layer: Layer, query: FeatureQuery, user: User) -> list[dict]:
    """Each filter with its values as links that add the value, or take it away when it is chosen.

    Values that no row has under the other filters are left out.
    """
    counted = {"province", *(item.name for item in layer.filters if item.counted)}
    with reading(user, "facets"):
        rows = facets(layer, query, user, only=counted)
    options = {"province": _codes(request, "province", PROVINCES.read(connection_for(user)), rows["province"])}
    for item in layer.filters:
        options[item.name] = _options(request, item, query, rows.get(item.name, {}), user)
    return [_described(request, layer, name, values) for name, values in options.items() if values]


def _described(request: HttpRequest, layer: Layer, name: str, options: list[dict]) -> dict:
    item = layer.field(name)
    return {
        "name": name,
        "title": item.title_asked if item else both("Tỉnh, thành phố", "Province"),
        "options": options,
        "clear": changed(request, **{name: None}) if name in request.GET else "",
    }


def _options(request: HttpRequest, item: Field, query: FeatureQuery, rows: dict[str, int], user: User) -> list[dict]:
    if item.filter == "competence":
        return []
    if item.filter == "dates":
        return _spans(request, item.name, query.day)
    if item.filter == "flag":
        return [_flag(request, item.name, label, code, rows) for label, code in ((YES, "true"), (NO, "false"))]
    return _codes(request, item.name, item.choices.read(connection_for(user)), rows)


def _codes(request: HttpRequest, name: str, codes: Iterable, rows: dict[str, int]) -> list[dict]:
    now = set(filter(None, request.GET.get(name, "").split(",")))
    found = [one for one in codes if rows.get(one.code) or one.code in now]
    if not any(one.colour for one in found):  # as on the map: states in their own order, all else by number
        found.sort(key=lambda one: -rows.get(one.code, 0))
    return [
        {
            "label": one.label,
            "colour": one.colour,
            "symbol": one.symbol,
            "count": rows.get(one.code, 0),
            "chosen": one.code in now,
            "href": changed(request, **{name: ",".join(sorted(now ^ {one.code})) or None}),
        }
        for one in found
    ]


def _flag(request: HttpRequest, name: str, label: object, code: str, rows: dict[str, int]) -> dict:
    now = request.GET.get(name) == code
    href = changed(request, **{name: None if now else code})
    return {"label": label, "count": rows.get(code, 0), "chosen": now, "href": href}


def _spans(request: HttpRequest, name: str, day: date) -> list[dict]:
    """Ranges of days round the day of the map. They are not counted: their sum would say nothing."""
    spans = [(label, f"{day + timedelta(first)}/{day + timedelta(last)}") for label, first, last in SPANS]
    now = request.GET.get(name)
    return [
        {"label": label, "chosen": span == now, "href": changed(request, **{name: None if span == now else span})}
        for label, span in spans
    ]


def chosen(request: HttpRequest, layer: Layer, query: FeatureQuery, offered: list[dict], user: User) -> list[dict]:
    """Every condition in use in words, with the address of the list without it."""
    named = [
        {"title": one["title"], "label": option["label"], "href": option["href"]}
        for one in offered
        for option in one["options"]
        if option["chosen"] and not isinstance(query.values.get(one["name"]), DateRange)
    ]
    others = [
        *_competences(layer, query),
        *_dates(layer, query),
        *_communes(query, user),
        *_places(query),
        *_words(request, query),
    ]
    return named + [
        {"title": title, "label": label, "href": changed(request, **{name: None})} for name, title, label in others
    ]


def _competences(layer: Layer, query: FeatureQuery) -> list[Condition]:
    asked = ((item, query.values.get(item.name)) for item in layer.filters)
    return [(item.name, item.title_asked, f"“{value.text}”") for item, value in asked if isinstance(value, Competences)]


def _dates(layer: Layer, query: FeatureQuery) -> list[Condition]:
    ranges = ((item, query.values.get(item.name)) for item in layer.filters)
    return [(item.name, item.title_asked, _range(value)) for item, value in ranges if isinstance(value, DateRange)]


def _range(days: DateRange) -> str:
    if days.first == days.last and days.first:
        return in_day(days.first)
    return " – ".join(in_day(day) if day else "…" for day in (days.first, days.last))


def _communes(query: FeatureQuery, user: User) -> list[Condition]:
    labels = COMMUNES.labels(connection_for(user), query.communes) if query.communes else {}
    named = ", ".join(str(label) for label in labels.values())
    return [("commune", both("Xã, phường, đặc khu", "Commune"), named)] if named else []


def _places(query: FeatureQuery) -> list[Condition]:
    boxed: list[Condition] = [("bbox", PLACE, both("trong khung đã chọn", "in the chosen box"))] if query.bboxes else []
    if not query.within:
        return boxed
    km = in_numbers(round(query.within.metres / 1000, 1))
    return [*boxed, ("within", PLACE, both(f"trong {km} km quanh điểm đã chọn", f"within {km} km of the chosen point"))]


def _words(request: HttpRequest, query: FeatureQuery) -> list[Condition]:
    words: list[Condition] = [("q", SEARCHED, f"“{request.GET['q'].strip()}”")] if query.words else []
    if query.condition:
        words.append((CQL2, CQL2_CONDITION, query.condition.text))
    return [*words, ("on", both("Ngày", "On"), in_day(query.on))] if query.on else words
