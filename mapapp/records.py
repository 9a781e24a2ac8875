"""One record as a person reads it: its fields and the rows that belong to it, with words instead of codes."""

from datetime import date

from django.db.models import Expression, F

from layers.access import User, connection_for
from layers.layer import Field, Layer, Moment, Table
from layers.query import FeatureQuery, columns
from layers.values import as_properties
from mapapp.words import in_words, tone

MAX_TABLE_ROWS = 200


def describe_record(layer: Layer, query: FeatureQuery, row: tuple, user: User = None) -> dict:
    """The record whose row `layers.lookup.find` gave: title, fields in words, tables, position, links."""
    fields = columns(layer, user)
    values = as_properties(fields, [row[1:-1]], user)[0]
    return {
        "id": row[0],
        "layer": layer.name,
        "title": in_words(layer.field(layer.heading), values),
        "subtitle": str(layer.title),
        "day": query.day,
        "geometry": _position(row[-1]),
        "fields": [_field(item, values) for item in fields if item.name != layer.heading and _given(values[item.name])],
        "tables": [described for table in layer.tables if (described := _table(table, row[0], query.day, user))],
        "links": _links(layer, row, values),
    }


def _given(value: object) -> bool:
    return value not in (None, "", [])


def _field(item: Field, values: dict) -> dict:
    return {
        "name": item.name,
        "label": str(item.title),
        "value": values[item.name],
        "text": in_words(item, values),
        "tone": tone(item, values[item.name]),
    }


def _position(geom) -> dict:  # type: ignore[no-untyped-def]
    """The point itself, or for an area the box it fills."""
    if geom.geom_type == "Point":
        return {"type": "Point", "coordinates": [round(number, 7) for number in geom.coords]}
    return {"type": "Polygon", "bbox": [round(number, 6) for number in geom.extent]}


def _table(table: Table, parent: int, day: date, user: User) -> dict | None:
    """The rows of a table in words, at most MAX_TABLE_ROWS of `total`; None when there are none."""
    rows = table.model._default_manager.using(connection_for(user)).filter(table.rows(day), **{table.parent: parent})
    rows = rows.filter(table.public) if user is None else rows
    total = rows.count()
    if not total:
        return None
    named = {f"c_{item.name}": _source(item, day) for item in table.columns}
    found = rows.annotate(**named).order_by(*table.order).values_list(*named)[:MAX_TABLE_ROWS]
    shown = as_properties(table.columns, found, user)
    return {
        "title": str(table.title),
        "total": total,
        "head": [str(item.title) for item in table.columns],
        "kinds": [item.kind for item in table.columns],
        "rows": [[_cell(item, values) for item in table.columns] for values in shown],
    }


def _source(item: Field, day: date) -> Expression:
    return item.path(Moment(day)) if callable(item.path) else F(item.path)


def _cell(item: Field, values: dict) -> dict:
    return {"text": in_words(item, values), "tone": tone(item, values[item.name])}


def _links(layer: Layer, row: tuple, values: dict) -> dict[str, str]:
    links = {"page": f"/{layer.name}/{row[0]}", "data": f"/api/v1/{layer.name}/{row[0]}/"}
    exact = layer.geometry == "point" and values.get("geom_accuracy") != "commune_centroid"
    if exact:
        lon, lat = row[-1].coords
        links["geo"] = f"geo:{lat:.6f},{lon:.6f}"
    return links
