"""The figures as the tables of docs/benchmarks.md, between two marks: the words around them are written by hand."""

import os
import platform
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from bench import database, goals
from bench.figures import Figure, Run, kept
from bench.installing import Missing, require
from bench.parts.registry import PARTS
from bench.race import BARE
from scripts.places import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"
GOALS, _SECTION = "The goals", "### "
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"


def write() -> None:
    """Puts the figures of every part's last run into the document; parts that never ran here keep those it has."""
    document = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = document.partition(BEGIN)
    earlier, _, after = rest.partition(END)
    text = tables([run for run in map(kept, PARTS) if run], earlier=earlier)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def tables(runs: Sequence[Run], *, earlier: str = "") -> str:
    """The machine, the goals with what was reached, and a table for each thing measured, as Markdown.

    What `earlier` text of this form has of other parts and other goals stays.
    """
    stood = dict(re.findall(rf"^### (.+)\n\n((?:(?!{_SECTION}).*\n?)*)", earlier, re.MULTILINE))
    new = {run.part: _part(run) for run in runs}
    parts = [new.get(name) or _section(part.TITLE, stood.get(part.TITLE, "")) for name, part in PARTS.items()]
    figures = [figure for run in runs for figure in run.figures]
    goals_there = list(_goals_of(figures, stood.get(GOALS, "")))
    return "\n\n".join([_machine(), *goals_there, *(part for part in parts if part)])


def _section(title: str, text: str) -> str:
    return f"{_SECTION}{title}\n\n{text.strip()}" if text else ""


def _machine() -> str:
    with database.cursor() as rows:
        rows.execute("SELECT current_setting('server_version'), postgis_lib_version()")
        server, postgis = rows.fetchone()
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB; Python {platform.python_version()},"
        f" PostgreSQL {server.split()[0]}, PostGIS {postgis}{_programs()}."
        " Server, database, peers and the programs that ask share the machine."
    )


def _processor() -> str:
    names = re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return str(names[0]) if names else platform.machine()


def _programs() -> str:
    """The versions of those that come from Debian and so are whatever the machine has."""
    return "".join(f", {title} {version}" for title in ("nginx", "mapserv") if (version := _version(title)))


def _version(program: str) -> str:
    try:
        said = subprocess.run([require(program), "-v"], capture_output=True, text=True, check=False)
    except Missing:
        return ""
    found = re.search(r"version:? (?:nginx/)?([\d.]+)", said.stdout + said.stderr)
    return found[1] if found else ""


def _goals_of(figures: Sequence[Figure], earlier: str = "") -> Iterator[str]:
    """The table of goals; rows of `earlier` stay where no figure is of their goal."""
    rows = [*goals.verdicts(figures)]
    measured = {goal for goal, *_ in rows}
    stood = [row for row in earlier.splitlines()[2:] if row and row.split(" | ")[0].removeprefix("| ") not in measured]
    lines = sorted([*(f"| {' | '.join(row)} |" for row in rows), *stood], key=_place)
    if lines:
        yield "\n".join([f"{_SECTION}{GOALS}", "", "| | wanted | measured | |", "| --- | --- | --- | --- |", *lines])


def _place(row: str) -> int:
    """P1, P2, … by their numbers, the others behind them."""
    number = re.match(r"\| P(\d+) \|", row)
    return int(number[1]) if number else 99


def figures_alone(figures: Sequence[Figure]) -> str:
    """The goals and tables of figures that nobody keeps."""
    return "\n\n".join([*_goals_of(figures), *_tables(figures)])


def _part(run: Run) -> str:
    when = f"{run.devices:,} devices, {run.day}."
    title = f"{_SECTION}{PARTS[run.part].TITLE}"
    return "\n\n".join([title, f"{when} `make bench PART={run.part}`", *_tables(run.figures)])


def _tables(figures: Iterable[Figure]) -> Iterator[str]:
    for what, those in groupby(figures, key=lambda figure: figure.what):
        yield _table(what, list(those))


def _table(what: str, figures: list[Figure]) -> str:
    bare = next((figure.median for figure in figures if figure.who == BARE), None)
    heads = [what, "n", "median", "p95", "features", "bytes", "largest", "sent", "largest", "of bare", ""]
    rows = [[*_cells(figure), _ratio(figure, bare), figure.note] for figure in figures]
    shown = [n for n, head in enumerate(heads) if n < 4 or any(row[n] for row in rows)]
    aligned = ["---" if n in (0, len(heads) - 1) else "---:" for n in shown]
    lines = [[heads[n] for n in shown], aligned, *([row[n] for n in shown] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(figure: Figure) -> list[str]:
    unit = f" {figure.unit}"
    if not figure.n:
        return [figure.who, *[""] * 8]
    return [
        figure.who,
        f"{figure.n:,}",
        _number(figure.median) + unit,
        (_number(figure.p95) + unit) if figure.n > 1 else "",
        *("" if size is None else f"{size:,}" for size in _sizes(figure)),
    ]


def _sizes(figure: Figure) -> tuple[int | None, ...]:
    return figure.features, figure.raw, figure.most_raw, figure.sent, figure.most_sent


def _ratio(figure: Figure, bare: float | None) -> str:
    return f"{figure.median / bare:.2f} ×" if bare and figure.unit == "ms" else ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
