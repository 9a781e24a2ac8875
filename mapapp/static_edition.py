"""The front end's own files under an address that names their content: `/static/<edition>/js/main.js`.

Modules import each other and style sheets name their pictures by relative addresses, so one name for all of them needs
no file to be rewritten, and a browser may keep each of them for ever. An edition is a folder of copies with their
compressed forms beside them. Those before it stay for a while: a page that was opened before a new one came asks them
for what it loads late.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware

SOURCES = Path(settings.BASE_DIR) / "static"
VENDOR = "vendor"
_MOST_KEPT = 8
_DIGITS = 12


class EditionStorage(StaticFilesStorage):
    """Gives the address of a file: with the edition where it is our own, else (vendor, admin) without."""

    def url(self, name: str | None) -> str:
        own = name and not settings.DEBUG and name in own_files()
        return super().url(f"{edition()}/{name}" if own else name)


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Serves all editions beside the files as they lie in static/."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not self.autorefresh:
            edition()
            for folder in _editions():
                self.add_files(str(folder), prefix=f"{self.static_prefix}{folder.name}/")


@cache
def edition() -> str:
    """The name of the edition that is served; its folder is made where it is missing."""
    digest = hashlib.sha256()
    for name, path in own_files().items():
        digest.update(f"{name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    name = digest.hexdigest()[:_DIGITS]
    if not (settings.STATIC_EDITIONS / name).is_dir():
        _make(name)
    return name


@cache
def own_files() -> dict[str, Path]:
    """Our own files under static/ by their name there, in its order."""
    found = {path.relative_to(SOURCES).as_posix(): path for path in sorted(SOURCES.rglob("*")) if path.is_file()}
    return {name: path for name, path in found.items() if not name.startswith(f"{VENDOR}/")}


def _make(name: str) -> None:
    """Several processes may come to this at once: each writes aside, the first one's folder stays."""
    settings.STATIC_EDITIONS.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=settings.STATIC_EDITIONS))
    unfinished.chmod(0o755)  # A web server in front reads it too.
    try:
        _fill(unfinished)
        unfinished.rename(settings.STATIC_EDITIONS / name)
    except OSError:
        if not (settings.STATIC_EDITIONS / name).is_dir():
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    for old in sorted(_editions(), key=lambda folder: folder.stat().st_mtime)[:-_MOST_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _fill(folder: Path) -> None:
    """Copies all our files into it, each with its compressed forms."""
    compressor = Compressor(quiet=True)
    for file, source in own_files().items():
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        compressor.compress(str(target))


def _editions() -> Iterator[Path]:
    return (folder for folder in settings.STATIC_EDITIONS.iterdir() if len(folder.name) == _DIGITS)
