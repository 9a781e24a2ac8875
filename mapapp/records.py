"""One record as a person reads it: its fields and the rows that belong to it, with words instead of codes."""

import json
from collections.abc import Collection

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Expression, F, Q

from layers.access import User, connection_for
from layers.in_force import in_force
from layers.layer import Field, Layer, Moment, Table
from layers.query import FeatureQuery, columns
from layers.registers.map_day import is_demo
from layers.values import as_properties
from mapapp.words import heading_in_words, in_words, parts_in_words, tone

MAX_TABLE_ROWS = 200
CLOSE_ZOOM = 15
NUMBERS = ("integer", "number")
OUTLINE_TOLERANCE = 0.002  # degrees: an outline to recognise an area by, not to measure on


def values_of(layer: Layer, query: FeatureQuery, row: tuple, user: User = None) -> dict:
    """The fields of the record whose row `layers.lookup.find` gave, with the labels of codes beside them."""
    alive = in_force(layer, query, [row[0]], user)
    return as_properties(columns(layer, user), [row[1:-1]], user, in_force=[alive.get(row[0])])[0]


def describe_record(
    layer: Layer,
    query: FeatureQuery,
    row: tuple,
    user: User = None,
    *,
    values: dict | None = None,
    without: Collection[object] = (),
) -> dict:
    """The record whose row `layers.lookup.find` gave: title, sections of fields and of tables, position, links.

    `values` are those of `values_of`, where they are known; tables and names of fields in `without` are left out.
    """
    values = values_of(layer, query, row, user) if values is None else values
    title = heading_in_words(layer, values)
    fields = [item for item in columns(layer, user) if item.name not in without]
    shown = [item for item in fields if _given(values[item.name]) and in_words(item, values) != title]
    tables = (_table(table, row[0], query, user) for table in layer.tables if table not in without)
    return {
        "id": row[0],
        "layer": layer.name,
        "title": title,
        "subtitle": str(layer.title),
        "day": query.day,
        "geometry": _geometry(row[-1]),
        "of_commune": values.get("geom_accuracy") == "commune_centroid",
        "sections": [
            {"title": "", "rows": [_field(item, values) for item in shown], "table": None},
            *({"title": table["title"], "rows": [], "table": table} for table in tables if table),
        ],
        "withheld": str(layer.withheld),
        "demo": is_demo(),
        "links": _links(layer, row, values, query),
    }


def _given(value: object) -> bool:
    return value not in (None, "", [])


def _field(item: Field, values: dict) -> dict:
    return {
        "name": item.name,
        "label": str(item.title),
        "value": values[item.name],
        "text": in_words(item, values),
        "parts": parts_in_words(item, values),
        **tone(item, values[item.name]),
    }


def _geometry(geom: GEOSGeometry) -> dict:
    """GeoJSON: the point itself, or the simplified outline of an area."""
    if geom.geom_type == "Point":
        return {"type": "Point", "coordinates": [round(number, 7) for number in geom.coords]}
    return json.loads(geom.simplify(OUTLINE_TOLERANCE, preserve_topology=True).json)


def _table(table: Table, parent: int, query: FeatureQuery, user: User) -> dict | None:
    """The rows of a table in words, at most MAX_TABLE_ROWS of `total`; None when there are none.

    The first cell of rows that are records themselves has `href`. Columns that are empty in every row are left out.
    """
    rows = table.model._default_manager.using(connection_for(user)).filter(table.rows(query.day))
    rows = rows.filter(table.public if user is None else Q(), **{table.parent: parent})
    if table.replay and query.on:
        rows = table.replay(rows, query.on)
    total = rows.count()
    if not total:
        return None
    moment = Moment(query.day, replayed=bool(table.replay and query.on))
    named = {f"c_{item.name}": _source(item, moment) for item in table.columns}
    found = list(rows.annotate(**named).order_by(*table.order).values_list("pk", *named)[:MAX_TABLE_ROWS])
    shown = as_properties(table.columns, (row[1:] for row in found), user)
    filled = [item for item in table.columns if any(_given(values[item.name]) for values in shown)]
    return {
        "title": str(table.title),
        "total": total,
        "more": total > len(found),
        "numbered": table.numbered,
        "head": [str(item.title) for item in filled],
        "columns": [{"title": str(item.title), "number": item.kind in NUMBERS} for item in filled],
        "rows": [_cells(table, row[0], filled, values) for row, values in zip(found, shown, strict=True)],
    }


def _source(item: Field, moment: Moment) -> Expression:
    return item.path(moment) if callable(item.path) else F(item.path)


def _cells(table: Table, number: int, filled: list[Field], values: dict) -> list[dict]:
    cells = [_cell(item, values) for item in filled]
    if table.layer and cells:
        cells[0]["href"] = f"/{table.layer}/{number}"
    return cells


def _cell(item: Field, values: dict) -> dict:
    return {
        "title": str(item.title),
        "text": in_words(item, values),
        "number": item.kind in NUMBERS,
        **tone(item, values[item.name]),
    }


def _links(layer: Layer, row: tuple, values: dict, query: FeatureQuery) -> dict[str, str]:
    """The page, the data, the map with the record chosen, all of the day that was asked for; directions where the
    position is more than its commune.
    """
    page, on = f"/{layer.name}/{row[0]}", f"on={query.on}" if query.on else ""
    chosen = "&".join(filter(None, (f"layers={layer.name}&select={layer.name}/{row[0]}", on)))
    of_day = f"?{on}" if on else ""
    links = {"page": f"{page}{of_day}", "data": f"/api/v1{page}/{of_day}", "map": f"/?{chosen}"}
    links["report"] = f"/report?layer={layer.name}&record={row[0]}"
    if layer.geometry == "point":
        lon, lat = row[-1].coords
        links["map"] = f"/?at={CLOSE_ZOOM}/{lat:.5f}/{lon:.5f}&{chosen}"
        if values.get("geom_accuracy") != "commune_centroid":
            links["geo"] = f"geo:{lat:.6f},{lon:.6f}"
    return links
