"""The list twin: one page of a layer's rows in words, with the facets beside them."""

from django.http import HttpRequest

from geodata.language import both
from layers.access import User, connection_for
from layers.facets import facets
from layers.filters import parse
from layers.layer import Field, Layer
from layers.query import FeatureQuery, columns, count, reading, select
from layers.registry import all_layers
from layers.scope import caller
from layers.units import PROVINCES
from layers.values import as_properties
from mapapp.words import in_words, tone
from services.api.cursors import read_cursor, write_cursor

ROWS = 50


def list_context(request: HttpRequest, layer: Layer) -> dict:
    """What the list's template shows: rows in words, how many there are, the next page, the filters in use."""
    user = caller(request)
    query = parse(layer, request.GET, user, also=("cursor", "lang", "scope"))
    cursor = request.GET.get("cursor")
    after = read_cursor(cursor, layer, query, user) if cursor is not None else -1
    names = tuple(item.name for item in layer.fields if item.listed)
    fields = columns(layer, user, fields=names)
    with reading(user, "page"):
        rows = list(select(layer, query, user, fields=names).filter(pk__gt=after).order_by("pk")[: ROWS + 1])
        total = count(layer, query, user)
        values = as_properties(fields, (row[1:] for row in rows[:ROWS]), user)
    return {
        "layer": layer,
        "layers": all_layers(),
        "fields": [item for item in fields if item.name != layer.heading],
        "heading": layer.field(layer.heading),
        "total": total,
        "day": query.day,
        "rows": [_row(layer, row[0], fields, one) for row, one in zip(rows[:ROWS], values, strict=True)],
        "next": _address(request, cursor=write_cursor(rows[ROWS - 1][0], layer, query, user))
        if len(rows) > ROWS
        else "",
        "first": _address(request, cursor=None) if cursor is not None else "",
        "filters": _filters(request, layer, query, user),
    }


def _row(layer: Layer, number: int, fields: tuple[Field, ...], values: dict) -> dict:
    cells = [
        {
            "name": item.name,
            "kind": item.kind,
            "text": in_words(item, values),
            "tone": tone(item, values[item.name]),
        }
        for item in fields
        if item.name != layer.heading
    ]
    return {"id": number, "title": in_words(layer.field(layer.heading), values), "cells": cells}


def _address(request: HttpRequest, **changed: str | None) -> str:
    """This page's address with some parameters changed, or taken away (None). A new filter begins at the first page."""
    asked = request.GET.copy()
    if "cursor" not in changed:
        asked.pop("cursor", None)
    for name, value in changed.items():
        asked.pop(name, None)
        if value:
            asked[name] = value
    query = asked.urlencode(safe=",/:")
    return f"{request.path}?{query}" if query else request.path


def _filters(request: HttpRequest, layer: Layer, query: FeatureQuery, user: User) -> list[dict]:
    """Each code filter with its values as links that add the value, or take it away when it is chosen."""
    with reading(user, "facets"):
        counted = facets(layer, query, user, only=_offered(layer))
    described = ((name, _options(request, layer, name, rows, user)) for name, rows in counted.items())
    return [{"name": name, "title": _title(layer, name), **options} for name, options in described]


def _offered(layer: Layer) -> set[str]:
    return {"province", *(item.name for item in layer.filters if item.filter == "code")}


def _title(layer: Layer, name: str) -> object:
    item = layer.field(name)
    return item.title if item else both("Tỉnh, thành phố", "Province")


def _options(request: HttpRequest, layer: Layer, name: str, rows: dict[str, int], user: User) -> dict:
    codes = PROVINCES if name == "province" else layer.field(name).choices
    chosen = set(filter(None, request.GET.get(name, "").split(",")))
    found = [one for one in codes.read(connection_for(user)) if rows.get(one.code) or one.code in chosen]
    options = [
        {
            "label": one.label,
            "count": rows.get(one.code, 0),
            "chosen": one.code in chosen,
            "href": _address(request, **{name: ",".join(sorted(chosen ^ {one.code})) or None}),
        }
        for one in found
    ]
    return {
        "options": options,
        "open": bool(chosen),
        "clear": _address(request, **{name: None}) if chosen else "",
    }
