"""The rule of due dates for many verifications at once; a test holds it equal to `verifications.due_date`."""

import numpy as np


def due_dates(verified_on: np.ndarray, cycle_months: np.ndarray, convention: str) -> np.ndarray:
    """The day until which each verification holds; NaT where it is NaT itself or the cycle is 0 (none)."""
    month = verified_on.astype("datetime64[M]")
    end = month + cycle_months
    due = (end + 1).astype("datetime64[D]") - 1
    if convention == "exact_day":
        day_of_month = verified_on - month.astype("datetime64[D]")
        due = np.minimum(end.astype("datetime64[D]") + day_of_month, due)
    due[cycle_months == 0] = np.datetime64("NaT")
    return due


def oldest_in_force(today: np.datetime64, cycle_months: np.ndarray, convention: str) -> np.ndarray:
    """For each cycle a day from which every verification up to today still holds today."""
    month = today.astype("datetime64[M]")
    first = (month - cycle_months).astype("datetime64[D]")
    if convention == "exact_day":
        first = first + (today - month.astype("datetime64[D]"))
    return first
