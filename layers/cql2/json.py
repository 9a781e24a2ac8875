"""CQL2 JSON into pygeofilter's tree: the same that the text gives."""

import json
from collections.abc import Callable
from typing import Any

from pygeofilter import ast, values
from pygeofilter.cql2 import COMPARISON_MAP

from layers.cql2.calls import box, called, day, interval, number, timestamp
from layers.cql2.refusals import refused, unreadable
from layers.cql2.text import liked
from layers.errors import BadParameter

GEOMETRIES = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")


def parse(text: str) -> Any:
    """The tree of a condition. Raises BadParameter for what is no JSON, with the position, or no CQL2."""
    try:
        document = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=number,
            parse_float=number,
            parse_constant=lambda name: number(name),
        )
    except json.JSONDecodeError as error:
        raise unreadable(error.pos + 1, text[error.pos :]) from error
    return _node(document)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; the reader of Python would keep the last of two equal names."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _meaningless(", ".join(name for name, _ in pairs))
    return members


def _node(value: Any) -> Any:
    if isinstance(value, str | int | float):
        return value
    if not isinstance(value, dict):
        raise _meaningless(json.dumps(value))
    names = frozenset(value)
    if names == {"op", "args"} and isinstance(value["op"], str) and isinstance(value["args"], list):
        return _operation(value["op"], value["args"])
    reader = _VALUES.get(names)
    if reader is None:
        raise _meaningless(", ".join(sorted(names)) or "{}")
    return reader(value)


def _operation(name: str, arguments: list[Any]) -> Any:
    if name in _OPERATORS:
        least, most, make = _OPERATORS[name]
        if not least <= len(arguments) <= most:
            raise refused(
                "filter.arguments",
                f"Toán tử {name} không nhận {len(arguments)} giá trị.",
                f"The operator {name} does not take {len(arguments)} value(s).",
            )
        return make(*arguments)
    if name in COMPARISON_MAP and not name.isalpha():
        return _operation_of_two(COMPARISON_MAP[name], name, arguments)
    return called(name, [_node(one) for one in arguments])


def _operation_of_two(make: Callable[..., Any], name: str, arguments: list[Any]) -> Any:
    if len(arguments) != 2:
        raise refused("filter.arguments", f"{name} cần đúng 2 giá trị.", f"{name} takes exactly 2 values.")
    return make(*(_node(one) for one in arguments))


def _among(value: Any, choices: Any) -> Any:
    if not isinstance(choices, list) or not choices:
        raise refused("filter.arguments", "in cần một danh sách không rỗng.", "in takes a list that is not empty.")
    return ast.In(_node(value), [_node(one) for one in choices], not_=False)


_ANY = 1_000_000
_OPERATORS: dict[str, tuple[int, int, Callable[..., Any]]] = {
    "and": (2, _ANY, lambda *parts: ast.And.from_items(*map(_node, parts))),
    "or": (2, _ANY, lambda *parts: ast.Or.from_items(*map(_node, parts))),
    "not": (1, 1, lambda part: ast.Not(_node(part))),
    "like": (2, 2, lambda value, pattern: liked(_node(value), _node(pattern))),
    "between": (3, 3, lambda value, low, high: ast.Between(_node(value), _node(low), _node(high), not_=False)),
    "in": (2, 2, _among),
    "isNull": (1, 1, lambda value: ast.IsNull(_node(value), not_=False)),
}


def _attribute(value: dict[str, Any]) -> Any:
    name = value["property"]
    if not isinstance(name, str):
        raise _meaningless("property")
    return ast.Attribute(name)


def _interval(value: dict[str, Any]) -> Any:
    ends = value["interval"]
    if not isinstance(ends, list):
        raise _meaningless("interval")
    return interval([_node(end) if isinstance(end, dict) else end for end in ends])


def _box(value: dict[str, Any]) -> Any:
    numbers = value["bbox"]
    return box(numbers if isinstance(numbers, list) else [])


def _geometry(value: dict[str, Any]) -> values.Geometry:
    if value["type"] not in (*GEOMETRIES, "GeometryCollection"):
        raise _meaningless(f"type: {str(value['type'])[:40]}")
    return values.Geometry(value)


_VALUES: dict[frozenset[str], Callable[[dict[str, Any]], Any]] = {
    frozenset({"property"}): _attribute,
    frozenset({"date"}): lambda value: day(value["date"]),
    frozenset({"timestamp"}): lambda value: timestamp(value["timestamp"]),
    frozenset({"interval"}): _interval,
    frozenset({"bbox"}): _box,
    frozenset({"type", "coordinates"}): _geometry,
    frozenset({"type", "geometries"}): _geometry,
}


def _meaningless(what: str) -> BadParameter:
    return refused(
        "filter.syntax",
        f"CQL2 JSON không có đối tượng như “{what[:60]}”.",
        f"CQL2 JSON has nothing like “{what[:60]}”.",
    )
