"""The closing line of `make test` counts what the runners say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import logs, test
from scripts.test import Tally, _at_least_one_failed, _count_junit, _count_tap, _one_by_one
from tests.conftest import ROOT

JUNIT = '<testsuites><testsuite tests="7" failures="1" errors="1" skipped="2"/></testsuites>'
TAP = "ok 1 - it adds\n1..1\n# tests 3\n# suites 0\n# pass 2\n# fail 1\n# cancelled 0\n# skipped 0\n# todo 0\n"


def test_it_counts_pytest():
    assert _count_junit(JUNIT) == Tally(passed=3, failed=2, skipped=2)


def test_it_counts_node():
    assert _count_tap(TAP) == Tally(passed=2, failed=1)


def test_a_runner_that_breaks_off_counts_as_failed():
    assert _at_least_one_failed(Tally(passed=4), 2) == Tally(passed=4, failed=1)
    assert _at_least_one_failed(Tally(passed=4, failed=2), 1) == Tally(passed=4, failed=2)


def test_the_closing_line_has_the_form_that_machines_read():
    assert str(Tally(5, 1)) == "5 passed, 1 failed"
    assert str(Tally(5, 0, 2)) == "5 passed, 0 failed, 2 skipped"


@pytest.mark.parametrize(("first", "second"), [("false", "true"), ("true", "false"), ("false", "false")])
def test_two_runs_one_by_one_fail_where_either_does(first: str, second: str):
    assert subprocess.run(_one_by_one([first], [second])).returncode == 1
    assert subprocess.run(_one_by_one(["true"], ["true"])).returncode == 0


def test_runs_that_share_files_do_each_test_once(tmp_path: Path):
    """Two at a time, over files of several folders that need no database."""
    files = ("geodata/test_text.py", "bench/test_goals.py", "geodata/test_keys.py", "bench/test_report.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(f"tests/{name}" for name in files)]
    reports = [tmp_path / name for name in ("alone.xml", "one.xml", "other.xml")]
    outside = {key: value for key, value in os.environ.items() if key != "MAP_TEST_TAKEN"}
    done = subprocess.run([*command, f"--junitxml={reports[0]}"], cwd=ROOT, env=outside, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
    (tmp_path / "taken").mkdir()
    sharing = {**outside, "MAP_TEST_TAKEN": str(tmp_path / "taken")}
    both = [
        subprocess.Popen([*command, f"--junitxml={one}"], cwd=ROOT, env=sharing, stdout=subprocess.DEVNULL)
        for one in reports[1:]
    ]
    assert {one.wait(timeout=120) for one in both} <= {0, 5}  # 5: there was no test left
    alone, one, other = (_count_junit(path.read_text()) for path in reports)
    assert alone.passed > 20 and one + other == alone


def standing_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> None:
    """Python code in the place of the program that makes the world."""
    program = tmp_path / "program"
    program.write_text(f"#!{sys.executable}\n{code}")
    program.chmod(0o755)
    monkeypatch.setattr(test, "venv_program", lambda name: str(program))
    monkeypatch.setattr(logs, "LOGS", tmp_path / "log")


def test_a_world_stands_while_it_is_asked_for_and_is_taken_away_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    gone = tmp_path / "gone"
    code = f"import pathlib, sys\nprint('made', flush=True)\nsys.stdin.read()\npathlib.Path({str(gone)!r}).touch()"
    standing_in(monkeypatch, tmp_path, code)
    with test._world() as world:
        assert test._stands(world)
        assert world.poll() is None and not gone.exists()
    assert gone.exists()


def test_a_world_that_cannot_be_made_fails_in_place_of_the_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    standing_in(monkeypatch, tmp_path, "raise SystemExit('no boundaries')")
    monkeypatch.setattr(test, "_static", lambda: Tally(passed=3))
    monkeypatch.setattr(test, "_javascript", Tally)
    monkeypatch.setattr(test, "_pytests", lambda: pytest.fail("there is nothing to test in"))
    assert test.check() == Tally(passed=3, failed=1)
    assert "no boundaries" in capsys.readouterr().out
