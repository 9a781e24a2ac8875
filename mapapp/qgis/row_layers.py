"""Layers of all rows, by WFS: classes in the colours of the map, fields under their titles, codes as words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

from geodata.crs import WGS84
from geodata.language import both
from geodata.writers.columns import Column
from layers.codes import Code
from layers.layer import Field, Layer
from layers.query import FeatureQuery
from mapapp.qgis.conditions import expression_of, unsaid
from mapapp.qgis.coordinates import spatial_reference
from mapapp.qgis.elements import element, option, texts
from mapapp.qgis.expressions import field
from mapapp.qgis.map_layers import MapLayer, about
from mapapp.qgis.marks import known_by_commune
from mapapp.qgis.symbols import fill, symbol
from services.streaming.source import ID, source
from tiles.palette import colour
from tiles.picture.shapes import codes_of, mark_of

NAMESPACE_PREFIX = "map"
_PROVIDER = "WFS"
_MANY_ROWS_FROM_SCALE = 500_000
_CODE, _LABEL, _YES_NO = both("mã", "code"), both("nhãn", "label"), both("có, không", "yes or no")
_NUMBER = both("Số của bản ghi", "Number of the record")
_NOT_BY, _OTHERS = both("chưa lọc theo", "not filtered by"), both("Khác", "Others")
_SHAPES = {"point": ("Point", "Point"), "polygon": ("Polygon", "MultiPolygon")}


def row_layer(layer: Layer, query: FeatureQuery, wfs: str, *, credits: str) -> MapLayer:
    """The layer, not drawn until it is ticked. What WFS cannot filter by stands in its title."""
    left = unsaid(layer, query)
    title = f"{layer.title} ({_NOT_BY}: {', '.join(left)})" if left else str(layer.title)
    name, place = f"rows_{layer.name}", _source(layer, query, wfs)
    fields = list(_fields(layer, query))
    geometry, kind = _SHAPES[layer.geometry]
    many = layer.geometry == "point" and not layer.few
    described = element(
        "maplayer",
        {
            "type": "vector",
            "geometry": geometry,
            "wkbType": kind,
            "readOnly": 1,
            "hasScaleBasedVisibilityFlag": int(many),
            "minScale": _MANY_ROWS_FROM_SCALE,
            "maxScale": 0,
        },
        *texts(id=name, datasource=place, layername=title),
        element("srs", {}, spatial_reference(WGS84)),
        about(title, str(layer.description), credits),
        element("provider", {"encoding": "UTF-8"}, text=_PROVIDER),
        _renderer(layer),
        element("fieldConfiguration", {}, *map(_widget, fields)),
        element("aliases", {}, *(_alias(place, one) for place, one in enumerate(fields))),
        *texts(previewExpression=_heading(layer), blendMode=0, layerOpacity=1),
    )
    return MapLayer(name, title, place, _PROVIDER, False, described)


def _source(layer: Layer, query: FeatureQuery, wfs: str) -> str:
    """Where the rows are, as QGIS writes it. Rows are asked for by pages, within the view alone."""
    values = {
        "pagingEnabled": "true",
        "restrictToRequestBBOX": "1",
        "srsname": f"EPSG:{WGS84}",
        "typename": f"{NAMESPACE_PREFIX}:{layer.name}",
        "url": wfs,
        "version": "2.0.0",
        "skipInitialGetFeature": "true",
        "filter": expression_of(layer, query),
    }
    return " ".join(f"{name}='{_escaped(value)}'" for name, value in values.items() if value)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


@dataclass(frozen=True)
class FormField:
    """How a field of a row stands in a form: under which title, with which widget, the codes it may have."""

    name: str
    title: str
    widget: Literal["TextEdit", "ValueMap", "CheckBox", "Hidden"] = "TextEdit"
    codes: Sequence[Code] = ()


def _fields(layer: Layer, query: FeatureQuery) -> Iterator[FormField]:
    """The fields of a row in their order."""
    for column in (ID, *source(layer, query, None, geometry="").columns):
        item = layer.field(column.name.removesuffix("_label"))
        yield FormField(ID.name, str(_NUMBER)) if item is None else _field(column, item)


def _field(column: Column, item: Field) -> FormField:
    """Beside a code stands its label: hidden where QGIS can say the code in words, else the code is marked as one."""
    worded = item.kind == "code" and item.codes is not None and getattr(item.codes, "inline", True)
    if column.name != item.name:
        return (
            FormField(column.name, f"{item.title} ({_LABEL})", "Hidden")
            if worded
            else FormField(column.name, str(item.title))
        )
    if worded:
        return FormField(column.name, str(item.title), "ValueMap", item.codes.read("open"))
    title = f"{item.title} ({_YES_NO if item.kind == 'flag' else _CODE})" if item.labelled else str(item.title)
    return FormField(column.name, title, "CheckBox" if item.kind == "flag" else "TextEdit")


def _widget(one: FormField) -> Element:
    values = {"map": [{str(code.label): code.code} for code in one.codes]} if one.codes else {}
    config = element("config", {}, option("", values))
    return element("field", {"name": one.name}, element("editWidget", {"type": one.widget}, config))


def _alias(place: int, one: FormField) -> Element:
    return element("alias", {"index": place, "field": one.name, "name": one.title})


def _heading(layer: Layer) -> str:
    """The expression of what a row is called."""
    found = layer.field(layer.heading)
    named = field(layer.heading)
    return f"represent_value({named})" if found and found.codes else named


def _renderer(layer: Layer) -> Element:
    codes = codes_of(layer)
    if layer.geometry == "polygon":
        accent = colour("accent", "light")
        return _single(symbol("fill", fill(accent, opacity=0.08, edge=accent, edge_px=1)))
    if not codes:
        return _single(_mark(layer, None))
    classes: list[Code | None] = [*codes.values(), None]
    return element(
        "renderer-v2",
        {"type": "categorizedSymbol", "attr": layer.style.classes, "symbollevels": 0, "forceraster": 0},
        element("categories", {}, *(_category(place, code) for place, code in enumerate(classes))),
        element("symbols", {}, *(_mark(layer, code, name=str(place)) for place, code in enumerate(classes))),
    )


def _single(drawn: Element) -> Element:
    return element("renderer-v2", {"type": "singleSymbol", "symbollevels": 0}, element("symbols", {}, drawn))


def _category(place: int, code: Code | None) -> Element:
    said = {"value": code.code, "label": code.label} if code else {"value": "", "label": _OTHERS}
    return element("category", {**said, "symbol": place, "render": "true"})


def _mark(layer: Layer, code: Code | None, *, name: str = "0") -> Element:
    token, ended = mark_of(layer, code)
    sign = code.symbol if code else ""
    return symbol("marker", known_by_commune(layer.style.shape, token, sign, hollow=ended), name=name)
