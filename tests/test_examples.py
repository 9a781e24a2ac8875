"""The examples of docs/examples do what they say, over a real server."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.layers.oracle import expected

EXAMPLES = Path(__file__).resolve().parent.parent / "docs" / "examples"
PYTHON, NODE, R = [sys.executable], ["node"], ["Rscript", "--vanilla"]
CONDITION = "status='overdue' AND province='79'"


def last_line(program: list[str], example: str, *asked: str) -> str:
    """What an example says at its end."""
    command = [*program, str(EXAMPLES / example), *asked]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize(("program", "example"), [(PYTHON, "features.py"), (NODE, "features.mjs")])
def test_features_of_a_condition_come_page_by_page(program: list[str], example: str, server: str, world: date) -> None:
    number = expected("measuring_devices", {"status": "overdue", "province": "79"}, world)
    assert number
    assert last_line(program, example, server, "measuring_devices", CONDITION) == f"{number} features"


def test_a_layer_becomes_a_frame_in_vn2000(server: str, world: date) -> None:
    number = expected("laboratories", {"province": "01"}, world)
    assert number
    assert last_line(PYTHON, "frame.py", server, "laboratories", "province=01") == f"{number} features"


def test_owslib_reads_every_page_of_a_box(server: str, world: date) -> None:
    number = expected("inspection_sites", {"bbox": "104,8,110,23.5"}, world)
    assert number > 1000, "fewer would be one page"
    said = last_line(PYTHON, "wfs.py", server, "inspection_sites", "104", "8", "110", "23.5")
    assert said == f"{number} features"


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed")
def test_r_reads_a_download(server: str, world: date) -> None:
    there = subprocess.run([*R, "-e", "stopifnot(requireNamespace('sf'))"], capture_output=True, check=False)
    if there.returncode:
        pytest.skip("R has no package sf")
    number = expected("laboratories", {"province": "01"}, world)
    assert last_line(R, "features.R", server, "laboratories", "province=01") == f"{number} features"
