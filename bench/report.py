"""Measured times as text: medians and 95th percentiles."""

from collections.abc import Mapping, Sequence
from statistics import median, quantiles


def table(found: Mapping[str, Sequence[float]]) -> str:
    """A Markdown table of milliseconds, a row for each measurement."""
    rows = ["| what | n | median ms | p95 ms | longest ms |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*rows, *(_row(name, times) for name, times in found.items())])


def _row(name: str, times: Sequence[float]) -> str:
    p95 = quantiles(times, n=20, method="inclusive")[-1]
    return f"| {name} | {len(times)} | {median(times):.0f} | {p95:.0f} | {max(times):.0f} |"
