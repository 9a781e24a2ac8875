"""The bar of a legal fact: every day at its place, ends as they are, nothing outside the picture."""

import re
from datetime import date

import pytest

from mapapp.record.bar import Life, axis, bar

DAY = date(2026, 11, 22)


def pieces(drawn: str, kind: str) -> list[tuple[float, float]]:
    """Left and right edge in percent of each piece of that kind."""
    found = re.findall(rf'<rect class="{kind}" x="([\d.]+)%" y="\d+" width="([\d.]+)%"', drawn)
    return [(float(left), float(left) + float(wide)) for left, wide in found]


def drawn(life: Life, day: date = DAY) -> str:
    return str(bar(life, day, axis([life], day)))


def test_the_day_stands_where_it_lies_between_begin_and_end() -> None:
    life = Life(date(2024, 11, 22), date(2028, 11, 22))
    today = float(re.findall(r'class="today" cx="([\d.]+)%"', drawn(life))[0])
    ((left, right),) = pieces(drawn(life), "life")
    assert today == pytest.approx((left + right) / 2, abs=0.1)


def test_without_an_end_it_goes_on_to_the_edge_with_gaps() -> None:
    shown = drawn(Life(date(2024, 1, 1), None))
    assert pieces(shown, "life")[0][1] == pytest.approx(100)
    assert len(pieces(shown, "gap")) == 2


def test_after_a_withdrawal_it_is_hollow() -> None:
    shown = drawn(Life(date(2024, 1, 1), date(2028, 1, 1), ended_on=date(2026, 1, 1)))
    ((left, right),), ((start, end),) = pieces(shown, "life"), pieces(shown, "ended")
    assert left < start < end == pytest.approx(right, abs=0.1)


def test_a_suspension_never_reaches_beyond_the_end() -> None:
    life = Life(date(2024, 1, 1), date(2027, 1, 1), stopped=[(date(2026, 10, 1), date(2029, 1, 1))])
    assert pieces(drawn(life), "stopped")[0][1] == pytest.approx(pieces(drawn(life), "life")[0][1], abs=0.1)


def test_a_single_day_is_still_seen() -> None:
    life = Life(date(2000, 1, 1), date(2040, 1, 1), stopped=[(DAY, DAY)], partial=True)
    ((left, right),) = pieces(drawn(life), "stopped part")
    assert right - left >= 0.5


@pytest.mark.parametrize("since", [date(1, 1, 1), date(1900, 1, 1), date(2026, 11, 22)])
@pytest.mark.parametrize("until", [None, date(2026, 11, 22), date(2200, 12, 31), date(9999, 12, 31)])
@pytest.mark.parametrize("day", [DAY, date(1900, 1, 1), date(2200, 12, 31)])
def test_any_days_stay_inside_the_picture(since: date, until: date | None, day: date) -> None:
    life = Life(since, until)
    numbers = [float(number) for number in re.findall(r'(?:x|x1|cx)="([\d.]+)%"', drawn(life, day))]
    assert all(0 <= number <= 100 for number in numbers)
    assert drawn(life, day).count("<text") <= 9


def test_it_carries_neither_style_nor_script_nor_id() -> None:
    assert not re.search(r"\sstyle=|<script|\sid=", drawn(Life(date(2024, 1, 1), None)))
