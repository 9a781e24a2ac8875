"""What the pages for people show beside the documents: rows in words, queryables with their codes, operations."""

from dataclasses import replace

from django.contrib.gis.geos import GEOSGeometry
from django.http import HttpRequest

from geodata.language import both
from layers.access import User
from layers.in_force import in_force
from layers.layer import Field, Layer
from layers.lookup import find
from layers.order import sortable
from layers.paging import read_page
from layers.query import FeatureQuery, columns, reading
from layers.values import NO, YES, as_properties
from services.ogcapi.asking import Asked
from services.ogcapi.links import here

# A page for people is not longer, whatever `limit` is.
MAX_ROWS = 1000
_TYPES = {
    "string": both("chữ", "text"),
    "array": both("nhiều mã", "several codes"),
    "integer": both("số nguyên", "whole number"),
    "number": both("số", "number"),
    "boolean": both("đúng hoặc sai", "true or false"),
    "date": both("ngày", "day"),
    "geometry-point": both("điểm", "point"),
    "geometry-multipolygon": both("vùng", "area"),
}


def items_context(request: HttpRequest, asked: Asked) -> dict:
    """The rows of a page in words, how many there are, the address of the next page."""
    layer, query, user = asked.layer, asked.query, asked.user
    fields = asked.fields or tuple(item.name for item in columns(layer, user) if item.listed)
    names = replace(asked, fields=fields).read
    with reading(user, "page"):
        page = read_page(
            layer, query, user, limit=asked.limit, cursor=request.GET.get("cursor"), order=asked.order, fields=names
        )
        shown = columns(layer, user, fields=names)
        alive = in_force(layer, query, [row[0] for row in page.rows], user)
        forces = [alive.get(row[0]) for row in page.rows]
        values = as_properties(shown, (row[1:] for row in page.rows), user, in_force=forces)
    listed = [item for item in shown if item.name in fields]
    rows = [
        {"id": row[0], "cells": [cell(item, one) for item in listed]}
        for row, one in zip(page.rows, values, strict=True)
    ]
    return {
        "layer": layer,
        "columns": [{"item": item, "order": _order(request, item, asked)} for item in listed],
        "rows": rows,
        "total": page.matched,
        "day": query.day,
        "next": here(request, cursor=page.next) if page.next else "",
    }


def _order(request: HttpRequest, item: Field, asked: Asked) -> dict | None:
    """Where a column's head leads: the same rows in its order, or in the reverse one where it orders already."""
    if item not in sortable(asked.layer, asked.user):
        return None
    mine = asked.order.field is item
    name = f"-{item.name}" if mine and not asked.order.descending else item.name
    state = ("descending" if asked.order.descending else "ascending") if mine else ""
    return {"href": here(request, sortby=name, cursor=""), "state": state}


def item_context(layer: Layer, query: FeatureQuery, number: str, user: User) -> dict:
    """One record's fields in words, those that have a value. Raises what `find` raises."""
    with reading(user, "record"):
        row = find(layer, query, number, user)
        shown = columns(layer, user)
        force = in_force(layer, query, [row[0]], user).get(row[0])
        (values,) = as_properties(shown, [row[1:-1]], user, in_force=[force])
    cells = [{"item": item, **cell(item, values)} for item in shown]
    return {
        "layer": layer,
        "id": row[0],
        "cells": [one for one in cells if one["text"] != ""],
        "position": _position(row[-1]),
    }


def _position(geometry: GEOSGeometry) -> str:
    """Longitude and latitude of a point; empty for an area."""
    return f"{geometry.x:.6f}, {geometry.y:.6f}" if geometry.geom_type == "Point" else ""


def cell(item: Field, values: dict) -> dict:
    """A value as a page shows it: its words where it has some; `kind` says how it is written."""
    value = values[f"{item.name}_label"] if item.labelled else values[item.name]
    text = "; ".join(map(str, value)) if isinstance(value, list) else value
    if isinstance(value, bool):
        text = YES if value else NO
    kind = "text" if item.labelled or item.kind == "text" or value is None else item.kind
    return {"text": "" if text is None else text, "kind": kind, "title": item.title}


def fields_in_words(schema: dict) -> list[dict]:
    """The properties of a JSON Schema as a page lists them: name, title, type, codes with their labels."""
    return [
        {
            "name": name,
            "title": told["title"],
            "type": _TYPES.get(told.get("format") or told.get("type", ""), ""),
            "codes": told.get("oneOf") or told.get("items", {}).get("oneOf", []),
        }
        for name, told in schema["properties"].items()
    ]
