"""The server and its worker under one roof: started together, ended together, the database with them."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from mapapp.server_shape import THREADS_PER_WORKER, WORKERS
from scripts import cluster, environment, logs, processes
from scripts.console import run_quietly, say, step
from scripts.interruption import ends_in_order
from scripts.places import ROOT, venv_program
from scripts.prepare import prepare
from scripts.secrets_kept import secret
from scripts.stop import stop

READY_WITHIN_S = 90


def serve() -> None:
    """Start the server and the worker, say where they are, stay until asked to stop or one of them ends."""
    _require_free_port()
    programs: dict[str, subprocess.Popen[bytes]] = {}
    try:
        with step("Looking at what the database derives"):
            _derive()
        programs["worker"] = processes.start("worker", _worker(), environment.application())
        programs["server"] = processes.start("server", _server(), environment.application())
        with step("Starting the map"):
            _bring_to_today()
            _wait_until_ready(programs)
        _say_where()
        _wait_for_end(programs)
    finally:
        for name, process in reversed(programs.items()):
            processes.end(process)
            processes.forget(name)


@contextmanager
def as_supervisor() -> Iterator[None]:
    """Be the one process that runs this clone's map; asked to stop, it goes in order, without complaint."""
    _claim_clone()
    try:
        with ends_in_order(), _interrupted_without_complaint():
            yield
    finally:
        processes.forget("supervisor")


def _claim_clone() -> None:
    if processes.remembered("supervisor"):
        sys.exit(f"The map of this clone already runs at {address()} (`make stop` ends it).")
    if processes.was_left_behind("supervisor"):
        say("The last start was cut off; clearing up behind it.")
        stop()
    processes.remember("supervisor", os.getpid())


@contextmanager
def _interrupted_without_complaint() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        say("Stopped.")


@contextmanager
def database() -> Iterator[None]:
    """The private database runs inside; whoever started it stops it."""
    started_here = cluster.ensure_started()
    try:
        yield
    finally:
        if started_here:
            cluster.stop()


def address() -> str:
    """Where the map is served."""
    return f"http://127.0.0.1:{_port()}/"


def _port() -> str:
    return environment.application().get("MAP_PORT") or "8000"


def _server() -> list[str]:
    options = ["--interface", "wsgi", "--no-ws", "--log-level", "warning"]
    where = ["--host", "127.0.0.1", "--port", _port()]
    workers = ["--workers", str(WORKERS), "--blocking-threads", str(THREADS_PER_WORKER)]
    return [venv_program("granian"), *options, *where, *workers, "mapapp.wsgi:application"]


def _worker() -> list[str]:
    return [venv_program("python"), "manage.py", "db_worker", "--verbosity=0", "--skip-checks"]


def _derive() -> None:
    """Triggers and sums follow settings too, which may be others than at the last start."""
    command = [venv_program("python"), "manage.py", "derive", "--skip-checks"]
    run_quietly(command, log="derive", cwd=ROOT, env=environment.application())


def _bring_to_today() -> None:
    """Catch up with the days that the map slept through; while it runs, the worker does so at each midnight."""
    command = [venv_program("python"), "manage.py", "roll_over", "--skip-checks"]
    run_quietly(command, log="roll-over", cwd=ROOT, env=environment.application())


def _require_free_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(_port())))
        except OSError:
            sys.exit(f"Port {_port()} is taken by another program; choose one: MAP_PORT=8001 make demo")


def _wait_until_ready(programs: dict[str, subprocess.Popen[bytes]]) -> None:
    limit = time.monotonic() + READY_WITHIN_S
    answer = ""
    while time.monotonic() < limit:
        _require_alive(programs)
        ready, answer = _ask_ready()
        if ready:
            return
        time.sleep(0.5)
    sys.exit(f"{_words('server')}\nThe map did not get ready within {READY_WITHIN_S} s. Its last answer: {answer}")


def _ask_ready() -> tuple[bool, str]:
    """Whether /ready says yes, and its words."""
    try:
        with urllib.request.urlopen(f"{address()}ready", timeout=10) as response:  # noqa: S310 - our own address
            return True, response.read(2000).decode()
    except urllib.error.HTTPError as error:
        return False, error.read(2000).decode(errors="replace")
    except OSError as error:
        return False, str(error)


def _require_alive(programs: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, process in programs.items():
        if process.poll() is not None:
            sys.exit(f"{_words(name)}\nThe {name} ended by itself (code {process.returncode}).")


def _words(name: str) -> str:
    """The last that a program said, and where the rest stands."""
    return f"{logs.last_lines(name)}\nAll of it: {logs.path_of(name)}"


def _wait_for_end(programs: dict[str, subprocess.Popen[bytes]]) -> None:
    while True:
        _require_alive(programs)
        for name in programs:
            logs.bound(name)
        time.sleep(0.5)


def _say_where() -> None:
    say("")
    say(f"  The map              {address()}")
    say(f"  Administrator        {address()}admin/   {_account()}")
    say(f"  Logs                 {logs.path_of('server')}, {logs.path_of('worker').name}")
    say("  Ctrl-C stops it.")
    say("")


def _account() -> str:
    """How to sign in: the demo's account is there only where a demo was loaded."""
    if environment.application().get("MAP_DEMO") == "1":
        return f"user: admin   password: {secret('administrator')} (unless changed)"
    return "make an account: ./manage.py createsuperuser"


if __name__ == "__main__":
    with as_supervisor():
        prepare()
        with database():
            serve()
