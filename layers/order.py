"""The order of an answer's rows, and the rows behind a place in it: keyset paging, at any depth alike."""

from dataclasses import dataclass

from django.db.models import Expression, F, QuerySet
from django.db.models.functions import Collate

from geodata.functions import Behind
from geodata.language import ALPHABET, both
from layers.access import User, access
from layers.cql2.properties import kind_of
from layers.errors import BadParameter
from layers.layer import Field, Layer
from layers.query import FeatureQuery, columns, expression, matching
from layers.walks import by_id


@dataclass(frozen=True)
class Order:
    """By the values of a field and, where they are equal, by id; by id alone without a field.

    Rows without a value stand last in both directions. `text` is how it was asked for.
    """

    text: str = ""
    field: Field | None = None
    descending: bool = False


BY_ID = Order()


@dataclass(frozen=True)
class Place:
    """A row of an order by its id and, where a field orders, its value of that (None: it has none)."""

    id: int
    value: str | int | float | None = None


def sortable(layer: Layer, user: User = None) -> tuple[Field, ...]:
    """The fields that the caller may see and rows can be ordered by."""
    return tuple(item for item in columns(layer, user) if item.sort)


def read_order(text: str, layer: Layer, user: User = None, *, parameter: str = "sortby") -> Order:
    """The order that a field's name asks for, `-` before it: from the last to the first. Raises BadParameter.

    `+` may stand before it, too; in an address it is often read as a blank.
    """
    name = text[1:] if text[:1] in ("-", "+", " ") else text
    fields = {item.name: item for item in sortable(layer, user)}
    if name not in fields:
        known = ", ".join(fields)
        told = both(
            f"{parameter} nhận một trong các trường: {known}; đặt “-” phía trước để xếp ngược.",
            f"{parameter} takes one of the fields {known}, with “-” before it for the reverse.",
        )
        raise BadParameter(f"{parameter}.unknown", told.vi, told.en, parameter=parameter)
    descending = text.startswith("-")
    return Order(f"-{name}" if descending else name, fields[name], descending)


def ordering(item: Field, layer: Layer, query: FeatureQuery, user: User) -> Expression | F:
    """What rows are ordered by where a field orders them: texts stand by the Vietnamese alphabet."""
    value = expression(item.path, layer, query, lines=access(layer, user).lines)
    return Collate(value, ALPHABET) if kind_of(layer, item) == "text" else value


def parts_behind(
    place: Place | None, order: Order, *, layer: Layer, query: FeatureQuery, user: User, most: int
) -> tuple[QuerySet, ...]:
    """The rows that answer behind a place (None: all) in their order, in parts to be read one after the other: `most`
    of each.

    Where a field orders, rows with a value are a part of their own, and an index on field and id serves each part.
    """
    if order.field is None:
        return (by_id(layer, query, user, behind=place.id if place else None, most=most),)
    return tuple(part[:most] for part in _by_field(order.field, place, order, layer=layer, query=query, user=user))


def _by_field(
    item: Field, place: Place | None, order: Order, *, layer: Layer, query: FeatureQuery, user: User
) -> tuple[QuerySet, ...]:
    value = ordering(item, layer, query, user)
    rows = matching(layer, query, user).alias(order_value=value)
    keys = ("-order_value", "-pk") if order.descending else ("order_value", "pk")
    some = rows.filter(order_value__isnull=False).order_by(*keys)
    none = rows.filter(order_value__isnull=True).order_by(*keys)
    if place is None:
        return some, none
    if place.value is None:
        return (none.filter(**{"pk__lt" if order.descending else "pk__gt": place.id}),)
    return some.filter(_behind(value, place, order)), none


def _behind(value: Expression | F, place: Place, order: Order) -> Behind:
    return Behind(value, F("pk"), values=(place.value, place.id), descending=order.descending)
