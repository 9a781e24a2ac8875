"""The first drawing in QGIS of the largest layer: the project opened, then the whole country drawn, nothing kept."""

import json
import subprocess
import tempfile
from pathlib import Path
from urllib.request import urlopen

from bench import figures
from bench.figures import Figure
from bench.places import LAYER
from bench.running import Running, forget_tiles, server
from scripts.packages import PYQGIS

TITLE = "QGIS"
GOAL = "QGIS, first drawing"
LIMIT_MS = 5000
COUNTRY, CITY, ROWS = "opened, the whole country drawn", "a city drawn", "all rows of some streets by WFS"
_PROGRAM = Path(__file__).parent.parent / "qgis_program.py"
_CITY = [11_838_000, 1_180_000, 11_918_000, 1_233_000]
_STREETS = [11_874_000, 1_204_500, 11_880_000, 1_208_500]


def measure(*, small: bool) -> list[Figure]:
    """The first drawing of three views, each by a QGIS that never ran before; none where QGIS is not installed."""
    if not PYQGIS.exists():
        return [Figure(GOAL, COUNTRY, "ours", 0, 0, 0, note="QGIS is not installed")]
    rounds = 2 if small else 5
    with server() as running:
        return [
            _measured(running, COUNTRY, [], [], rounds),
            _measured(running, CITY, [], _CITY, rounds),
            _measured(running, ROWS, [f"rows_{LAYER}", "tiles_basemap"], _STREETS, rounds),
        ]


def _measured(running: Running, what: str, layers: list[str], box: list[int], rounds: int) -> Figure:
    taken = [_drawn(running, layers, box) for _ in range(rounds)]
    return figures.of(GOAL, what, "ours", [one["opened"] + one["drawn"] for one in taken], features=taken[0]["marks"])


def _drawn(running: Running, layers: list[str], box: list[int]) -> dict:
    """What one new QGIS took, with no tile stored. Raises RuntimeError where it could not draw."""
    forget_tiles()
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "map.qgs"
        with urlopen(f"{running.address}/qgis/map.qgs?layers={LAYER}") as answer:  # noqa: S310 - our own address
            path.write_bytes(answer.read())
        environment = {"PATH": "/usr/bin:/bin", "HOME": home, "XDG_RUNTIME_DIR": home, "LANG": "C.UTF-8"}
        command = ["/usr/bin/python3", str(_PROGRAM), str(path), json.dumps(layers), json.dumps(box)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, timeout=300)
    told = json.loads(done.stdout)
    if told["errors"]:
        raise RuntimeError("; ".join(told["errors"]))
    return told
