"""What both encodings write as a name with arguments: literals of time and place, functions, predicates."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

from pygeofilter import ast, values
from pygeofilter.cql2 import SPATIAL_PREDICATES_MAP

from geodata.crs import Crs
from layers.cql2.refusals import refused
from layers.errors import BadParameter
from layers.numbers import read_number

OPEN_END = ".."
_WRITTEN = ("DATE('2026-01-31')", "TIMESTAMP('2026-01-31T12:00:00Z')")
_MOMENT = re.compile(r"[0-9-]{10}T[0-9:.]{8,18}(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII)
_Time = TypeVar("_Time", date, datetime)


@dataclass
class TimeIntersects(ast.TemporalPredicate):
    """T_INTERSECTS, which pygeofilter takes for T_OVERLAPS."""

    op: ClassVar[Any] = "INTERSECTS"


@dataclass
class Box(values.Envelope):
    """A box in a system of its own, in the order of that; the base's is in the system of the filter."""

    crs: Crs


TEMPORAL: dict[str, type[ast.TemporalPredicate]] = {
    "t_after": ast.TimeAfter,
    "t_before": ast.TimeBefore,
    "t_contains": ast.TimeContains,
    "t_disjoint": ast.TimeDisjoint,
    "t_during": ast.TimeDuring,
    "t_equals": ast.TimeEquals,
    "t_finishedby": ast.TimeEndedBy,
    "t_finishes": ast.TimeEnds,
    "t_intersects": TimeIntersects,
    "t_meets": ast.TimeMeets,
    "t_metby": ast.TimeMetBy,
    "t_overlappedby": ast.TimeOverlappedBy,
    "t_overlaps": ast.TimeOverlaps,
    "t_startedby": ast.TimeBegunBy,
    "t_starts": ast.TimeBegins,
}
FOLDS = ("casei", "accenti")
OFFERED = ", ".join(name.upper() for name in (*FOLDS, *SPATIAL_PREDICATES_MAP, *TEMPORAL))


def called(name: str, arguments: list[Any]) -> Any:
    """The node or value that `name(arguments)` stands for. Raises BadParameter for what is not offered."""
    known = name.lower()
    if known in _LITERALS:
        return _LITERALS[known](arguments)
    count = 1 if known in FOLDS else 2 if known in SPATIAL_PREDICATES_MAP or known in TEMPORAL else None
    if count is None:
        raise refused(
            "filter.function",
            f"Không có hàm “{name[:40]}”. Có: {OFFERED}.",
            f"There is no function “{name[:40]}”. There are: {OFFERED}.",
        )
    if len(arguments) != count:
        raise _miscounted(name, str(count))
    if known in FOLDS:
        return ast.Function(known, arguments)
    return (SPATIAL_PREDICATES_MAP.get(known) or TEMPORAL[known])(*arguments)


def number(text: str) -> int | float:
    """The number that a filter writes: whole where it is written so. Raises BadParameter."""
    read = read_number(text.removeprefix("+"), "filter")
    return int(text) if text.lstrip("+-").isdigit() else read


def day(text: Any) -> date:
    """The day of `YYYY-MM-DD`. Raises BadParameter."""
    return _instant(text, lambda said: date.fromisoformat(said) if len(said) == 10 else None)


def timestamp(text: Any) -> datetime:
    """The moment of RFC 3339 in UTC, `2026-01-31T12:00:00Z`. Raises BadParameter."""
    return _instant(text, lambda said: datetime.fromisoformat(said) if said[10:11] == "T" and said[-1] == "Z" else None)


def moment(text: Any) -> datetime:
    """The moment that xsd:dateTime writes, with its distance from UTC. Raises BadParameter."""
    return _instant(text, lambda said: datetime.fromisoformat(said) if _MOMENT.fullmatch(said) else None)


def instant(text: Any) -> date | datetime:
    """The day or the moment that `text` writes. Raises BadParameter."""
    return timestamp(text) if isinstance(text, str) and "T" in text else day(text)


def interval(ends: list[Any]) -> values.Interval:
    """The interval between two ends: texts of days or moments, `..`, or properties. Raises BadParameter."""
    if len(ends) != 2:
        raise _miscounted("INTERVAL", "2")
    return values.Interval(*(_end(end) for end in ends))


def box(numbers: list[Any]) -> values.Envelope:
    """The box west, south, east, north. Raises BadParameter."""
    if len(numbers) != 4 or not all(type(one) in (int, float) for one in numbers):
        raise _miscounted("BBOX", "4")
    west, south, east, north = numbers
    return values.Envelope(west, east, south, north)


def _end(end: Any) -> Any:
    if isinstance(end, ast.Attribute):
        return end
    return None if isinstance(end, str) and end == OPEN_END else instant(end)


def _instant(text: Any, read: Callable[[str], _Time | None]) -> _Time:
    try:
        found = read(text) if isinstance(text, str) and text.isascii() and "W" not in text else None
    except ValueError:
        found = None
    if found is None:
        raise no_day(text)
    return found


def no_day(text: Any) -> BadParameter:
    """The refusal of what is no day, or no moment of one."""
    return refused(
        "filter.date",
        f"“{str(text)[:40]}” không phải ngày có thật; viết {_WRITTEN[0]} hay {_WRITTEN[1]}.",
        f"“{str(text)[:40]}” is no real day; write {_WRITTEN[0]} or {_WRITTEN[1]}.",
    )


def _one(read: Callable[[Any], Any], name: str) -> Callable[[list[Any]], Any]:
    def reader(arguments: list[Any]) -> Any:
        if len(arguments) != 1:
            raise _miscounted(name, "1")
        return read(arguments[0])

    return reader


def _miscounted(name: str, count: str) -> BadParameter:
    return refused(
        "filter.arguments",
        f"{name.upper()[:40]} cần đúng {count} giá trị.",
        f"{name.upper()[:40]} takes exactly {count} value(s).",
    )


_LITERALS: dict[str, Callable[[list[Any]], Any]] = {
    "date": _one(day, "DATE"),
    "timestamp": _one(timestamp, "TIMESTAMP"),
    "interval": interval,
    "bbox": box,
}
