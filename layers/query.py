"""The waist: what was asked (`FeatureQuery`) and the rows that answer it (`select`).

Every protocol parses its own request into a FeatureQuery and encodes the rows it gets back. None of them
knows SQL, and nothing here knows a protocol.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import or_
from types import MappingProxyType

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, Expression, F, OuterRef, Q, QuerySet

from geodata.keys import COMMUNE, PROVINCE, unit_id, unit_key
from layers.access import Access, User, access, connection_for
from layers.areas import BBox, Circle, ProjectedBox, inside_boxes, inside_circle, inside_projected
from layers.competence.asking import of_lines, reach
from layers.competence.reading import Competence
from layers.cql2.columns import Ground
from layers.cql2.conditions import Condition
from layers.cql2.evaluation import of_one_line, of_rows
from layers.errors import TooCostly
from layers.layer import Field, Layer, Moment, Source
from layers.registers.map_day import MapDay

# Without it each statement of a transaction sees what others committed meanwhile: a page and its count would differ.
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; "
_LIMIT = "SET LOCAL statement_timeout = %s"


@dataclass(frozen=True)
class DateRange:
    """Days from `first` to `last`, both included; None is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True)
class Competences:
    """Scope lines that can do one of these; `text` is how that was asked."""

    text: str
    any_of: tuple[Competence, ...]


Value = tuple[str, ...] | DateRange | Competences | bool


@dataclass(frozen=True)
class FeatureQuery:
    """What is asked of a layer. Conditions of different names hold together.

    `day` is the day of every status; `on` repeats it when the caller named it. `values` maps a filter's name
    to codes, a range of days, a flag, or what a scope line can do. `provinces` and `communes` are codes. `bboxes` are
    in degrees: two where a box crosses the antimeridian; `projected` is one of another system. `words` are search keys
    that must all occur. `condition` is what a filter in CQL2 or FES asks.
    """

    day: date
    on: date | None = None
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    provinces: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    bboxes: tuple[BBox, ...] = ()
    projected: ProjectedBox | None = None
    within: Circle | None = None
    words: tuple[str, ...] = ()
    condition: Condition | None = None

    def __hash__(self) -> int:
        asked = (self.day, self.on, tuple(self.values.items()), self.provinces, self.communes, self.bboxes)
        return hash((*asked, self.condition))

    @property
    def asks_codes_only(self) -> bool:
        """Whether units and codes are all that is asked: what is counted exactly at any size."""
        beyond = (self.on, self.bboxes, self.projected, self.within, self.words, self.condition)
        return not any(beyond) and all(isinstance(value, tuple) for value in self.values.values())

    def without(self, name: str) -> "FeatureQuery":
        """The same question with the filter `name` left out."""
        if name == "province":
            return replace(self, provinces=())
        if name == "commune":
            return replace(self, communes=())
        return replace(self, values={key: value for key, value in self.values.items() if key != name})

    def inside(self, *bboxes: BBox) -> "FeatureQuery":
        """The same question, asked of these boxes only."""
        return replace(self, bboxes=bboxes)


def map_day(using: str = "default") -> date:
    """The day the map stands on."""
    return MapDay.objects.using(using).values_list("day", flat=True).get()


def select(
    layer: Layer,
    query: FeatureQuery,
    user: User = None,
    *,
    fields: tuple[str, ...] | None = None,
    geometry: bool = False,
    rows: QuerySet | None = None,
) -> QuerySet:
    """The rows that answer `query` and that `user` may see: tuples `(id, <columns>, [geometry])`, unordered.

    The columns are those of `columns(layer, user, fields=fields)`, by default all that the caller may see;
    names that he may not see are left out as if they did not exist. Geometry is EPSG:4326 (lon, lat).
    `rows` is what `matching` gave, narrowed further by the caller.
    `user` None is the public. Raises what `access` raises.
    """
    gate = access(layer, user)
    shown = {f"f_{item.name}": _column(layer, item, query, gate) for item in columns(layer, user, fields=fields)}
    rows = (matching(layer, query, user) if rows is None else rows).annotate(**shown)
    return rows.values_list("pk", *shown, *(["geom"] if geometry else []))


def columns(layer: Layer, user: User = None, *, fields: tuple[str, ...] | None = None) -> tuple[Field, ...]:
    """The fields behind the columns that `select` gives after the id, in its order."""
    return tuple(item for item in access(layer, user).fields if fields is None or item.name in fields)


def matching(layer: Layer, query: FeatureQuery, user: User = None) -> QuerySet:
    """The model's rows that answer `query` and that `user` may see, unordered, each once."""
    rows = records(layer, query, user)
    if layer.lines:
        gate = access(layer, user)
        rows = rows.filter(Exists(matching_lines(layer, query, gate).filter(**{layer.lines.place: OuterRef("pk")})))
    return rows


def records(layer: Layer, query: FeatureQuery, user: User = None) -> QuerySet:
    """The rows that answer what `query` asks of the records themselves, unordered, each once.

    Nothing is asked of scope lines: of a layer that has any, records of others with the same model are among them.
    """
    gate = access(layer, user)
    rows = layer.model._default_manager.using(gate.using).filter(gate.rows, layer.rows(query.day))
    if layer.replay and query.on:
        rows = layer.replay(rows, query.on)
    rows = rows.filter(_shared(layer, query))
    for item in layer.filters:
        if not item.lines and item.name in query.values:
            rows = narrow(rows, item, layer, query)
    if query.condition:
        rows = rows.filter(of_rows(query.condition, _ground(layer, query, gate)))
    return rows.order_by()


