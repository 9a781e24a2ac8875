"""CQL2 text into pygeofilter's tree.

The grammar is our own: that of pygeofilter 0.4 lacks functions of time, doubled quotes and more (see
docs/decisions/cql2.md). The tree is the same, so that other readers of filters meet it here.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args
from pygeofilter import ast, values
from pygeofilter.cql2 import COMPARISON_MAP

from layers.cql2.calls import called, number
from layers.cql2.refusals import unreadable
from layers.errors import BadParameter

_END = "$END"
_QUOTES = re.compile(r"\\'|''")


def parse(text: str) -> Any:
    """The tree of a condition. Raises BadParameter, with the position, for what is no CQL2."""
    try:
        return _parser().parse(text)
    except UnexpectedCharacters as error:
        raise _unreadable(text, error.pos_in_stream) from error
    except UnexpectedToken as error:
        raise _unreadable(text, len(text) if error.token.type == _END else error.pos_in_stream) from error


def _unreadable(text: str, at: int | None) -> BadParameter:
    return unreadable((at or 0) + 1, text[at or 0 :])


@v_args(inline=True)
class _Tree(Transformer):
    """What each rule of the grammar becomes. Geometries are GeoJSON."""

    def all_of(self, *parts: Any) -> ast.Node:
        return ast.And.from_items(*parts)

    def any_of(self, *parts: Any) -> ast.Node:
        return ast.Or.from_items(*parts)

    def negated(self, part: Any) -> ast.Node:
        return ast.Not(part)

    def compared(self, left: Any, sign: Token, right: Any) -> ast.Node:
        return COMPARISON_MAP[str(sign)](left, right)

    def like(self, left: Any, pattern: Any) -> ast.Node:
        return liked(left, pattern)

    def not_like(self, left: Any, pattern: Any) -> ast.Node:
        return ast.Not(liked(left, pattern))

    def between(self, value: Any, low: Any, high: Any) -> ast.Node:
        return ast.Between(value, low, high, not_=False)

    def not_between(self, value: Any, low: Any, high: Any) -> ast.Node:
        return ast.Between(value, low, high, not_=True)

    def among(self, value: Any, *choices: Any) -> ast.Node:
        return ast.In(value, list(choices), not_=False)

    def not_among(self, value: Any, *choices: Any) -> ast.Node:
        return ast.In(value, list(choices), not_=True)

    def is_null(self, value: Any) -> ast.Node:
        return ast.IsNull(value, not_=False)

    def is_not_null(self, value: Any) -> ast.Node:
        return ast.IsNull(value, not_=True)

    def property(self, name: Token) -> ast.Node:
        return ast.Attribute(name[1:-1] if name.type == "QUOTED" else str(name))

    def call(self, name: Token, *arguments: Any) -> Any:
        return called(str(name), list(arguments))

    def point(self, position: list) -> values.Geometry:
        return _geometry("Point", position)

    def line_string(self, path: list) -> values.Geometry:
        return _geometry("LineString", path)

    def polygon(self, area: list) -> values.Geometry:
        return _geometry("Polygon", area)

    def multi_point(self, *positions: list) -> values.Geometry:
        return _geometry("MultiPoint", list(positions))

    def multi_line_string(self, area: list) -> values.Geometry:
        return _geometry("MultiLineString", area)

    def multi_polygon(self, *areas: list) -> values.Geometry:
        return _geometry("MultiPolygon", list(areas))

    def collection(self, *parts: values.Geometry) -> values.Geometry:
        return values.Geometry({"type": "GeometryCollection", "geometries": [one.geometry for one in parts]})

    def area(self, *paths: list) -> list:
        return list(paths)

    def path(self, *positions: list) -> list:
        return list(positions)

    def position(self, x: float, y: float) -> list:
        return [x, y]

    def STRING(self, token: Token) -> str:
        return _QUOTES.sub("'", token[1:-1])

    def NUMBER(self, token: Token) -> int | float:
        return number(str(token))

    def BOOLEAN(self, token: Token) -> bool:
        return token.lower() == "true"


def liked(left: Any, pattern: Any) -> ast.Node:
    """LIKE with the wildcards of CQL2."""
    return ast.Like(left, pattern, nocase=False, wildcard="%", singlechar="_", escapechar="\\", not_=False)


def _geometry(kind: str, coordinates: list) -> values.Geometry:
    return values.Geometry({"type": kind, "coordinates": coordinates})


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=_Tree(), maybe_placeholders=False)
