"""Merge the subsets of Be Vietnam Pro into one WOFF2 per weight, for page and map alike.

The package ships Latin, extended Latin and Vietnamese apart, for browsers that pick by `unicode-range`. The
map draws its labels from the same fonts on a canvas, where a word over two files would wait for both.
Run by .venv's Python: `.venv/bin/python -m scripts.fonts <source folder> <target folder>`.
"""

import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

FACES = ("400-normal", "500-normal", "600-normal", "700-normal", "400-italic")
# The order counts: where two subsets hold a letter, the first one's shape stays.
SUBSETS = ("latin", "vietnamese", "latin-ext")
VIETNAMESE = (
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
    "AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬBCDĐEÈÉẺẼẸÊỀẾỂỄỆGHIÌÍỈĨỊKLMNOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢPQRSTUÙÚỦŨỤƯỪỨỬỮỰVXYỲÝỶỸỴ₫0123456789"
)


def merge_face(source: Path, target: Path, face: str) -> Path:
    """Write one face with all subsets; returns its path. ValueError when a Vietnamese letter is missing."""
    with tempfile.TemporaryDirectory() as folder:
        parts = [_unpacked(source, subset, face, Path(folder)) for subset in SUBSETS]
        font = Merger().merge([str(part) for part in parts])
    missing = set(VIETNAMESE) - {chr(code) for code in font.getBestCmap()}
    if missing:
        raise ValueError(f"be-vietnam-pro {face} lacks {''.join(sorted(missing))}")
    path = target / f"be-vietnam-pro-{face}.woff2"
    font.flavor = "woff2"
    font.save(path)
    return path


def _unpacked(source: Path, subset: str, face: str, folder: Path) -> Path:
    """One subset as a plain font file: the merger reads no WOFF2."""
    path = folder / f"{subset}.ttf"
    font = TTFont(source / f"be-vietnam-pro-{subset}-{face}.woff2")
    font.flavor = None
    font.save(path)
    return path


if __name__ == "__main__":
    for name in FACES:
        merge_face(Path(sys.argv[1]), Path(sys.argv[2]), name)
