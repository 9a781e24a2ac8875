"""The due-date rule of domain section 2.4, in both conventions."""

from datetime import date

import pytest

from layers.registers.verifications import due_date


@pytest.mark.parametrize(
    ("verified_on", "cycle", "month_end", "exact_day"),
    [
        (date(2025, 3, 12), 12, date(2026, 3, 31), date(2026, 3, 12)),
        (date(2025, 8, 31), 6, date(2026, 2, 28), date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29), date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28), date(2025, 2, 28)),
        (date(2025, 12, 1), 1, date(2026, 1, 31), date(2026, 1, 1)),
        (date(2026, 11, 30), 72, date(2032, 11, 30), date(2032, 11, 30)),
    ],
)
def test_a_verification_holds_for_its_cycle(verified_on: date, cycle: int, month_end: date, exact_day: date) -> None:
    assert due_date(verified_on, cycle, convention="month_end") == month_end
    assert due_date(verified_on, cycle, convention="exact_day") == exact_day


def test_without_a_cycle_there_is_no_due_date() -> None:
    assert due_date(date(2026, 1, 1), None) is None


def test_the_convention_is_a_setting(settings) -> None:  # type: ignore[no-untyped-def]
    settings.DUE_DATE_CONVENTION = "exact_day"
    assert due_date(date(2025, 3, 12), 12) == date(2026, 3, 12)
