"""Merge the subsets of Be Vietnam Pro into one WOFF2 per weight, for page and map alike.

The package ships Latin, extended Latin and Vietnamese apart, for browsers that pick by `unicode-range`. The
map draws its labels from the same fonts on a canvas, where a word over two files would wait for both.
Run by .venv's Python: `.venv/bin/python -m scripts.fonts <source folder> <target folder>`.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from fontTools.merge import Merger
from fontTools.otlLib.builder import SingleSubstBuilder
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

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
    add_tabular_figures(font)
    path = target / f"be-vietnam-pro-{face}.woff2"
    font.flavor = "woff2"
    font.save(path)
    return path


def add_tabular_figures(font: TTFont) -> None:
    """Give the font figures as wide as its 0 under the feature `tnum`: it has none, and columns need them."""
    names = font.getBestCmap()
    figures = [names[ord(figure)] for figure in "0123456789"]
    width = font["hmtx"][names[ord("0")]][0]
    _add_substitution(font, "tnum", {name: _twin(font, name, width) for name in figures})


def _twin(font: TTFont, name: str, width: int) -> str:
    """Add a glyph of the same shape, centred in that width; returns its name."""
    advance, left = font["hmtx"][name]
    shift = (width - advance) // 2
    pen = TTGlyphPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(TransformPen(pen, (1, 0, 0, 1, shift, 0)))
    twin = f"{name}.tnum"
    font.setGlyphOrder([*font.getGlyphOrder(), twin])
    font["glyf"][twin] = pen.glyph()
    font["hmtx"][twin] = (width, left + shift)
    return twin


def _add_substitution(font: TTFont, tag: str, mapping: dict[str, str]) -> None:
    """Add a feature that swaps glyphs, for every script and language; its tag sorts after those there."""
    builder = SingleSubstBuilder(font, None)
    builder.mapping = mapping
    table = font["GSUB"].table
    table.LookupList.Lookup.append(builder.build())
    feature = otTables.FeatureRecord()
    feature.FeatureTag, feature.Feature = tag, otTables.Feature()
    feature.Feature.FeatureParams = None
    feature.Feature.LookupListIndex = [len(table.LookupList.Lookup) - 1]
    table.FeatureList.FeatureRecord.append(feature)
    for system in _language_systems(table):
        system.FeatureIndex.append(len(table.FeatureList.FeatureRecord) - 1)


def _language_systems(table: Any) -> list[Any]:
    scripts = [record.Script for record in table.ScriptList.ScriptRecord]
    named = [record.LangSys for script in scripts for record in script.LangSysRecord]
    return [script.DefaultLangSys for script in scripts if script.DefaultLangSys] + named


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
