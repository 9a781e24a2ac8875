"""A server over the loaded data for the length of a measurement."""

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from scripts import environment
from scripts.places import ROOT, venv_program


@contextmanager
def server() -> Iterator[str]:
    """The address of a server as `make demo` starts it; it ends with the measurement."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", port, "--no-ws", "--log-level", "warning"]
    workers = ["--workers", "2", "--blocking-threads", "4"]
    command = [venv_program("granian"), *options, *workers, "mapapp.wsgi:application"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment.application())
    try:
        _wait(f"http://127.0.0.1:{port}/live")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own address
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} does not answer")
