"""The system's packages: what is missing is installed by apt, as root or through sudo, or named."""

import ctypes.util
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts import environment, postgres_programs
from scripts.console import run, run_quietly, say, step

NODE_LEAST = 20
PYQGIS = Path("/usr/lib/python3/dist-packages/qgis/core/__init__.py")
"""QGIS for the system's Python: to import it would tell more, and take a second."""


@dataclass(frozen=True)
class Need:
    """Debian packages, and how to see that what they bring is there, from wherever it came."""

    packages: tuple[str, ...]
    is_there: Callable[[], bool]


def install_missing(*, for_tests: bool) -> None:
    """Install the missing packages. Ends the program, naming each of them, where that cannot be done."""
    missing = missing_packages(for_tests=for_tests)
    if missing:
        _install(missing)
        _require_nothing_missing(for_tests=for_tests)
    _require_node()


def missing_packages(*, for_tests: bool) -> list[str]:
    """Names of the Debian packages that this machine lacks, in the order of the list above."""
    needs = _needs(for_tests=for_tests)
    return [package for need in needs if not need.is_there() for package in need.packages]


def _needs(*, for_tests: bool) -> list[Need]:
    needs = [
        Need(("python3-venv",), lambda: importlib.util.find_spec("ensurepip") is not None),
        Need(("nodejs",), lambda: shutil.which("node") is not None),
        Need(("npm",), lambda: shutil.which("npm") is not None),
        Need(("gdal-bin",), lambda: all(map(ctypes.util.find_library, ("gdal", "geos_c", "proj")))),
    ]
    if not environment.has_own_database():
        needs.append(Need(("postgresql", "postgresql-postgis"), postgres_programs.is_installed))
    if for_tests:
        needs.append(Need(("chromium",), lambda: shutil.which("chromium") is not None))
        needs.append(Need(("python3-qgis",), PYQGIS.exists))
        needs.append(Need(("maven",), lambda: shutil.which("mvn") is not None))
    return needs


def _install(missing: list[str]) -> None:
    asker = _administrator()
    if asker is None or not shutil.which("apt-get"):
        sys.exit(
            "These Debian packages are missing and cannot be installed here (no apt as root or by sudo):\n"
            f"  {' '.join(missing)}\nInstall them, for example by\n"
            f"  apt-get install --no-install-recommends {' '.join(missing)}\nand run this command again."
        )
    apt = [*asker, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300", "-y"]
    with step(f"Installing {', '.join(missing)}"):
        run_quietly([*apt, "update"], log="apt-update")
        run_quietly([*apt, "install", "--no-install-recommends", *missing], log="apt-install")


def _administrator() -> list[str] | None:
    """What stands before a command to run it as root: nothing, sudo, or None where neither can be had."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    if subprocess.run(["sudo", "-n", "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0:
        return ["sudo", "-n"]
    if not sys.stdin.isatty():
        return None
    say("Installing packages needs your password for sudo.")
    run(["sudo", "-v"])
    return ["sudo", "-n"]


def _require_nothing_missing(*, for_tests: bool) -> None:
    # find_spec remembers what it did not find; a new venv package shows in a fresh look only.
    importlib.invalidate_caches()
    missing = missing_packages(for_tests=for_tests)
    if missing:
        sys.exit(f"apt installed these packages, yet what they bring was not found: {' '.join(missing)}")


def _require_node() -> None:
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    number = re.match(r"v(\d+)", answer)
    if not number or int(number[1]) < NODE_LEAST:
        sys.exit(f"Node {NODE_LEAST} or newer is needed; this machine has {answer.strip()}.")


if __name__ == "__main__":
    install_missing(for_tests="--for-tests" in sys.argv[1:])
