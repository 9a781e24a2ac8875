import os
import signal
import subprocess
import sys

import pytest

from scripts import logs, processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "FOLDER", tmp_path / "run")
    monkeypatch.setattr(logs, "LOGS", tmp_path / "log")


def test_it_ends_what_it_started():
    process = processes.start("sleeper", SLEEP, dict(os.environ))
    assert processes.remembered("sleeper") == process.pid
    processes.end(process)
    assert process.returncode == -signal.SIGTERM
    assert processes.remembered("sleeper") is None


def test_it_leaves_alone_a_process_that_only_has_the_same_number():
    stranger = subprocess.Popen(SLEEP)
    try:
        processes.remember("sleeper", stranger.pid)
        begun_earlier = (processes.FOLDER / "sleeper").read_text().replace(" ", " 1")
        (processes.FOLDER / "sleeper").write_text(begun_earlier)
        assert processes.end_remembered("sleeper") is False
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def says(words):
    process = processes.start("talker", [sys.executable, "-c", f"print({words!r})"], dict(os.environ))
    process.wait()


def test_what_a_program_says_stands_in_its_log_and_the_start_before_beside_it():
    says("first")
    says("second")
    assert logs.last_lines("talker") == "second"
    assert logs.last_lines("talker.1") == "first"


def test_a_log_that_grows_long_goes_on_from_nothing(monkeypatch):
    monkeypatch.setattr(logs, "MOST_BYTES", 100)
    with logs.begin("talker") as written:
        for line in (b"long " * 50 + b"\n", b"after\n"):
            written.write(line)
            written.flush()
            logs.bound("talker")
    assert logs.last_lines("talker") == "after"
    assert logs.last_lines("talker.1").startswith("long long")
