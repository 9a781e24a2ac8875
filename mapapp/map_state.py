"""The state of the map page in its address: names and layers that mean nothing are refused, never ignored."""

import re

from django.http import QueryDict

from layers.errors import BadParameter
from layers.filters import CQL2, SHARED, read_day, single_values
from layers.layer import Layer
from layers.numbers import read_number
from layers.registry import all_layers, no_such_layer

OWN = frozenset({"at", "layers", "select", "lang"})
MAX_ZOOM, MAX_LATITUDE = 24, 85.06
"""What static/js/state.js reads too; Web Mercator ends at that latitude."""
_SELECT = re.compile(r"([a-z][a-z0-9_]*)/([0-9]{1,16})", re.ASCII)


def refuse_unknown_state(parameters: QueryDict) -> None:
    """Raises BadParameter for an unknown or repeated name, a layer, place or record that cannot be, an `on` that
    is no day, and a filter that would be of no layer shown.

    The values of filters are judged by the services that answer them.
    """
    _refuse_shared_with_layer(parameters)
    values = single_values(parameters, known=_known_names())
    if "on" in values:
        read_day(values["on"], "on")
    if "at" in values:
        _require_place(values["at"])
    for layer in filter(None, values.get("layers", "").split(",")):
        _require_layer(layer, "layers")
    if "select" in values:
        _require_record(values["select"])
    _refuse_filter_of_no_layer(values)


def _known_names() -> set[str]:
    filters = {(layer.name, name) for layer in all_layers() for name in _own_names(layer)}
    return {*OWN, *SHARED, *(name for _, name in filters), *(f"{layer}.{name}" for layer, name in filters)}


def _own_names(layer: Layer) -> set[str]:
    return {CQL2, *(item.name for item in layer.filters)}


def _refuse_shared_with_layer(parameters: QueryDict) -> None:
    """`laboratories.province`: what all layers share is written once."""
    for name in parameters:
        layer, _, bare = name.rpartition(".")
        if bare in SHARED and layer in {one.name for one in all_layers()}:
            raise BadParameter(
                "param.shared",
                f"{bare} áp dụng cho mọi lớp: viết {bare}, không kèm tên lớp.",
                f"{bare} applies to all layers: write {bare}, without a layer's name.",
                parameter=name,
            )


def _refuse_filter_of_no_layer(values: dict[str, str]) -> None:
    """With several layers a filter names its own, which has to be shown."""
    shown = shown_layers(values)
    for name in values.keys() - OWN - set(SHARED):
        of, _, bare = name.rpartition(".")
        having = [layer for layer in all_layers() if bare in _own_names(layer) and of in ("", layer.name)]
        named = [layer.name for layer in having if layer in shown]
        if named and (of or len(shown) == 1):
            continue
        ways = ", ".join(f"{layer}.{bare}" for layer in named)
        hidden = ", ".join(layer.name for layer in having if layer not in shown)
        raise BadParameter(
            "param.layer",
            f"{name} không thuộc lớp nào đang xem."
            + (f" Viết kèm tên lớp: {ways}." if ways else "")
            + (f" Lớp chưa xem cũng có {bare}, ghi vào layers= để xem: {hidden}." if hidden else ""),
            f"{name} belongs to no layer shown."
            + (f" Write it with its layer: {ways}." if ways else "")
            + (f" Layers not shown have {bare} too; layers= shows them: {hidden}." if hidden else ""),
            parameter=name,
        )


def shown_layers(values: dict[str, str]) -> list[Layer]:
    """The layers that these parameters show, in the order of the catalogue: without a word those of a first visit."""
    named = values["layers"].split(",") if "layers" in values else None
    return [layer for layer in all_layers() if (layer.default if named is None else layer.name in named)]


def _require_place(text: str) -> None:
    parts = text.split("/")
    zoom, lat, lon = (read_number(part, "at") for part in parts) if len(parts) == 3 else (-1.0, 0.0, 0.0)
    if not (0 <= zoom <= MAX_ZOOM and abs(lat) <= MAX_LATITUDE and abs(lon) <= 180):
        raise BadParameter(
            "at.range",
            f"at gồm mức phóng/vĩ độ/kinh độ: 0…{MAX_ZOOM}, ±{MAX_LATITUDE}, ±180; ví dụ 12/21.03/105.85.",
            f"at is zoom/latitude/longitude: 0…{MAX_ZOOM}, ±{MAX_LATITUDE}, ±180; as in 12/21.03/105.85.",
            parameter="at",
        )


def _require_record(text: str) -> None:
    _require_layer(text.partition("/")[0], "select")
    if not _SELECT.fullmatch(text):
        raise BadParameter(
            "select.form",
            "select gồm lớp/số của bản ghi, ví dụ laboratories/12.",
            "select is layer/id of a record, as in laboratories/12.",
            parameter="select",
        )


def _require_layer(name: str, parameter: str) -> None:
    if name not in {layer.name for layer in all_layers()}:
        told = no_such_layer(name)
        raise BadParameter(f"{parameter}.unknown", told.vi, told.en, parameter=parameter)
