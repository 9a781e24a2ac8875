"""Where the values of a property come from, so that an index serves wherever one could."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Expression, F, Model, QuerySet, Value
from django.db.models.constants import LOOKUP_SEP
from django.db.models.functions import NullIf
from django.db.models.lookups import In

from geodata.keys import is_code, unit_id, unit_key
from layers.cql2.conditions import Among, Comparison, Leaf, Literal, Operand, Property
from layers.cql2.properties import GEOMETRY, ID, UNITS, kind_of
from layers.layer import Field, Layer

NO_UNIT = -1


@dataclass(frozen=True)
class Ground:
    """What a condition is asked of: a layer, the source of each field at the moment of the question, and its lines.

    `lines` are the scope lines that the caller may see, None where the layer has none.
    """

    layer: Layer
    source: Callable[[Field], Expression]
    lines: QuerySet | None


def column(name: str, ground: Ground) -> Expression:
    """The values of a property: on the row, or on the scope line where it is one of lines. Empty texts are null."""
    if name == ID:
        return F("pk")
    if name in UNITS:
        return F(ground.layer.units.code_path(name))
    if name in GEOMETRY:
        return F("geom")
    item = field_of(name, ground.layer)
    source, layer = ground.source(item), ground.layer
    model = layer.lines.model if layer.lines and item.lines else layer.model
    empty = kind_of(layer, item) == "text" and _may_be_empty(source, model)
    return NullIf(source, Value("")) if empty else source


def _may_be_empty(source: Expression, model: type[Model]) -> bool:
    """Whether a text can be empty: not so that of a column which has to be filled, whose index serves as it stands."""
    column: Any = None
    for name in source.name.split(LOOKUP_SEP) if isinstance(source, F) else ():
        columns = {one.name: one for one in (column.related_model if column else model)._meta.get_fields()}
        column = columns.get(name)
        if column is None:
            return True
    return column is None or column.blank


def by_unit_key(leaf: Leaf, layer: Layer) -> Expression | None:
    """A test on codes of units as one on the keys that rows are indexed by; None for any other test.

    No unit has a code that is not as long as those of its level.
    """
    match leaf:
        case Comparison(left=Property(name=level, casei=False, accenti=False), sign="=", right=code):
            asked: tuple[Operand, ...] = (code,)
        case Among(left=Property(name=level, casei=False, accenti=False), choices=asked):
            pass
        case _:
            return None
    codes = [one.value for one in asked if isinstance(one, Literal) and not (one.casei or one.accenti)]
    if level not in UNITS or layer.units.by != "key" or len(codes) < len(asked):
        return None
    keys = [unit_id(unit_key(level, code)) for code in map(str, codes) if is_code(level, code)] or [NO_UNIT]
    return In(F(layer.units.key_path(level)), [Value(key) for key in keys])


def field_of(name: str, layer: Layer) -> Field:
    """The field, which was there when the condition was checked."""
    return next(item for item in layer.fields if item.name == name)


def has_many(name: str, layer: Layer) -> bool:
    """Whether a row has many units of this level: a province and its communes. Asked are those of one of them."""
    if name not in UNITS:
        return False
    relation = layer.model._meta.get_field(layer.units.code_path(name).partition("__")[0])
    return bool(relation.one_to_many)
