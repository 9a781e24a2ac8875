"""The tables of docs/benchmarks.md."""

import pytest

from bench import report
from bench.figures import Figure, Run, of
from bench.race import BARE, OURS


def test_each_time_stands_beside_its_ratio_to_the_bare_statement():
    figures = [of("P1", "a tile", OURS, [12.0, 12.0]), of("P1", "a tile", BARE, [10.0, 10.0])]
    table = report._part(Run("tiles", "2026-11-23", 10_000_000, figures))
    assert "| ours | 2 | 12.0 ms | 12.0 ms | 1.20 × |" in table
    assert "10,000,000 devices, 2026-11-23" in table


def test_columns_that_nothing_stands_in_are_left_out():
    table = report._part(Run("memory", "2026-11-23", 100_000, [of("memory", "tiles", "at most", [99.0], unit="MB")]))
    assert "| tiles | n | median | p95 |" in table


def test_parts_that_did_not_run_here_keep_their_tables_and_goals(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report, "_machine", lambda: "A machine.")
    earlier = report.tables([run("memory", "kept"), run("sizes", "new")])
    assert report.tables([], earlier=f"\n\n{earlier}\n\n") == earlier
    later = report.tables([run("sizes", "new", day="2026-12-24")], earlier=earlier)
    assert "2026-12-24. `make bench PART=sizes`" in later and "2026-11-23. `make bench PART=memory`" in later
    assert "2026-11-23. `make bench PART=sizes`" not in later and later.count("### ") == earlier.count("### ")
    with_goals = "### The goals\n\n| | wanted | measured | |\n| --- | --- | --- | --- |\n| P1 | a | b | reached |\n"
    assert "| P1 | a | b | reached |" in report.tables([], earlier=with_goals)


def run(part: str, what: str, *, day: str = "2026-11-23") -> Run:
    return Run(part, day, 100_000, [of("", what, "ours", [9.0], unit="MB")])


def test_the_document_has_the_place_that_the_tables_are_written_to():
    text = report.DOCUMENT.read_text(encoding="utf-8")
    assert text.index(report.BEGIN) < text.index(report.END)


def test_a_peer_that_cannot_be_had_is_named_with_the_reason():
    missing = Figure("", "missing here", "pg_tileserv 1.0.11", 0, 0, 0, note="this machine has no go")
    table = report._part(Run("tiles", "2026-11-23", 10_000_000, [missing]))
    assert "| pg_tileserv 1.0.11 |  |  |  | this machine has no go |" in table
