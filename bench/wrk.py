"""Many requests at once, by wrk (Debian)."""

import re
import subprocess
from dataclasses import dataclass

from bench.installing import debian_packages, require

CONNECTIONS, THREADS = 16, 2
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Load:
    """Requests a second, and the latency's median and 99th percentile in ms; `failed` were neither 2xx nor 3xx."""

    per_second: float
    median_ms: float
    p99_ms: float
    failed: int


def install() -> None:
    """By Debian's package. Raises Missing."""
    debian_packages("wrk", makes="wrk")


def load(address: str, *, seconds: int, **headers: str) -> Load:
    """As fast as CONNECTIONS connections that stay open can ask for one address, for so long."""
    wanted = {"Accept-Encoding": "gzip", **{name.replace("_", "-"): value for name, value in headers.items()}}
    options = [part for name, value in wanted.items() for part in ("-H", f"{name}: {value}")]
    shape = [f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    command = [require("wrk"), *shape, *options, address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Load(
        float(_found(r"Requests/sec:\s+([\d.]+)", said)[1]),
        _ms(_found(r"50%\s+([\d.]+)(us|ms|s)", said)),
        _ms(_found(r"99%\s+([\d.]+)(us|ms|s)", said)),
        int(failed[1]) if failed else 0,
    )


def _found(pattern: str, said: str) -> re.Match[str]:
    found = re.search(pattern, said)
    if not found:
        raise RuntimeError(f"wrk said: {said}")
    return found


def _ms(found: re.Match[str]) -> float:
    return float(found[1]) * _UNITS[found[2]]
