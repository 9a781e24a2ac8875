"""A server over the measured database for the length of a measurement."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench import database
from bench.places import SINGLE_CACHE, TILE_CACHE
from mapapp.server_shape import THREADS_PER_WORKER, WORKERS
from scripts import logs, processes
from scripts.places import venv_program


@dataclass(frozen=True)
class Running:
    """A program that serves at `address` (no slash at the end)."""

    address: str
    pid: int


@contextmanager
def server(*, single: bool = False) -> Iterator[Running]:
    """The product's server as `make demo` starts it, with no tile stored yet; it ends with the measurement.

    With `single` it draws up to 10,000 features in a tile (`bench.single_features`).
    """
    forget_tiles()
    port = free_port()
    name, application = ("bench-single", "bench.single_features") if single else ("bench", "mapapp.wsgi")
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "warning"]
    workers = ["--workers", str(WORKERS), "--blocking-threads", str(THREADS_PER_WORKER)]
    command = [venv_program("granian"), *options, *workers, f"{application}:application"]
    environment = {**database.settings(), "MAP_TILE_CACHE": str(SINGLE_CACHE if single else TILE_CACHE)}
    with program(name, command, environment, port=port, ready="/live") as running:
        yield running


def forget_tiles() -> None:
    """Delete what the server has stored, but its locks: the next request of any tile is an uncached one."""
    for folder in (TILE_CACHE, SINGLE_CACHE):
        for path in folder.glob("[a-z]*"):
            shutil.rmtree(path, ignore_errors=True)


def stored_tiles() -> int:
    """How many tiles the server has made and stored since they were forgotten."""
    return sum(1 for path in TILE_CACHE.rglob("*") if path.name.endswith((".mvt.gz", ".204")))


@contextmanager
def program(
    name: str, command: Sequence[str], environment: dict[str, str], *, port: int, ready: str
) -> Iterator[Running]:
    """Any program that serves on that port: started, waited for until it answers, ended. It logs to var/log."""
    process = processes.start(name, command, {**os.environ, **environment})
    try:
        _wait(f"http://127.0.0.1:{port}{ready}", name, process)
        yield Running(f"http://127.0.0.1:{port}", process.pid)
    finally:
        processes.end(process)
        processes.forget(name)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, name: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own address
            return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"{name} does not answer:\n{logs.last_lines(name)}")
