"""`manage.py` in a clone that is not set up, or not to its end, says what to do and ends."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.places import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What manage.py needs of a clone to find out that packages are missing."""
    shutil.copy(ROOT / "manage.py", tmp_path)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    return tmp_path


def make_empty_venv(folder: Path) -> str:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return str(folder / "bin" / "python")


def said(clone: Path, python: str) -> str:
    command = [python, "manage.py", "check"]
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False, timeout=20).stderr


def test_a_set_up_that_was_interrupted_is_named_instead_of_tried_for_ever(clone: Path):
    assert "make demo" in said(clone, make_empty_venv(clone / ".venv"))


def test_a_python_without_packages_goes_on_under_an_interrupted_set_up_and_ends_there(clone: Path, tmp_path: Path):
    make_empty_venv(clone / ".venv")
    assert "make demo" in said(clone, make_empty_venv(tmp_path / "another"))


def test_a_clone_without_set_up_is_named(clone: Path, tmp_path: Path):
    assert "make demo" in said(clone, make_empty_venv(tmp_path / "another"))


def test_a_venv_without_a_python_counts_as_no_set_up(clone: Path, tmp_path: Path):
    (clone / ".venv").mkdir()
    assert "make demo" in said(clone, make_empty_venv(tmp_path / "another"))
