"""From pygeofilter's tree to a condition: names are looked up, types and values checked, nothing is executed.

Whoever makes the tree (CQL2 text or JSON here, FES of WFS elsewhere), this is the one gate that it passes.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pygeofilter import ast, values
from pygeofilter.backends.evaluator import Evaluator, handle

from geodata.crs import Crs
from layers.cql2.calls import FOLDS, OFFERED, Box, TimeIntersects
from layers.cql2.conditions import (
    All,
    Always,
    Among,
    AnyOf,
    Comparison,
    HasValue,
    Leaf,
    Like,
    Literal,
    Not,
    Operand,
    Property,
    Relation,
    Shape,
    Test,
    all_of,
    negated,
    properties_of,
)
from layers.cql2.geometries import box, related, shape
from layers.cql2.limits import MAX_VALUES, too_complex
from layers.cql2.measuring import measure, terms
from layers.cql2.patterns import pattern_of
from layers.cql2.properties import Kind, Known, kind_of_value
from layers.cql2.refusals import ill_typed, refused, unknown, unlike
from layers.cql2.times import Span, as_day, relation
from layers.cql2.untyped import typed_as

_TESTS = (Always, Not, All, AnyOf, Comparison, Like, Among, HasValue, Relation)


def check(tree: Any, known: Mapping[str, Known], crs: Crs, *, untyped: bool = False) -> Test:
    """What the tree asks of a layer with these properties. Raises BadParameter for all that means nothing there.

    Geometries are in `crs`. With `untyped`, texts are read as what they are compared with.
    """
    measure(tree)
    checker = _Checker(known, crs, untyped=untyped)
    return checker.test(checker.evaluate(tree))


class _Checker(Evaluator):
    """Each handler gets a node and what its inner nodes became: operands, shapes, spans of time, or tests."""

    def __init__(self, known: Mapping[str, Known], crs: Crs, *, untyped: bool) -> None:
        self.known, self.crs, self.untyped = known, crs, untyped

    def evaluate(self, node: Any, adopt_result: bool = True) -> Any:
        """As the base does, but a chain of ANDs or ORs costs no stack."""
        if not isinstance(node, ast.Combination):
            return super().evaluate(node, adopt_result)
        parts = [self.test(self.evaluate(term)) for term in terms(node)]
        return all_of(*parts) if isinstance(node, ast.And) else AnyOf(tuple(parts))

    def adopt(self, node: Any, *inner: Any) -> Any:
        raise refused("filter.unsupported", "Bộ lọc có phép toán không dùng ở đây.", "An operator is not offered here.")

    def test(self, found: Any) -> Test:
        """A condition; TRUE and FALSE are conditions too."""
        if isinstance(found, Literal) and isinstance(found.value, bool):
            return Always(found.value)
        if not isinstance(found, _TESTS):
            raise ill_typed(
                "Bộ lọc cần một điều kiện, ví dụ name = 'A', ở nơi chỉ có giá trị.",
                "A condition such as name = 'A' is needed where there is a mere value.",
            )
        return found

    @handle(ast.Not)
    def not_(self, node: ast.Not, part: Any) -> Test:
        return negated(self.test(part))

    @handle(ast.Comparison, subclasses=True)
    def comparison(self, node: ast.Comparison, left: Any, right: Any) -> Test:
        left, right = self.alike(left, right)
        sign = node.op.value
        if self.kind(left) == "boolean" and sign not in ("=", "<>"):
            raise ill_typed(f"Đúng, sai không so bằng {sign}.", f"True and false are not compared by {sign}.")
        return self.leaf(Comparison(left, sign, right))

    @handle(ast.Between)
    def between(self, node: ast.Between, value: Any, low: Any, high: Any) -> Test:
        value, low, high = self.alike(value, low, high)
        if self.kind(value) == "boolean":
            raise ill_typed("BETWEEN không dùng cho đúng, sai.", "BETWEEN is not for true and false.")
        inside = all_of(self.leaf(Comparison(value, ">=", low)), self.leaf(Comparison(value, "<=", high)))
        return negated(inside) if node.not_ else inside

    @handle(ast.Like)
    def like(self, node: ast.Like, value: Any, *_: Any) -> Test:
        pattern = self.evaluate(node.pattern) if isinstance(node.pattern, ast.Node) else self.literal(node.pattern)
        if self.kind(value) != "text" or not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
            raise ill_typed("LIKE so một chuỗi với một mẫu.", "LIKE compares a text with a pattern.")
        said = pattern_of(pattern.value, node)
        casei = pattern.casei or node.nocase
        value = Property(value.name, casei, value.accenti) if node.nocase and isinstance(value, Property) else value
        meets = self.leaf(Like(value, Literal(said, casei, pattern.accenti)))
        return negated(meets) if node.not_ else meets

    @handle(ast.In)
    def among(self, node: ast.In, value: Any, *choices: Any) -> Test:
        if not choices or len(choices) > MAX_VALUES:
            raise too_complex(f"IN nhận 1 đến {MAX_VALUES} giá trị", f"IN takes 1 to {MAX_VALUES} values")
        value, *alike = self.alike(value, *choices)
        found = self.leaf(Among(value, tuple(alike)))
        return negated(found) if node.not_ else found

    @handle(ast.IsNull)
    def null(self, node: ast.IsNull, value: Any) -> Test:
        if not isinstance(value, Property):
            raise ill_typed("IS NULL hỏi một thuộc tính.", "IS NULL asks a property.")
        return HasValue(value) if node.not_ else Not(HasValue(value))

    @handle(ast.TemporalPredicate, subclasses=True)
    def temporal(self, node: ast.TemporalPredicate, left: Any, right: Any) -> Test:
        return self.each(relation(type(node), self.span(left), self.span(right)))

    @handle(TimeIntersects)
    def intersects(self, node: TimeIntersects, left: Any, right: Any) -> Test:
        return self.temporal(node, left, right)

    @handle(ast.SpatialComparisonPredicate, subclasses=True)
    def spatial(self, node: ast.SpatialComparisonPredicate, left: Any, right: Any) -> Test:
        if not all(self.is_place(one) for one in (left, right)) or not isinstance(left, Property | Shape):
            raise ill_typed(f"S_{node.op.name} cần geom và một hình.", f"S_{node.op.name} takes geom and a geometry.")
        return related(node.op.name.lower(), left, right)

    @handle(ast.BBox)
    def bbox(self, node: ast.BBox, value: Any) -> Test:
        if not self.is_place(value):
            raise ill_typed("BBOX cần geom.", "BBOX takes geom.")
        return Relation("intersects", value, box(node.minx, node.miny, node.maxx, node.maxy, self.crs))

    @handle(ast.Function)
    def function(self, node: ast.Function, *arguments: Any) -> Operand:
        if node.name not in FOLDS or len(arguments) != 1:
            raise refused(
                "filter.function",
                f"Không có hàm “{str(node.name)[:40]}”. Có: {OFFERED}.",
                f"There is no function “{str(node.name)[:40]}”. There are: {OFFERED}.",
            )
        (value,) = arguments
        if self.kind(value) != "text":
            raise ill_typed(f"{node.name.upper()} dùng cho chuỗi.", f"{node.name.upper()} is for texts.")
        folds = {"casei": value.casei, "accenti": value.accenti, node.name: True}
        return Property(value.name, **folds) if isinstance(value, Property) else Literal(value.value, **folds)

    @handle(ast.Attribute)
    def attribute(self, node: ast.Attribute) -> Property:
        if node.name not in self.known:
            raise unknown(str(node.name), self.known)
        return Property(node.name)

    @handle(str, int, float, bool, date, datetime)
    def literal(self, node: Any) -> Literal:
        if isinstance(node, date):
            return Literal(as_day(node))
        return Literal(unicodedata.normalize("NFC", node) if isinstance(node, str) else node)

    @handle(type(None))
    def open_end(self, node: None) -> None:
        return None

    @handle(values.Interval)
    def interval(self, node: values.Interval, start: Any, end: Any) -> Span:
        return self.span(Span(start, end))

    @handle(values.Geometry)
    def geometry(self, node: values.Geometry) -> Shape:
        return shape(node.geometry, self.crs)

    @handle(values.Envelope)
    def envelope(self, node: values.Envelope) -> Shape:
        return box(node.x1, node.y1, node.x2, node.y2, self.crs)

    @handle(Box)
    def box(self, node: Box) -> Shape:
        return box(node.x1, node.y1, node.x2, node.y2, node.crs)

    def kind(self, found: Any) -> Kind | None:
        """What the values of an operand are; None for what is no operand."""
        if isinstance(found, Property):
            return self.known[found.name].kind
        return kind_of_value(found.value) if isinstance(found, Literal) else None

    def is_place(self, found: Any) -> bool:
        return isinstance(found, Shape) or self.kind(found) == "geometry"

    def alike(self, *found: Any) -> tuple[Any, ...]:
        """The operands, all of one kind that can be compared. Raises BadParameter."""
        kind = next((self.kind(one) for one in found if isinstance(one, Property)), None)
        if self.untyped and kind is not None:
            found = tuple(typed_as(kind, one) for one in found)
        kind = kind or self.kind(found[0])
        for one in found:
            if self.kind(one) != kind or kind in (None, "geometry"):
                raise unlike(found, kind)
        return found

    def span(self, found: Any) -> Span:
        """A span of time: a day is one of its own. Raises BadParameter for anything else, and for one reversed."""
        span = found if isinstance(found, Span) else Span(found, found)
        if self.untyped:
            span = Span(typed_as("date", span.start), typed_as("date", span.end))
        if not all(self.kind(end) == "date" or (end is None and found is span) for end in span):
            raise ill_typed("Hàm T_… so ngày và khoảng ngày.", "Functions T_… compare days and intervals of days.")
        if span.is_reversed():
            raise refused("filter.date", "Khoảng ngày bị đảo ngược.", "An interval ends before it starts.")
        return span

    def each(self, test: Test) -> Test:
        """The test, with every leaf in it checked."""
        match test:
            case All(parts=parts):
                return all_of(*map(self.each, parts))
            case AnyOf(parts=parts):
                return AnyOf(tuple(map(self.each, parts)))
            case Always() | Not():
                return test
            case _:
                return self.leaf(test)

    def leaf(self, leaf: Leaf) -> Leaf:
        """The test, whose properties are all of the row or all of its scope lines. Raises BadParameter."""
        if len({self.known[one.name].lines for one in properties_of(leaf)}) > 1:
            raise ill_typed(
                "Không so thuộc tính của địa điểm với thuộc tính của dòng phạm vi.",
                "A property of the place cannot be compared with one of its scope lines.",
            )
        return leaf
