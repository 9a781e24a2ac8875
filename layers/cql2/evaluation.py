"""A condition as SQL: what it asks of a layer's rows, and what of one scope line.

Every test is a plain expression of SQL's three values: a property without a value is neither equal nor unequal to
anything, also under NOT. (Django's own lookups and pygeofilter's evaluator, which uses them, select such rows.)
An empty text is no value, as everywhere in what is sent out.
"""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import BooleanField, Expression, F, Q, Value
from django.db.models.lookups import In

from geodata.crs import WGS84
from geodata.functions import Given, Operation, SpatialRelation, WithoutAccents, WithoutCase
from layers.areas import ProjectedBox, inside_projected
from layers.cql2.columns import Ground, by_unit_key, column, field_of, has_many
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
from layers.layer import Layer


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
    """The test on a row of the layer, that of lines on its lines: those joined by AND on one and the same."""
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
            said_by = (field_of(one.name, ground.layer).said_by for one in properties_of(test))
            return reduce(and_, said_by, Q(_expression(test, ground)))


def _some_line(tests: list[Test], ground: Ground) -> Q:
    # Not EXISTS: denied, PostgreSQL would look the lines up place by place, forty times as long.
    lines = ground.lines.filter(_every(_line(test, ground) for test in tests))
    return Q(In(F("pk"), lines.values(ground.layer.lines.place)))


def _leaf_of_row(leaf: Leaf, ground: Ground) -> Q:
    match leaf:
        case Relation(name="intersects", left=Property(), right=Shape(box=ProjectedBox() as box)):
            return inside_projected(box)
        case Relation(name="intersects", left=Shape(box=ProjectedBox() as box), right=Property()):
            return inside_projected(box)
    if any(has_many(one.name, ground.layer) for one in properties_of(leaf)):
        some = ground.layer.model._default_manager.filter(Q(_expression(leaf, ground)))
        return Q(In(F("pk"), some.values("pk")))
    return Q(_expression(leaf, ground))


def _expression(leaf: Leaf, ground: Ground) -> Expression:
    by_key = by_unit_key(leaf, ground.layer)
    if by_key is not None:
        return by_key
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
    value = Value(operand.value) if isinstance(operand, Literal) else column(operand.name, ground)
    value = WithoutCase(value) if operand.casei else value
    return WithoutAccents(value) if operand.accenti else value


def _place(side: Property | Shape) -> Expression:
    if isinstance(side, Property):
        return F("geom")
    return Value(GEOSGeometry(side.wkt, srid=WGS84), output_field=GeometryField(srid=WGS84))


def _every(tests: Iterable[Q]) -> Q:
    return reduce(and_, tests, Q())
