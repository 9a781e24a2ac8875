"""`python -m bench [--small] [part …]`: measures the parts (all without a name) and writes them into the report."""

import argparse
from datetime import date

from bench import database, figures, report
from bench.figures import Run
from bench.parts.registry import PARTS
from scripts.console import say, step


def main() -> None:
    """Make the database where it is missing, measure part by part, write the report."""
    asked = _arguments()
    if asked.part != ["report"]:
        database.ensure()
    runs = [_run(name, small=asked.small) for name in asked.part or PARTS if name != "report"]
    if not asked.small:
        report.write()
    say(report.tables(runs))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"one of: {', '.join(PARTS)}; or report, which writes the tables anew")
    parser.add_argument("--small", action="store_true", help="few rounds, to try the suite: the report stays as it is")
    asked = parser.parse_args()
    unknown = set(asked.part) - {*PARTS, "report"}
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}. Parts: {', '.join(PARTS)}, report")
    return asked


def _run(name: str, *, small: bool) -> Run:
    with step(PARTS[name].TITLE):
        found = PARTS[name].measure(small=small)
    run = Run(name, date.today().isoformat(), database.devices(), found)
    if not small:
        figures.keep(run)
    return run


if __name__ == "__main__":
    main()
