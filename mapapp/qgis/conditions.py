"""Filters of our grammar as expressions of QGIS, which it sends to the server as a filter of WFS (FES)."""

from collections.abc import Iterator

from layers.areas import BBox
from layers.layer import Field, Layer
from layers.query import Competences, DateRange, FeatureQuery, Value
from layers.units import COMMUNES, PROVINCES
from mapapp.qgis.expressions import any_of, field, text


def expression_of(layer: Layer, query: FeatureQuery) -> str:
    """The conditions that FES can say of the layer's rows; empty for none."""
    own = (_own(item.name, query.values[item.name]) for item in layer.filters if item.name in query.values)
    return " AND ".join(f"({one})" for one in (*_units(layer, query), *_boxes(query), *own) if one)


def unsaid(layer: Layer, query: FeatureQuery) -> list[str]:
    """The names of the filters that FES, or QGIS in it, cannot say: words, circles, days, conditions in CQL2, what a
    scope line can do, units that no field shows.
    """
    beyond = {"q": query.words, "within": query.within, "on": query.on, "filter": query.condition}
    units = {"province": query.provinces, "commune": query.communes}
    far = [name for name, codes in units.items() if codes and _unit_field(layer, name) is None]
    able = [name for name, value in query.values.items() if isinstance(value, Competences)]
    return [*far, *able, *(name for name, asked in beyond.items() if asked)]


def _units(layer: Layer, query: FeatureQuery) -> Iterator[str]:
    for name, codes in ((PROVINCES.name, query.provinces), (COMMUNES.name, query.communes)):
        found = _unit_field(layer, name)
        if codes and found:
            yield any_of(found.name, codes)


def _unit_field(layer: Layer, level: str) -> Field | None:
    """The field that shows what the filter on a unit tests."""
    return next((item for item in layer.fields if item.path == layer.units.code_path(level)), None)


def _boxes(query: FeatureQuery) -> Iterator[str]:
    if query.bboxes:
        yield " OR ".join(map(_inside, query.bboxes))


def _inside(box: BBox) -> str:
    west, south, east, north = box
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    ring = ", ".join(f"{lon!r} {lat!r}" for lon, lat in corners)
    return f"intersects_bbox($geometry, geom_from_wkt({text(f'POLYGON(({ring}))')}))"


def _own(name: str, value: Value) -> str:
    if isinstance(value, bool):
        return f"{field(name)} = {text(str(value).lower())}"
    if isinstance(value, DateRange):
        ends = ((">=", value.first), ("<=", value.last))
        return " AND ".join(f"{field(name)} {sign} {text(day.isoformat())}" for sign, day in ends if day)
    return "" if isinstance(value, Competences) else any_of(name, value)
