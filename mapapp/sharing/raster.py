"""SVG to PNG, for networks that show no other preview (docs/decisions/server-picture.md). The only user of resvg."""

import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont
from resvg_py import svg_to_bytes

_FAMILY = "Be Vietnam Pro"
_FACES = {"400-normal": 400, "600-normal": 600, "400-italic": 400}
# Which names of a font say its family: each weight is one of its own until they are made alike.
_FAMILY_NAMES = (1, 16)


def png_of(svg: str) -> bytes:
    """The picture in its own size. Its letters are ours, whatever fonts the system has."""
    return bytes(svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=list(_fonts()), font_family=_FAMILY))


@cache
def _fonts() -> tuple[str, ...]:
    """The page's fonts as plain files, unpacked once per process: resvg reads no WOFF2."""
    return tuple(_unpacked(face, Path(_folder().name)) for face in _FACES)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Goes with the process."""
    return tempfile.TemporaryDirectory(prefix="map-fonts-")


def _unpacked(face: str, folder: Path) -> str:
    found = next((settings.BASE_DIR / "static/vendor/be-vietnam-pro").glob(f"*/*-{face}.woff2"))
    font = TTFont(found)
    font.flavor = None
    font["OS/2"].usWeightClass = _FACES[face]
    for record in font["name"].names:
        if record.nameID in _FAMILY_NAMES:
            record.string = _FAMILY
    path = folder / f"{face}.ttf"
    font.save(path)
    return str(path)
