"""What a request asks of a collection: its parameters in, a question out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict

from geodata.crs import CRS84, Crs
from layers.access import User, connection_for
from layers.cursors import read_cursor
from layers.errors import BadParameter
from layers.filters import CQL2, SHARED, parse, read_codes, single_values
from layers.layer import Layer
from layers.numbers import read_integer
from layers.order import BY_ID, Order, Place, read_order
from layers.query import FeatureQuery, columns, map_day
from services.ogcapi.boxes import in_box
from services.ogcapi.conditions import LANGUAGE, SYSTEM, read_condition
from services.ogcapi.instants import read_instant
from services.ogcapi.systems import read_system

DEFAULT_LIMIT, MAX_LIMIT = 100, 10_000
# What this service takes beside the filters, and reads otherwise than the grammar of filters does.
OWN = ("f", "lang", "limit", "cursor", "sortby", "properties", "crs", "bbox-crs", "datetime", LANGUAGE, SYSTEM)
_READ_HERE = ("bbox", CQL2)


@dataclass(frozen=True)
class Asked:
    """A page of a collection: which rows, how many, behind which, in which order, with which fields, in which system.

    `fields` None are all that the caller may see.
    """

    layer: Layer
    user: User
    query: FeatureQuery
    limit: int
    after: Place | None
    order: Order
    fields: tuple[str, ...] | None
    crs: Crs

    @property
    def read(self) -> tuple[str, ...] | None:
        """The fields to read: those to give, and the one that orders."""
        if self.fields is None or self.order.field is None:
            return self.fields
        return (*self.fields, self.order.field.name)


def read_asked(layer: Layer, parameters: QueryDict, user: User, *, most: int = MAX_LIMIT) -> Asked:
    """The page that the parameters ask for. Raises BadParameter, Gone for a cursor that is too old."""
    known = {*SHARED, CQL2, *(item.name for item in layer.filters), *OWN}
    values = single_values(parameters, known=known)
    query = _read_query(layer, parameters, values, user)
    order = read_order(values["sortby"], layer, user) if "sortby" in values else BY_ID
    return Asked(
        layer=layer,
        user=user,
        query=query,
        limit=read_integer(values.get("limit", str(DEFAULT_LIMIT)), "limit", least=1, most=most, cut=True),
        after=read_cursor(values["cursor"], layer, query, user, order) if "cursor" in values else None,
        order=order,
        fields=_read_fields(values["properties"], layer, user) if "properties" in values else None,
        crs=read_system(values["crs"], "crs") if "crs" in values else CRS84,
    )


def read_moment(layer: Layer, parameters: QueryDict, user: User) -> tuple[FeatureQuery, Crs]:
    """The question that one record's address asks, without conditions, and the system of its coordinates."""
    values = single_values(parameters, known={"f", "lang", "crs", "on", "datetime"})
    query = _read_query(layer, parameters, values, user)
    return query, read_system(values["crs"], "crs") if "crs" in values else CRS84


def _read_query(layer: Layer, parameters: QueryDict, values: Mapping[str, str], user: User) -> FeatureQuery:
    plain = parameters.copy()
    for name in _READ_HERE:
        plain.pop(name, None)
    today = map_day(connection_for(user))
    if "datetime" in values:
        _put_day(layer, plain, values, today)
    query = parse(layer, plain, user, also=OWN, today=today)
    crs = read_system(values["bbox-crs"], "bbox-crs") if "bbox-crs" in values else CRS84
    query = replace(query, condition=read_condition(values, layer, user))
    return in_box(query, values["bbox"], crs) if "bbox" in values else query


def _put_day(layer: Layer, plain: QueryDict, values: Mapping[str, str], today: date) -> None:
    """The day that `datetime` means as the filter `on`; today's state needs none."""
    if "on" in values:
        raise BadParameter(
            "datetime.twice",
            "Dùng datetime hoặc on, không dùng cả hai.",
            "Use datetime or on, not both.",
            parameter="on",
        )
    day = read_instant(values["datetime"], today)
    if day == today:
        return
    if not layer.dated:
        raise BadParameter(
            "datetime.unavailable",
            f"Lớp này chỉ có số liệu của ngày {today}.",
            f"This layer has figures of {today} only.",
            parameter="datetime",
        )
    plain["on"] = day.isoformat()


def _read_fields(text: str, layer: Layer, user: User) -> tuple[str, ...]:
    """The fields that are named, in the layer's order; those that the caller may not see do not exist."""
    known = [item.name for item in columns(layer, user)]
    if len(text.split(",")) != len(set(text.split(","))):
        raise BadParameter(
            "properties.repeated",
            "properties nêu một trường hai lần.",
            "properties names a field twice.",
            parameter="properties",
        )
    named = read_codes(text, "properties", set(known))
    return tuple(name for name in known if name in named)
