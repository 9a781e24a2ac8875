"""The Python packages of requirements.txt in .venv, installed again only when that file or Python changed."""

import hashlib
import sys
from pathlib import Path

from scripts.console import run, run_quietly, step
from scripts.places import ROOT, VENV, venv_program

LOCK = ROOT / "requirements.txt"
MARK = VENV / "installed"


def install() -> None:
    """Make .venv and fill it with exactly what the lock names."""
    if _is_current():
        return
    with step("Installing the Python packages into .venv"):
        run([sys.executable, "-m", "venv", "--clear", str(VENV)])
        run_quietly([venv_program("python"), "-m", "pip", "install", "--no-input", "-r", str(LOCK)], log="pip")
        MARK.write_text(_fingerprint())


def _is_current() -> bool:
    works = Path(venv_program("python")).exists()
    return works and MARK.exists() and MARK.read_text() == _fingerprint()


def _fingerprint() -> str:
    # The folder counts too: a clone that was moved has programs in .venv that name the old place.
    about = f"{sys.version_info[:2]} {VENV}".encode()
    return hashlib.sha256(LOCK.read_bytes() + about).hexdigest()


if __name__ == "__main__":
    install()
