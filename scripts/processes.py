"""Programs that run in the background for this clone: started, remembered, and ended, those and no others."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts import logs
from scripts.places import ROOT, VAR, make_var

FOLDER = VAR / "run"
PATIENCE_S = 15


def start(
    name: str, command: Sequence[str], environment: Mapping[str, str], *, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C reaches us first and we end it in order.

    What it says goes to its log (`scripts.logs`). `stdin` is a file descriptor: a FastCGI program takes its socket so.
    """
    with logs.begin(name) as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
            stdin=stdin,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    remember(name, process.pid)
    return process


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a program to its end and return its exit code. Interrupted, it is ended with all that it started."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        return process.wait()
    finally:
        end(process)


def remember(name: str, pid: int) -> None:
    """Keep a running process's number under a name."""
    make_var()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / name).write_text(f"{pid} {_start_time(pid)}\n")


def forget(name: str) -> None:
    """Drop the number kept under a name."""
    (FOLDER / name).unlink(missing_ok=True)


def remembered(name: str) -> int | None:
    """The number kept under that name if that very process still runs, else None."""
    path = FOLDER / name
    if not path.exists():
        return None
    pid, begun = path.read_text().split()
    return int(pid) if _start_time(int(pid)) == begun else None


def was_left_behind(name: str) -> bool:
    """True when the process kept under that name is gone without having been forgotten: it was killed."""
    return (FOLDER / name).exists() and remembered(name) is None


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program that `start` began, with all that it started: asked first, forced after a while."""
    _signal_group(process.pid, signal.SIGTERM)  # Also where it has ended: its own children may not have.
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()


def end_remembered(name: str) -> bool:
    """End the process kept under that name, which another program started. True when there was one."""
    pid = remembered(name)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        _wait_until_gone(name)
    forget(name)
    return pid is not None


def _start_time(pid: int) -> str:
    """When the process began, in ticks of this machine; "" when it is gone. Numbers alone are used again."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    state, start_time = after_name[0], after_name[19]
    return "" if state == "Z" else start_time


def _wait_until_gone(name: str) -> None:
    limit = time.monotonic() + 2 * PATIENCE_S
    while remembered(name) and time.monotonic() < limit:
        time.sleep(0.1)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # It ended by itself, which is what was wanted.
        os.killpg(pid, number)