def matching_lines(layer: Layer, query: FeatureQuery, gate: Access, *, leave_out: str = "") -> QuerySet:
    """The scope lines of a layer that meet all line conditions of `query` at once, but the one left out."""
    lines = _lines(layer, query, gate)
    for item in layer.filters:
        if item.lines and item.name in query.values and item.name != leave_out:
            lines = narrow(lines, item, layer, query)
    if query.condition:
        lines = lines.filter(of_one_line(query.condition, _ground(layer, query, gate)))
    return lines


def _lines(layer: Layer, query: FeatureQuery, gate: Access) -> QuerySet:
    return layer.lines.model._default_manager.using(gate.using).filter(layer.lines.rows(query.day), gate.lines)


def _ground(layer: Layer, query: FeatureQuery, gate: Access) -> Ground:
    lines = _lines(layer, query, gate) if layer.lines else None
    return Ground(layer, lambda item: expression(item.asked, layer, query), lines)


@contextmanager
def reading(user: User, limit: str) -> Iterator[None]:
    """One read-only snapshot under the time limit of a class of queries (`settings.QUERY_LIMITS_MS`).

    Inside another one the snapshot is the outer one's, and so is what it read before a limit struck; behind the block
    the outer limit holds again.
    Raises TooCostly when the database stops a query at the limit.
    """
    using = connection_for(user)
    inside = connections[using].in_atomic_block
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            before = _statement_timeout(cursor) if inside else ""
            cursor.execute(("" if inside else _SNAPSHOT) + _LIMIT, [settings.QUERY_LIMITS_MS[limit]])
            yield
            if before:
                cursor.execute(_LIMIT, [before])
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != "57014":  # query_canceled
            raise
        raise too_costly() from error


@contextmanager
def limited(user: User, limit: str) -> Iterator[None]:
    """Inside `reading`: its statements from here to the end of the block have the time limit of another class."""
    with connections[connection_for(user)].cursor() as cursor:
        before = _statement_timeout(cursor)
        cursor.execute(_LIMIT, [settings.QUERY_LIMITS_MS[limit]])
        yield
        cursor.execute(_LIMIT, [before])


def _statement_timeout(cursor: CursorWrapper) -> str:
    cursor.execute("SHOW statement_timeout")
    return str(cursor.fetchone()[0])


def too_costly() -> TooCostly:
    """The refusal of what takes longer than its class of queries may."""
    return TooCostly(
        "query.too_costly",
        "Câu hỏi này cần quá nhiều thời gian. Thu hẹp vùng hoặc bộ lọc.",
        "This question takes too long. Choose a smaller area or more filters.",
    )


def _column(layer: Layer, item: Field, query: FeatureQuery, gate: Access) -> Expression:
    if item.gathered:
        return _gathered(layer, item, query, gate)
    return expression(item.path, layer, query, lines=gate.lines)


def expression(path: Source, layer: Layer, query: FeatureQuery, *, lines: Q = Q()) -> Expression:
    """The expression of a field's source at the moment of the question."""
    replayed = bool(layer.replay and query.on)
    return path(Moment(query.day, replayed=replayed, lines=lines)) if callable(path) else F(path)


def _gathered(layer: Layer, item: Field, query: FeatureQuery, gate: Access) -> Expression:
    """A field of the scope lines: the sorted distinct values of all lines that the caller may see."""
    lines = layer.lines.model._default_manager.filter(layer.lines.rows(query.day), gate.lines, item.said_by)
    here = lines.filter(**{layer.lines.place: OuterRef("pk"), f"{item.asked}__isnull": False})
    return ArraySubquery(here.order_by(item.asked).values(item.asked).distinct())


def narrow(rows: QuerySet, item: Field, layer: Layer, query: FeatureQuery) -> QuerySet:
    """The rows (or scope lines) for which the value asked of this field holds."""
    value = query.values[item.name]
    if isinstance(value, Competences):
        return rows.alias(**reach()).filter(_any_of(map(of_lines, value.any_of)))
    rows = rows.alias(**{f"by_{item.name}": expression(item.asked, layer, query)})
    return rows.filter(item.said_by, _holds(f"by_{item.name}", value))


def _holds(name: str, value: Value) -> Q:
    if isinstance(value, DateRange):
        first = Q(**{f"{name}__gte": value.first}) if value.first else Q()
        last = Q(**{f"{name}__lte": value.last}) if value.last else Q()
        return first & last & Q(**{f"{name}__isnull": False})
    if isinstance(value, bool):
        return Q(**{name: value})
    return Q(**{f"{name}__in": value})


def _shared(layer: Layer, query: FeatureQuery) -> Q:
    """The conditions that every layer takes: units, boxes, circle, words."""
    held = _units(layer, query)
    if query.bboxes:
        held &= inside_boxes(query.bboxes)
    if query.projected:
        held &= inside_projected(query.projected)
    if query.within:
        held &= inside_circle(query.within)
    for word in dict.fromkeys(query.words):
        held &= _any_of(Q(**{f"{path}__contains": word}) for path in layer.search)
    return held


def _units(layer: Layer, query: FeatureQuery) -> Q:
    held = Q()
    for path, codes, family in (
        (layer.units.province, query.provinces, PROVINCE),
        (layer.units.commune, query.communes, COMMUNE),
    ):
        if codes and layer.units.by == "key":
            held &= Q(**{f"{path}__in": [unit_id(unit_key(family, code)) for code in codes]})
        elif codes:
            held &= Q(pk__in=layer.model._default_manager.filter(**{f"{path}__in": codes}).values("pk"))
    return held


def _any_of(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q())
