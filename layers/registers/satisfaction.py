"""How satisfied people are, by province and month: sums alone, none of them of fewer than five votes (domain, 8.2).

Reports and votes are private tables; only what is summed here leaves them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from layers.registers.tickets import SATISFIED_FROM, Ticket, Vote

LEAST_VOTES = 5
MONTHS = 12
_DAY_S = 86400


@dataclass(frozen=True)
class Sums:
    """What is counted: votes, the good ones among them, and of reports those handled and the days that it took."""

    votes: int = 0
    good: int = 0
    handled: int = 0
    days: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, item.name) + getattr(other, item.name) for item in fields(self)))


@dataclass(frozen=True)
class Cell:
    """The sums of one province (its unit's id; None where it is not known) and one month (its first day)."""

    month: date
    province: int | None
    sums: Sums


@dataclass(frozen=True)
class Row:
    """What may be told: a cell, or several put together; the months from `first` to `last`, the provinces' ids."""

    first: date
    last: date
    provinces: tuple[int | None, ...]
    sums: Sums


@transaction.atomic
def of_reports() -> list[Row]:
    """Votes on handled reports and the time it took, of the last MONTHS months by the month of handling."""
    took = ExpressionWrapper(F("closed_at") - F("received_at"), output_field=DurationField())
    _limit_time()
    rows = Ticket.objects.filter(state="handled", closed_at__gte=_since()).annotate(month=TruncMonth("closed_at"))
    sums = rows.values("month", "province").annotate(
        votes=Count("vote"),
        good=Count("vote", filter=Q(vote__score__gte=SATISFIED_FROM)),
        handled=Count("pk"),
        took=Sum(took),
    )
    cells = (
        Cell(
            _day(row),
            row["province"],
            Sums(row["votes"], row["good"], row["handled"], row["took"].total_seconds() / _DAY_S),
        )
        for row in sums
    )
    return merged(cells)


@transaction.atomic
def of_records() -> list[Row]:
    """Votes on whether the page of a record was useful, of the last MONTHS months; never summed with the others."""
    _limit_time()
    rows = Vote.objects.filter(useful__isnull=False, voted_at__gte=_since()).annotate(month=TruncMonth("voted_at"))
    sums = rows.values("month", "province").annotate(votes=Count("pk"), good=Count("pk", filter=Q(useful=True)))
    return merged(Cell(_day(row), row["province"], Sums(row["votes"], row["good"])) for row in sums)


def merged(cells: Iterable[Cell], *, least: int = LEAST_VOTES) -> list[Row]:
    """Rows of at least `least` votes each that hold every cell once; newest first, put-together ones behind the others.

    Months too thin are put to the next one (the newest to the one before), then provinces too thin together.
    Empty where there are fewer votes in all.
    """
    periods = _periods(sorted(cells, key=attrgetter("month")), least)
    return [row for period in reversed(periods) for row in _rows(period, least)]


def _periods(cells: list[Cell], least: int) -> list[list[Cell]]:
    """The cells by runs of months that have enough votes, oldest first."""
    periods: list[list[Cell]] = []
    waiting: list[Cell] = []
    for _, month in groupby(cells, key=attrgetter("month")):
        waiting += month
        if _total(waiting).votes >= least:
            periods.append(waiting)
            waiting = []
    if periods:
        periods[-1] += waiting
    return periods


def _rows(period: list[Cell], least: int) -> Iterator[Row]:
    by_province: dict[int | None, Sums] = {}
    for cell in period:
        by_province[cell.province] = by_province.get(cell.province, Sums()) + cell.sums
    together = _too_thin(by_province, least)
    first, last = period[0].month, period[-1].month
    for province in by_province:
        if province not in together:
            yield Row(first, last, (province,), by_province[province])
    if together:
        yield Row(first, last, together, sum((by_province[one] for one in together), Sums()))


def _too_thin(by_province: dict[int | None, Sums], least: int) -> tuple[int | None, ...]:
    """The provinces to be told together: those under `least`, and of the others the thinnest, as many as it takes."""
    thin: list[int | None] = []
    votes = 0
    for province in sorted(by_province, key=lambda one: by_province[one].votes):
        if by_province[province].votes >= least and (not thin or votes >= least):
            break
        thin.append(province)
        votes += by_province[province].votes
    return tuple(thin)


def _total(cells: Iterable[Cell]) -> Sums:
    return sum((cell.sums for cell in cells), Sums())


def _limit_time() -> None:
    """Anybody may ask: the questions of this transaction end at the limit of a page."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = %s", [settings.QUERY_LIMITS_MS["page"]])


def _since() -> datetime:
    """The first moment of the oldest month that is told."""
    now = timezone.localtime()
    months = now.year * 12 + now.month - MONTHS
    return now.replace(year=months // 12, month=months % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _day(row: dict) -> date:
    return row["month"].date()
