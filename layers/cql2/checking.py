"""From pygeofilter's tree to a condition: names are looked up, types and values checked, nothing is executed.

Whoever makes the tree (CQL2 text or JSON here, FES of WFS elsewhere), this is the one gate that it passes.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
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
from layers.cql2.geometries import box, check_positions, positions, shape
from layers.cql2.limits import MAX_DEPTH, MAX_MEMBERS, MAX_VALUES, MAX_WILDCARDS, too_complex
from layers.cql2.properties import Kind, Known
from layers.cql2.refusals import ill_typed, refused
from layers.cql2.times import Span, as_day, relation
from layers.cql2.untyped import typed_as
from layers.errors import BadParameter

_TESTS = (Always, Not, All, AnyOf, Comparison, Like, Among, HasValue, Relation)
_WRITTEN = {
    "text": "'Hà Nội'",
    "number": "12.5",
    "date": "DATE('2026-01-31')",
    "boolean": "TRUE",
    "geometry": "POINT(105.85 21.03)",
}


def check(tree: Any, known: Mapping[str, Known], crs: Crs, *, untyped: bool = False) -> Test:
    """What the tree asks of a layer with these properties. Raises BadParameter for all that means nothing there.

    Geometries are in `crs`. With `untyped`, texts are read as what they are compared with.
    """
    _measure(tree)
    checker = _Checker(known, crs, untyped=untyped)
    return checker.test(checker.evaluate(tree))


def _measure(tree: Any) -> None:
    """Counts what the tree holds, without a stack: how deep it is matters to all that walk it afterwards."""
    left, members, places = [(tree, 1)], 0, 0
    while left:
        node, depth = left.pop()
        members += 1
        if isinstance(node, values.Geometry):
            places += positions(node.geometry)
            check_positions(places)
        if depth > MAX_DEPTH:
            raise too_complex(f"lồng nhau nhiều nhất {MAX_DEPTH} lớp", f"operators {MAX_DEPTH} deep at most")
        if members > MAX_MEMBERS:
            raise too_complex(f"nhiều nhất {MAX_MEMBERS} thành phần", f"{MAX_MEMBERS} members at most")
        left += [(one, depth + (type(one) is not type(node) or not _joins(one))) for one in _inside(node)]


def _joins(node: Any) -> bool:
    return isinstance(node, ast.Combination)


def _inside(node: Any) -> list[Any]:
    if isinstance(node, list | tuple):
        return list(node)
    return list(node.get_sub_nodes() or ()) if hasattr(node, "get_sub_nodes") else []


def _terms(node: ast.Combination) -> Iterator[Any]:
    """What one operator joins, in its order, however the pairs are nested."""
    left: list[Any] = [node]
    while left:
        one = left.pop()
        if type(one) is type(node):
            left += [one.rhs, one.lhs]
        else:
            yield one


class _Checker(Evaluator):
    """Each handler gets a node and what its inner nodes became: operands, shapes, spans of time, or tests."""

    def __init__(self, known: Mapping[str, Known], crs: Crs, *, untyped: bool) -> None:
        self.known, self.crs, self.untyped = known, crs, untyped

    def evaluate(self, node: Any, adopt_result: bool = True) -> Any:
        """As the base does, but a chain of ANDs or ORs costs no stack."""
        if not isinstance(node, ast.Combination):
            return super().evaluate(node, adopt_result)
        parts = [self.test(self.evaluate(term)) for term in _terms(node)]
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
        said = _pattern(pattern.value, node)
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
            raise _unknown(str(node.name), self.known)
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
        return kind_of(found.value) if isinstance(found, Literal) else None

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
                raise _unlike(found, kind)
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


def kind_of(value: object) -> Kind:
    """The kind of a literal."""
    if isinstance(value, bool):
        return "boolean"
    return "text" if isinstance(value, str) else "date" if isinstance(value, date) else "number"


def related(name: str, left: Property | Shape, right: Property | Shape) -> Test:
    """The spatial relation. Raises BadParameter for a collection of unlike geometries where none is defined."""
    if name == "disjoint":
        return Not(Relation("intersects", left, right))
    shapes = [one for one in (left, right) if isinstance(one, Shape)]
    if name != "intersects" and any(one.wkt.startswith("GEOMETRYCOLLECTION") for one in shapes):
        raise refused(
            "filter.geometry",
            "GEOMETRYCOLLECTION chỉ dùng với S_INTERSECTS và S_DISJOINT.",
            "GEOMETRYCOLLECTION is for S_INTERSECTS and S_DISJOINT only.",
        )
    return Relation(name, left, right)


def _pattern(said: str, node: ast.Like) -> str:
    """The pattern with the wildcards of CQL2. Raises BadParameter for one too costly or cut off."""
    marks = (node.wildcard, node.singlechar, node.escapechar)
    if len({*marks}) < 3 or not all(isinstance(mark, str) and len(mark) == 1 for mark in marks):
        raise refused("filter.like", "LIKE cần ba dấu khác nhau.", "LIKE needs three different marks.")
    written, wildcards, letters = [], 0, iter(said)
    for letter in letters:
        if letter == node.escapechar:
            following = next(letters, None)
            if following is None:
                raise refused("filter.like", "Mẫu LIKE kết thúc bằng dấu \\.", "The LIKE pattern ends with \\.")
            written.append(_escaped(following))
        elif letter in (node.wildcard, node.singlechar):
            wildcards += 1
            written.append("%" if letter == node.wildcard else "_")
        else:
            written.append(_escaped(letter))
    if wildcards > MAX_WILDCARDS:
        raise too_complex(f"nhiều nhất {MAX_WILDCARDS} dấu % _", f"{MAX_WILDCARDS} wildcards in a LIKE at most")
    return "".join(written)


def _escaped(letter: str) -> str:
    return f"\\{letter}" if letter in "%_\\" else letter


def _unlike(found: Iterable[Any], kind: Kind | None) -> BadParameter:
    names = ", ".join(one.name for one in found if isinstance(one, Property))
    if not names or kind in (None, "geometry"):
        return ill_typed("Bộ lọc so hai giá trị khác kiểu.", "The filter compares values of different types.")
    written = _WRITTEN[kind or "text"]
    return ill_typed(
        f"{names} chỉ so được với giá trị cùng kiểu, viết như {written}.",
        f"{names} is compared with values of its own type, written like {written}.",
    )


def _unknown(name: str, known: Mapping[str, Known]) -> BadParameter:
    listed = ", ".join(sorted(known))
    return refused(
        "filter.property",
        f"Không có thuộc tính “{name[:40]}”. Có: {listed}.",
        f"There is no property “{name[:40]}”. There are: {listed}.",
    )
