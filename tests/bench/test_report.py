"""The tables of docs/benchmarks.md."""

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


def test_the_document_has_the_place_that_the_tables_are_written_to():
    text = report.DOCUMENT.read_text(encoding="utf-8")
    assert text.index(report.BEGIN) < text.index(report.END)


def test_a_peer_that_cannot_be_had_is_named_with_the_reason():
    missing = Figure("", "missing here", "pg_tileserv 1.0.11", 0, 0, 0, note="this machine has no go")
    table = report._part(Run("tiles", "2026-11-23", 10_000_000, [missing]))
    assert "| pg_tileserv 1.0.11 |  |  |  | this machine has no go |" in table
