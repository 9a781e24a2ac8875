"""`make test`: the same set-up as the demo's, then every check, and one closing line."""

import contextlib
import shlex
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts import environment, logs, processes
from scripts.console import say, step
from scripts.interruption import ends_in_order
from scripts.logs import LOGS, path_of
from scripts.places import ROOT, venv_program
from scripts.prepare import prepare
from scripts.serve import database

PAGES, REST, HELP = "pytest-pages", "pytest", "pytest-help"
WORLD = "test_world"


@dataclass
class Tally:
    """How many checks passed, failed and were left out."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def check() -> Tally:
    """Run every check, each whatever became of those before it; without a world to test in, no test.

    Making the world that tests read (tests/world.py) keeps one core busy for a minute: the checks that need none run
    beside it, and each run of pytest copies it.
    """
    with _world() as world:
        tally = _static() + _javascript()
        return tally + (_pytests() if _stands(world) else Tally(failed=1))


@contextmanager
def _world() -> Iterator[subprocess.Popen[bytes]]:
    """The program that makes the world, says a line when it stands, and takes it away when its input ends."""
    command = [venv_program("python"), "-m", "tests.world"]
    variables = {**environment.application(), "MAP_TEST_DATABASE": WORLD}
    pipe = subprocess.PIPE
    with logs.begin(WORLD) as log:
        program = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdin=pipe, stdout=pipe, stderr=log, start_new_session=True
        )
    try:
        yield program
        program.communicate()
    finally:
        processes.end(program)  # Interrupted, what it leaves is replaced by the next run.


def _stands(world: subprocess.Popen[bytes]) -> bool:
    """Wait until the world is made; False where it cannot be."""
    with contextlib.suppress(SystemExit), step("Making the world that tests read"):
        if world.stdout and world.stdout.readline():
            return True
        say(logs.last_lines(WORLD))
        raise SystemExit
    return False


def _pytests() -> Tally:
    """Every test of pytest's, in two runs side by side, each over its own copy of the world.

    Pages in a browser keep one core busy, hardly ever both: they run beside everything else. When they are done,
    another run takes files that the tests of everything else have not come to (tests/conftest.py). What is said
    beside is shown at the end.
    """
    with tempfile.TemporaryDirectory(prefix="map-taken-") as taken:
        sharing = ["env", f"MAP_TEST_TAKEN={taken}"]
        variables = {**environment.application(), "MAP_TEST_WORLD": WORLD}
        beside = processes.start(
            PAGES,
            _one_by_one(_pytest(PAGES, "browser"), [*sharing, *_pytest(HELP, "not browser")]),
            {**variables, "MAP_TEST_DATABASE": "test_pytest_pages"},
        )
        try:
            everything = [*sharing, f"MAP_TEST_WORLD={WORLD}", *_pytest(REST, "not browser")]
            tally = _tally(REST, _run("pytest, everything but pages", everything))
            with contextlib.suppress(SystemExit), step("pytest, pages in a browser and help with the rest", talks=True):
                code = beside.wait()
                say(path_of(PAGES).read_text(encoding="utf-8", errors="replace"))
                if code:
                    raise SystemExit
        finally:
            processes.end(beside)
            processes.forget(PAGES)
    return tally + _at_least_one_failed(_counted(PAGES) + _counted(HELP), code)


def _static() -> Tally:
    lint = _single("ruff check", [venv_program("ruff"), "check", "--output-format", "concise", "."])
    lint += _single("ruff format", [venv_program("ruff"), "format", "--check", "--output-format", "concise", "."])
    return lint + _single("mypy", [venv_program("mypy"), "."])


def _single(title: str, command: list[str]) -> Tally:
    """A program that counts as one check."""
    code = _run(title, command)
    return Tally(failed=1) if code else Tally(passed=1)


def _javascript() -> Tally:
    """Node's own runner over tests/js; nothing to count when there are no such tests."""
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "js").glob("**/*.test.*js"))
    if not files:
        return Tally()
    report = LOGS / "node.tap"
    reporters = ["spec", "stdout", "tap", str(report)]
    kinds = ["--test-reporter", "--test-reporter-destination"] * 2
    options = [part for pair in zip(kinds, reporters, strict=True) for part in pair]
    code = _run("node --test", ["node", "--test", *options, *files])
    return _at_least_one_failed(_count_tap(report.read_text()), code)


def _count_tap(text: str) -> Tally:
    """The sums that Node's TAP report ends with (`# pass 12`)."""
    sums = dict(line[2:].split(" ", 1) for line in text.splitlines()[-12:] if line.startswith("# "))
    failed = int(sums.get("fail", 0)) + int(sums.get("cancelled", 0))
    return Tally(int(sums.get("pass", 0)), failed, int(sums.get("skipped", 0)))


def _pytest(name: str, marked: str) -> list[str]:
    _report(name).unlink(missing_ok=True)
    usual = f"{marked} and not soak and not bench"
    return [venv_program("python"), "-m", "pytest", f"--junitxml={_report(name)}", "-m", usual, *sys.argv[1:]]


def _one_by_one(first: list[str], second: list[str]) -> list[str]:
    """A command that runs both and fails where either does. Ended, it waits for the one that runs, starts no other."""
    return ["sh", "-c", f"trap 'exit 143' TERM; {shlex.join(first)}; first=$?; {shlex.join(second)} && exit $first"]


def _report(name: str) -> Path:
    return LOGS / f"{name}.xml"


def _tally(name: str, code: int) -> Tally:
    return _at_least_one_failed(_counted(name), code)


def _counted(name: str) -> Tally:
    """What a run of pytest counted; one failed where it left no report."""
    report = _report(name)
    return _count_junit(report.read_text()) if report.exists() else Tally(failed=1)


def _count_junit(text: str) -> Tally:
    suite = next(ElementTree.fromstring(text).iter("testsuite")).attrib  # noqa: S314 - our own pytest's report
    failed = int(suite["failures"]) + int(suite["errors"])
    skipped = int(suite["skipped"])
    return Tally(int(suite["tests"]) - failed - skipped, failed, skipped)


def _at_least_one_failed(tally: Tally, code: int) -> Tally:
    """The same tally, but a runner that broke off without naming a failed test counts as one."""
    return tally + Tally(failed=1) if code and not tally.failed else tally


def _run(title: str, command: list[str]) -> int:
    """Run a check that speaks for itself; returns its exit code."""
    code = 0
    with contextlib.suppress(SystemExit), step(title, talks=True):
        code = processes.run(command, environment.application())
        if code:
            raise SystemExit  # Only so that the step shows as failed; the other checks follow.
    return code


if __name__ == "__main__":
    with ends_in_order():
        prepare(for_tests=True)
        LOGS.mkdir(exist_ok=True)
        with database():
            tally = check()
    say(f"\n{tally}")
    sys.exit(1 if tally.failed else 0)
