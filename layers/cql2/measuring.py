"""How large a tree is, told before it is walked, and the walk that costs no stack where a chain is long."""

from collections.abc import Iterator
from typing import Any

from pygeofilter import ast, values

from layers.cql2.geometries import check_positions
from layers.cql2.limits import MAX_DEPTH, MAX_MEMBERS, too_complex


def measure(tree: Any) -> None:
    """Counts what the tree holds, without a stack: how deep it is matters to all that walk it afterwards.

    Raises BadParameter for one beyond a limit.
    """
    left, members, places = [(tree, 1)], 0, 0
    while left:
        node, depth = left.pop()
        members += 1
        if isinstance(node, values.Geometry):
            places += _positions(node.geometry)
            check_positions(places)
        if depth > MAX_DEPTH:
            raise too_complex(f"lồng nhau nhiều nhất {MAX_DEPTH} lớp", f"operators {MAX_DEPTH} deep at most")
        if members > MAX_MEMBERS:
            raise too_complex(f"nhiều nhất {MAX_MEMBERS} thành phần", f"{MAX_MEMBERS} members at most")
        left += [(one, depth + (type(one) is not type(node) or not _joins(one))) for one in _inside(node)]


def terms(node: ast.Combination) -> Iterator[Any]:
    """What one operator joins, in its order, however the pairs are nested."""
    left: list[Any] = [node]
    while left:
        one = left.pop()
        if type(one) is type(node):
            left += [one.rhs, one.lhs]
        else:
            yield one


def _positions(geometry: Any) -> int:
    """How many positions a GeoJSON object has at most, whatever it is: counted without a stack."""
    left, count = [geometry], 0
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left += [one.get("coordinates"), one.get("geometries")]
        elif isinstance(one, list | tuple):
            left += one
            count += not any(isinstance(inner, list | tuple | dict) for inner in one)
    return count


def _joins(node: Any) -> bool:
    return isinstance(node, ast.Combination)


def _inside(node: Any) -> list[Any]:
    if isinstance(node, list | tuple):
        return list(node)
    return list(node.get_sub_nodes() or ()) if hasattr(node, "get_sub_nodes") else []
