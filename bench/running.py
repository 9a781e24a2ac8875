"""A server over the loaded data for the length of a measurement."""

import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from scripts import environment, processes
from scripts.places import venv_program


@contextmanager
def server() -> Iterator[str]:
    """The address of a server as `make demo` starts it; it ends with the measurement and logs to var/log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", port, "--no-ws", "--log-level", "warning"]
    workers = ["--workers", "2", "--blocking-threads", "4"]
    command = [venv_program("granian"), *options, *workers, "mapapp.wsgi:application"]
    process = processes.start("bench", command, environment.application())
    try:
        _wait(f"http://127.0.0.1:{port}/live")
        yield f"http://127.0.0.1:{port}"
    finally:
        processes.end(process)
        processes.forget("bench")


def _wait(address: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own address
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} does not answer")
