"""`python -m bench [--small] [part …]`: measures the parts (all without a name) and writes them into the report."""

import argparse
import sys
import traceback
from datetime import date

from bench import database, figures, report
from bench.figures import Run
from bench.parts.registry import PARTS
from scripts.console import say, step


def main() -> None:
    """Make the database where it is missing, measure part by part, write the report.

    A part that fails does not keep the others from being measured; it is named in the end, and the exit code is 1.
    """
    asked = _arguments()
    if asked.at:
        for name in asked.part:
            say(report.figures_alone(PARTS[name].figures_at(asked.at, small=asked.small)))  # type: ignore[attr-defined]
        return
    if asked.part != ["report"]:
        database.ensure()
    parts = [name for name in asked.part or PARTS if name != "report"]
    runs = [run for run in (_run(name, small=asked.small) for name in parts) if run]
    if not asked.small:
        report.write()
    say(report.tables(runs))
    failed = sorted(set(parts) - {run.part for run in runs})
    if failed:
        sys.exit(f"Not measured: {', '.join(failed)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"one of: {', '.join(PARTS)}; or report, which writes the tables anew")
    parser.add_argument("--small", action="store_true", help="few rounds, to try the suite: the report stays as it is")
    parser.add_argument("--at", help="address of a map that runs, for parts that measure one; nothing is written")
    asked = parser.parse_args()
    if asked.at and not (asked.part and all(hasattr(PARTS.get(name), "figures_at") for name in asked.part)):
        parser.error(f"--at is for: {', '.join(name for name, part in PARTS.items() if hasattr(part, 'figures_at'))}")
    unknown = set(asked.part) - {*PARTS, "report"}
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}. Parts: {', '.join(PARTS)}, report")
    return asked


def _run(name: str, *, small: bool) -> Run | None:
    try:
        with step(PARTS[name].TITLE):
            found = PARTS[name].measure(small=small)
    except Exception:
        traceback.print_exc()
        return None
    run = Run(name, date.today().isoformat(), database.devices(), found)
    if not small:
        figures.keep(run)
    return run


if __name__ == "__main__":
    main()
