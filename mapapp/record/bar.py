"""A legal fact's life as a bar: from its begin to its end, with the day of the map marked. Pure drawing.

Positions are percentages, so that the bar is as wide as the page and its years keep the size of print. Colours come
from the style sheet by class. Words beside the bar say the same: it is hidden from programs that read aloud.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MOST_YEARS = 8
_MARGIN_DAYS = 60


class Axis(NamedTuple):
    """The days at the left and at the right edge."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """The place of a day in percent; of one beyond an edge the edge."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(100 * min(max(share, 0.0), 1.0), 2)


@dataclass(frozen=True)
class Life:
    """What a bar shows. `until` None has no end; `ended_on` is the day of a withdrawal, `stopped` the days of
    suspensions (an open end as None), `partial` says that they stop a part of it.
    """

    since: date
    until: date | None
    ended_on: date | None = None
    stopped: Sequence[tuple[date, date | None]] = ()
    partial: bool = False


def axis(lives: Iterable[Life], day: date) -> Axis:
    """One axis for several bars: all their days and the day of the map, with a margin."""
    days = [day, *(one for life in lives for one in (life.since, life.until) if one)]
    return Axis(_moved(min(days), -_MARGIN_DAYS), _moved(max(days), _MARGIN_DAYS))


def _moved(day: date, days: int) -> date:
    """The day so many days on, within what the calendar has."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def bar(life: Life, day: date, axis: Axis) -> SafeString:
    """The bar as SVG, without an id, a script or a style of its own."""
    alive = min(life.ended_on, life.until or life.ended_on) if life.ended_on else life.until
    parts = [_ticks(axis), _piece("life", life.since, life.until, axis)]
    if life.until is None and not life.ended_on:
        parts.append(_goes_on())
    if life.ended_on:
        parts.append(_piece("ended", alive or day, life.until, axis))
    kind = "stopped part" if life.partial else "stopped"
    parts += [_piece(kind, since, _earlier(until, life.until), axis) for since, until in life.stopped]
    parts.append(_today(axis.at(day)))
    drawn = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<svg class="validity" width="100%" height="44" aria-hidden="true">{}</svg>', drawn)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(filter(None, (one, other)), default=None)


def _piece(kind: str, since: date, until: date | None, axis: Axis) -> SafeString:
    """From a day to a day, both included; to the edge without an end. Never thinner than can be seen."""
    left = axis.at(since)
    right = 100.0 if until is None else axis.at(_moved(until, 1))
    wide, low, high = max(right - left, 0.6), *((16, 8) if kind == "stopped part" else (10, 14))
    shape = '<rect class="{}" x="{}%" y="{}" width="{}%" height="{}"/>'
    return format_html(shape, kind, f"{left:g}", low, f"{wide:.2f}", high)


def _goes_on() -> SafeString:
    """Gaps at the right edge of a bar that has no end."""
    return format_html_join("", '<rect class="gap" x="{}%" y="9" width="0.7%" height="16"/>', (("96",), ("98",)))


def _ticks(axis: Axis) -> SafeString:
    """A line at the begin of each year, and its number where there is room."""
    years = range(axis.first.year + 1, axis.last.year + 1)
    step = -(-len(years) // MOST_YEARS) or 1
    marks = ((f"{axis.at(date(year, 1, 1)):g}", year) for year in years[::step])
    line = '<line class="year" x1="{0}%" x2="{0}%" y1="7" y2="28"/>'
    number = '<text class="year" x="{0}%" y="41" text-anchor="middle">{1}</text>'
    return format_html_join("", line + number, marks)


def _today(at: float) -> SafeString:
    return format_html(
        '<line class="today" x1="{0}%" x2="{0}%" y1="3" y2="29"/><circle class="today" cx="{0}%" cy="4" r="4"/>',
        f"{at:g}",
    )
