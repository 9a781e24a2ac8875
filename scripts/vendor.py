"""Copy what the browser needs from node_modules to static/vendor/<package>/<version>/, names unchanged.

Beside each file that gets smaller by it lie its forms by gzip and brotli, for the server to send.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from scripts.console import run, step
from scripts.places import NODE_MODULES, ROOT, VENDOR, venv_program

MAPLIBRE_FILES = (
    "dist/maplibre-gl.mjs",
    "dist/maplibre-gl-worker.mjs",
    "dist/maplibre-gl.css",
    "LICENSE.txt",
)


def copy_packages() -> None:
    """Fill static/vendor; packages whose version already stands there are left alone."""
    _once("maplibre-gl", _copy_maplibre)
    _once("be-vietnam-pro", _merge_fonts, package="@fontsource/be-vietnam-pro")


def _once(name: str, fill: Callable[[Path, Path], None], *, package: str | None = None) -> None:
    source = NODE_MODULES / (package or name)
    target = VENDOR / name / _version(source)
    if any(target.glob("*.br")):
        return
    with step(f"Copying {name} to static/vendor"):
        shutil.rmtree(target.parent, ignore_errors=True)
        unfinished = target.with_suffix(".unfinished")
        unfinished.mkdir(parents=True)
        fill(source, unfinished)
        run([venv_program("python"), "-m", "whitenoise.compress", "--quiet", str(unfinished)], cwd=ROOT)
        unfinished.rename(target)


def _version(package: Path) -> str:
    return json.loads((package / "package.json").read_text())["version"]


def _copy_maplibre(source: Path, target: Path) -> None:
    for name in MAPLIBRE_FILES:
        shutil.copy(source / name, target)


def _merge_fonts(source: Path, target: Path) -> None:
    shutil.copy(source / "LICENSE", target)
    run([venv_program("python"), "-m", "scripts.fonts", str(source / "files"), str(target)], cwd=ROOT)


if __name__ == "__main__":
    copy_packages()
