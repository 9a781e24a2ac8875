"""The values of a MapLibre style in the expressions of QGIS: as much of the language as our own style speaks.

QGIS has a converter of its own, in its window alone. What is not known here raises KeyError, so that a test sees it.
"""

from collections.abc import Callable
from math import ceil, floor
from typing import Any

from mapapp.qgis.expressions import any_of, field, text

ZOOM = "@vector_tile_zoom"
_KINDS = {"Point": 0, "LineString": 1, "Polygon": 2}

Json = dict[str, Any]


def expression(value: Any) -> str:
    """A value or an expression of MapLibre."""
    if not isinstance(value, list):
        return text(value) if isinstance(value, str) else repr(value)
    return _OPERATORS[value[0]](*value[1:])


def first(value: Any) -> float:
    """A number that does not depend on the feature; of one that follows the zoom, the one at its first stop."""
    return float(value[4] if isinstance(value, list) else value)


def by_zoom(value: Any, *, times: float = 1) -> str:
    """The expression of a number that follows the zoom, multiplied; empty for one that does not."""
    return f"({expression(value)}) * {times}" if isinstance(value, list) else ""


def condition(found: list[Any] | None) -> str:
    """A layer's filter without what it says of the kind of geometry; empty where that is all."""
    return "" if found is None or found[1] == ["geometry-type"] else expression(found)


def geometry(found: list[Any] | None) -> str | None:
    """The kind of geometry that a filter asks for."""
    return found[2] if found and found[1] == ["geometry-type"] else None


def zooms(layer: Json) -> tuple[int, int]:
    """The first and last zoom of tiles that a layer is drawn from, -1 for any: QGIS takes the nearest whole one."""
    least, end = layer.get("minzoom"), layer.get("maxzoom")
    return -1 if least is None else floor(least + 0.5), -1 if end is None else ceil(end) - 1


def _interpolate(how: list[Any], by: list[Any], *stops: float) -> str:
    """Linear, or exponential to a base, between the stops; level before the first and after the last."""
    (at, value), *rest = zip(stops[::2], stops[1::2], strict=True)
    base, read = (how[1] if how[0] == "exponential" else 1), expression(by)
    cases = [f"WHEN {read} <= {at} THEN {value}"]
    for end, reached in rest:
        share = _share(read, at, end, base)
        cases.append(f"WHEN {read} <= {end} THEN {value} + {reached - value} * {share}")
        at, value = end, reached
    return f"CASE {' '.join(cases)} ELSE {value} END"


def _share(read: str, at: float, end: float, base: float) -> str:
    if base == 1:
        return f"({read} - {at}) / {float(end - at)}"
    return f"({base} ^ ({read} - {at}) - 1) / {base ** (end - at) - 1}"


def _let(name: str, value: Any, inner: Any) -> str:
    return f"with_variable({text(name)}, {expression(value)}, {expression(inner)})"


def _slice(of: Any, start: Any, end: Any | None = None) -> str:
    whole, begin = expression(of), expression(start)
    return (
        f"substr({whole}, {begin} + 1)" if end is None else f"substr({whole}, {begin} + 1, {expression(end)} - {begin})"
    )


def _match(read: list[Any], *pairs: Any) -> str:
    *cases, other = pairs
    named = zip(cases[::2], cases[1::2], strict=True)
    whens = " ".join(f"WHEN {expression(read)} = {expression(key)} THEN {expression(value)}" for key, value in named)
    return f"CASE {whens} ELSE {expression(other)} END"


_OPERATORS: dict[str, Callable[..., str]] = {
    "get": field,
    "var": lambda name: f"@{name}",
    "zoom": lambda: ZOOM,
    "to-string": lambda of: f"coalesce(to_string({expression(of)}), '')",
    "coalesce": lambda *some: f"coalesce({', '.join(map(expression, some))})",
    "concat": lambda *some: f"concat({', '.join(map(expression, some))})",
    "index-of": lambda part, of: f"(strpos({expression(of)}, {expression(part)}) - 1)",
    "slice": _slice,
    "case": lambda when, then, other: f"if({', '.join(map(expression, (when, then, other)))})",
    "match": _match,
    "let": _let,
    "interpolate": _interpolate,
    "==": lambda one, other: f"{expression(one)} = {expression(other)}",
    "in": lambda of, listed: any_of(of[1], listed[1]),
    "<": lambda one, other: f"{expression(one)} < {expression(other)}",
    "+": lambda one, other: f"{expression(one)} + {expression(other)}",
}
