import os
import signal
import subprocess
import sys

import pytest

from scripts import processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "FOLDER", tmp_path / "run")


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
