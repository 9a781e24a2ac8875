"""Relations of time (CQL2, after Allen), as comparisons of the ends of two spans of days."""

from datetime import date, datetime
from operator import eq, ge, gt, le, lt
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from pygeofilter import ast

from geodata.functions import Sign
from layers.cql2.calls import TimeIntersects, no_day
from layers.cql2.conditions import Always, AnyOf, Comparison, Literal, Operand, Property, Test, all_of

_COMPARE = {"<": lt, "<=": le, "=": eq, ">": gt, ">=": ge}
_TERMS: dict[type[ast.TemporalPredicate], tuple[str, ...]] = {
    ast.TimeAfter: ("start > end",),
    ast.TimeBefore: ("end < start",),
    ast.TimeBegins: ("start = start", "end < end"),
    ast.TimeBegunBy: ("start = start", "end > end"),
    ast.TimeContains: ("start < start", "end > end"),
    ast.TimeDisjoint: ("end < start", "start > end"),
    ast.TimeDuring: ("start > start", "end < end"),
    ast.TimeEndedBy: ("start < start", "end = end"),
    ast.TimeEnds: ("start > start", "end = end"),
    ast.TimeEquals: ("start = start", "end = end"),
    TimeIntersects: ("start <= end", "end >= start"),
    ast.TimeMeets: ("end = start",),
    ast.TimeMetBy: ("start = end",),
    ast.TimeOverlappedBy: ("start > start", "start < end", "end > end"),
    ast.TimeOverlaps: ("start < start", "end > start", "end < end"),
}
"""What must hold of an end of the first span and one of the second; of disjoint spans either may."""


class Span(NamedTuple):
    """From one day to another, both in it; None is an open end. An instant is a span of one day."""

    start: Operand | None
    end: Operand | None

    def is_reversed(self) -> bool:
        """Whether it ends, as far as the filter itself says, before it starts."""
        constant = not any(isinstance(one, Property) for one in self)
        return constant and _place(self, "start") > _place(self, "end")


def as_day(instant: date | datetime) -> date:
    """The day itself, or the one that a moment falls on here: what registers hold are days.

    Raises BadParameter for a moment whose day here is beyond the years 1 to 9999.
    """
    if not isinstance(instant, datetime):
        return instant
    try:
        return instant.astimezone(ZoneInfo(settings.TIME_ZONE)).date() if instant.tzinfo else instant.date()
    except OverflowError as error:
        raise no_day(instant.isoformat()) from error


def relation(kind: type[ast.TemporalPredicate], a: Span, b: Span) -> Test:
    """The test that span `a` stands to span `b` in this relation."""
    terms = [_term(a, b, *written.split()) for written in _TERMS[kind]]
    return AnyOf(tuple(terms)) if kind is ast.TimeDisjoint else all_of(*terms)


def _term(a: Span, b: Span, of_a: str, sign: str, of_b: str) -> Test:
    left, right = getattr(a, of_a), getattr(b, of_b)
    if left is not None and right is not None and any(isinstance(one, Property) for one in (left, right)):
        return Comparison(left, cast(Sign, sign), right)
    holds = bool(_COMPARE[sign](_place(a, of_a), _place(b, of_b)))
    asked = next((one for one in (left, right) if isinstance(one, Property)), None)
    # An open end is beyond every day, but not beyond a property without a value: that stays unknown.
    return Comparison(asked, "=" if holds else "<>", asked) if asked else Always(holds)


def _place(span: Span, side: str) -> tuple[int, Any]:
    """Where an end lies among all days: an open one before or after them all."""
    end = getattr(span, side)
    if end is None:
        return (0 if side == "start" else 2), date.min
    return 1, end.value if isinstance(end, Literal) else date.min
