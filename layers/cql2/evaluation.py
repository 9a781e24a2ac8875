"""A condition as SQL: what it asks of a layer's rows, and what of one scope line.

Every test is a plain expression of SQL's three values: a property without a value is neither equal nor unequal to
anything, also under NOT. (Django's own lookups and pygeofilter's evaluator, which uses them, select such rows.)
An empty text is no value, as everywhere in what is sent out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import BooleanField, Exists, Expression, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import NullIf
from django.db.models.lookups import In

from geodata.crs import WGS84
from geodata.functions import Given, Operation, SpatialRelation, WithoutAccents, WithoutCase
from layers.cql2.conditions import (
    All,
    Always,
    Among,
    AnyOf,
    Comparison,
    Condition,
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
    properties_of,
)
from layers.cql2.properties import GEOMETRY, ID, UNITS, kind_of
from layers.layer import Field, Layer


@dataclass(frozen=True)
class Ground:
    """What a condition is asked of: a layer, the source of each field at the moment of the question, and its lines.

    `lines` are the scope lines that the caller may see, None where the layer has none.
    """

    layer: Layer
    source: Callable[[Field], Expression]
    lines: QuerySet | None


def of_rows(condition: Condition, ground: Ground) -> Q:
    """What the condition asks of the rows themselves, beside `of_one_line`."""
    return _every(_row(part, ground) for part in condition.conjuncts if not _is_of_line(part, ground.layer))


def of_one_line(condition: Condition, ground: Ground) -> Q:
    """What the condition asks of one scope line, together with all else that is asked of that line."""
    return _every(_line(part, ground) for part in condition.conjuncts if _is_of_line(part, ground.layer))


def _is_of_line(test: Test, layer: Layer) -> bool:
    """Whether the test can be made on one scope line: it asks of lines only, and denies nothing."""
    match test:
        case All(parts=parts) | AnyOf(parts=parts):
            return all(_is_of_line(part, layer) for part in parts)
        case Not() | Always():
            return False
        case _:
            fields = (layer.field(one.name) for one in properties_of(test))
            return any(field is not None and field.lines for field in fields)


def _row(test: Test, ground: Ground) -> Q:
    """The test on a row of the layer: lines are asked for by EXISTS, those joined by AND for one line."""
    if _is_of_line(test, ground.layer):
        return _some_line([test], ground)
    match test:
        case All(parts=parts):
            lines = [part for part in parts if _is_of_line(part, ground.layer)]
            rows = _every(_row(part, ground) for part in parts if part not in lines)
            return rows & _some_line(lines, ground) if lines else rows
        case AnyOf(parts=parts):
            return reduce(or_, (_row(part, ground) for part in parts))
        case Not(part=part):
            return ~_row(part, ground)
        case Always(holds=holds):
            return Q(Value(holds, output_field=BooleanField()))
        case _:
            return _leaf_of_row(test, ground)


def _line(test: Test, ground: Ground) -> Q:
    """The test on a scope line."""
    match test:
        case All(parts=parts):
            return _every(_line(part, ground) for part in parts)
        case AnyOf(parts=parts):
            return reduce(or_, (_line(part, ground) for part in parts))
        case Not() | Always():
            raise TypeError(f"{test} is no test of one line")
        case _:
            said_by = (_field(one.name, ground.layer).said_by for one in properties_of(test))
            return reduce(and_, said_by, Q(_expression(test, ground)))


def _some_line(tests: list[Test], ground: Ground) -> Q:
    lines = ground.lines.filter(_every(_line(test, ground) for test in tests))
    return Q(Exists(lines.filter(**{ground.layer.lines.place: OuterRef("pk")})))


def _leaf_of_row(leaf: Leaf, ground: Ground) -> Q:
    if any(_has_many(one.name, ground.layer) for one in properties_of(leaf)):
        some = ground.layer.model._default_manager.filter(Q(_expression(leaf, ground)))
        return Q(In(F("pk"), some.values("pk")))
    return Q(_expression(leaf, ground))


def _has_many(name: str, layer: Layer) -> bool:
    """Whether a row has many units of this level: a province and its communes. Asked are those of one of them."""
    if name not in UNITS:
        return False
    relation = layer.model._meta.get_field(layer.units.code_path(name).partition("__")[0])
    return bool(relation.one_to_many)


def _expression(leaf: Leaf, ground: Ground) -> Expression:
    match leaf:
        case Comparison(left=left, sign=sign, right=right):
            return Operation(sign, _value(left, ground), _value(right, ground))
        case Like(left=left, pattern=pattern):
            return Operation("LIKE", _value(left, ground), _value(pattern, ground))
        case Among(left=left, choices=choices):
            return In(_value(left, ground), [_value(one, ground) for one in choices])
        case HasValue(property=found):
            return Given(_value(found, ground))
        case Relation(name=name, left=left, right=right):
            return SpatialRelation(name, _place(left), _place(right))


def _value(operand: Operand, ground: Ground) -> Expression:
    value = Value(operand.value) if isinstance(operand, Literal) else _column(operand.name, ground)
    value = WithoutCase(value) if operand.casei else value
    return WithoutAccents(value) if operand.accenti else value


def _column(name: str, ground: Ground) -> Expression:
    if name == ID:
        return F("pk")
    if name in UNITS:
        return F(ground.layer.units.code_path(name))
    if name in GEOMETRY:
        return F("geom")
    item = _field(name, ground.layer)
    source = ground.source(item)
    return NullIf(source, Value("")) if kind_of(ground.layer, item) == "text" else source


def _field(name: str, layer: Layer) -> Field:
    """The field, which was there when the condition was checked."""
    return next(item for item in layer.fields if item.name == name)


def _place(side: Property | Shape) -> Expression:
    if isinstance(side, Property):
        return F("geom")
    return Value(GEOSGeometry(side.wkt, srid=WGS84), output_field=GeometryField(srid=WGS84))


def _every(tests: Iterable[Q]) -> Q:
    return reduce(and_, tests, Q())
