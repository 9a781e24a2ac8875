"""The list twin: one page of a layer's rows in words, with the filters beside them."""

from django.http import HttpRequest

from layers.access import User
from layers.filters import MAX_TEXT, parse
from layers.in_force import InForce, in_force
from layers.layer import Field, Layer
from layers.paging import Page, read_page
from layers.query import FeatureQuery, columns, reading
from layers.registry import all_layers
from layers.scope import caller
from layers.values import as_properties
from mapapp.addresses import changed, replaced, with_query
from mapapp.list_filters import chosen, filters
from mapapp.words import heading_in_words, in_words, tone

ROWS = 50
# What says where a row lies stands under its heading, not in columns of its own.
PLACED = ("address", "commune", "province", "geom_accuracy")
OWN = ("cursor", "lang", "scope")


def list_context(request: HttpRequest, layer: Layer) -> dict:
    """What the list's template shows: rows in words, how many there are, the next page, the filters in use."""
    user = caller(request)
    query = parse(layer, request.GET, user, also=OWN)
    page, alive = _read(request, layer, query, user)
    offered = filters(request, layer, query, user)
    return {
        "layer": layer,
        "layers": all_layers(),
        "heading": layer.field(layer.heading),
        "columns": _columns(layer, user),
        "rows": _rows(layer, page.rows, alive, user),
        "total": page.matched,
        "day": query.day,
        "on": query.on,
        "filters": offered,
        "chosen": chosen(request, layer, query, offered, user),
        "by_lines": any(item.lines and item.name in query.values for item in layer.filters),
        "longest": MAX_TEXT,
        "q": request.GET.get("q", ""),
        "kept": list(replaced(request, q=None, cursor=None).items()),
        **_ways(request, layer, page),
    }


def _read(request: HttpRequest, layer: Layer, query: FeatureQuery, user: User) -> tuple[Page, dict[int, InForce]]:
    """The rows of this page, and what of them is in force."""
    cursor = request.GET.get("cursor")
    names = tuple(item.name for item in _shown(layer, user))
    with reading(user, "page"):
        page = read_page(layer, query, user, limit=ROWS, cursor=cursor, fields=names)
        return page, in_force(layer, query, [row[0] for row in page.rows], user)


def _shown(layer: Layer, user: User) -> tuple[Field, ...]:
    unlisted = (*PLACED, f"{layer.heading}_en")
    names = (item.name for item in layer.fields if item.listed or item.name in unlisted)
    return columns(layer, user, fields=tuple(names))


def _columns(layer: Layer, user: User) -> list[Field]:
    """The columns beside the heading: the class of a row first, for it is what people look for."""
    aside = (*PLACED, layer.heading, f"{layer.heading}_en")
    rest = [item for item in _shown(layer, user) if item.name not in aside]
    return sorted(rest, key=lambda item: item.name != layer.style.classes)


def _rows(layer: Layer, rows: list[tuple], alive: dict[int, InForce], user: User) -> list[dict]:
    forces = [alive.get(row[0]) for row in rows]
    values = as_properties(_shown(layer, user), (row[1:] for row in rows), user, in_force=forces)
    beside = _columns(layer, user)
    return [_row(layer, row[0], beside, one) for row, one in zip(rows, values, strict=True)]


def _row(layer: Layer, number: int, beside: list[Field], values: dict) -> dict:
    return {
        "id": number,
        "title": heading_in_words(layer, values),
        "place": _place(layer, values),
        "of_commune": values.get("geom_accuracy") == "commune_centroid",
        "cells": [_cell(item, values) for item in beside],
    }


def _cell(item: Field, values: dict) -> dict:
    return {
        "title": str(item.title),
        "kind": item.kind,
        "text": in_words(item, values),
        **tone(item, values[item.name]),
    }


def _place(layer: Layer, values: dict) -> str:
    """The address, or else the units that the row lies in."""
    units = (in_words(layer.field(name), values) for name in ("commune", "province"))
    return str(values.get("address") or ", ".join(filter(None, units)))


def _ways(request: HttpRequest, layer: Layer, page: Page) -> dict[str, str]:
    """Where one can go from here: the next page, the first, the same on the map, the list without filters."""
    own = dict.fromkeys((*OWN, "layers"))
    on_map = replaced(request, **{**own, "lang": request.GET.get("lang")})
    on_map["layers"] = layer.name
    language = {"lang": request.GET["lang"]} if "lang" in request.GET else {}
    files = replaced(request, cursor=None)
    files["layer"] = layer.name
    return {
        "next": changed(request, cursor=page.next) if page.next else "",
        "first": changed(request) if "cursor" in request.GET else "",
        "map": with_query("/", on_map),
        "files": with_query("/data/", files),
        "clear": changed(request, **{**dict.fromkeys(request.GET), **language}),
    }
