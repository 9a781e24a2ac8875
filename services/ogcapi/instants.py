"""`datetime`: a day, a moment or an interval, as the day whose legal state is asked for.

A record's time is the day of the state that it is shown in. An interval is met by every day in it; shown is the state
of the one that is nearest to the day of the map: that day itself where the interval holds it.
"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from layers.errors import BadParameter
from layers.filters import read_day

PARAMETER = "datetime"
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)
_FRACTION = re.compile(r"\.[0-9]+")
_HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def read_instant(text: str, map_day: date) -> date:
    """The day that is meant (RFC 3339; Part 1, 7.15.4). Raises BadParameter."""
    first, slash, last = text.partition("/")
    if not slash:
        return _day(first)
    start, end = (None if side in ("", "..") else _day(side) for side in (first, last))
    if (start is None and end is None) or (start and end and start > end):
        raise _refused()
    if start and start > map_day:
        return start
    return end if end and end < map_day else map_day


def _day(text: str) -> date:
    """The day, or the day in Viet Nam of the moment, that is written."""
    if not _MOMENT.fullmatch(text):
        return read_day(text, PARAMETER)
    try:
        moment = datetime.fromisoformat(_FRACTION.sub("", text.upper()).replace("Z", "+00:00"))
        return read_day(moment.astimezone(_HERE).date().isoformat(), PARAMETER)
    except (ValueError, OverflowError) as error:
        raise _refused() from error


def _refused() -> BadParameter:
    return BadParameter(
        "datetime.form",
        "datetime là một ngày, một thời điểm theo RFC 3339, hoặc khoảng từ/đến, “..” là để ngỏ một đầu.",
        "datetime is a day, a moment by RFC 3339, or an interval from/to with .. for one open end.",
        parameter=PARAMETER,
    )
