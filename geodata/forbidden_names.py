"""Names that no map of Viet Nam may carry: foreign names of its archipelagos and its sea, and claims over them."""

import unicodedata
from collections.abc import Iterable
from functools import cache

FORBIDDEN_NAMES = (
    # Foreign names of Hoàng Sa and Trường Sa
    "Paracel", "Paracels", "Pracel", "Spratly", "Spratlys", "Xisha", "Hsisha", "Hsi-sha", "Nansha", "Sansha",
    "Zhongsha", "Dongsha", "Quần đảo Tây Sa", "Quần đảo Nam Sa", "Thành phố Tam Sa", "Kalayaan",
    "Kepulauan Spratly", "Gugusan Semarang Peninjau",
    "西沙", "南沙", "三沙", "中沙", "パラセル", "スプラトリー", "파라셀", "스프래틀리",
    "Парасельские", "Спратли", "Парасел",
    # Single islands and reefs under foreign names
    "Woody Island", "Yongxing", "永兴", "永興", "Itu Aba", "Taiping Dao", "Taiping Island", "太平岛", "太平島",
    "Fiery Cross", "Yongshu", "Mischief Reef", "Meiji Reef", "Subi Reef", "Zhubi", "Pag-asa", "Pagasa Island",
    "Thitu", "Triton Island", "Pattle Island", "Lincoln Island", "Johnson South Reef", "Cuarteron Reef",
    "Gaven Reef", "Hughes Reef", "Crescent Group", "Amphitrite Group", "Swallow Reef", "Layang-Layang",
    # Foreign names of the sea, and the lines claimed in it
    "South China Sea", "China Sea", "Mer de Chine", "Biển Nam Trung Hoa", "Biển Hoa Nam",
    "West Philippine Sea", "Laut China Selatan", "Laut Cina Selatan", "Nan Hai", "Nanhai",
    "Südchinesisches Meer", "Южно-Китайское", "南海", "南中国海", "南中國海", "남중국해", "ทะเลจีนใต้",
    "Nine-dash", "Nine dash", "9-dash", "Ten-dash", "Eleven-dash", "U-shaped line", "Cow's tongue",
    "Đường lưỡi bò", "Lưỡi bò", "九段线", "九段線", "十段线", "十段線",
)  # fmt: skip


def find_forbidden(text: str) -> list[str]:
    """The forbidden names in a text, in the order of the list; empty when there is none.

    Case, hyphens and extra spaces do not hide a name. Where a script has words, only whole words count.
    """
    padded = f" {_plain(text)} "
    return [name for name, wanted in _wanted().items() if wanted in padded]


def find_forbidden_in(texts: Iterable[str]) -> dict[str, list[str]]:
    """By text, the forbidden names in it; only texts that have any."""
    found = {text: find_forbidden(text) for text in texts if text}
    return {text: names for text, names in found.items() if names}


@cache
def _wanted() -> dict[str, str]:
    """What to look for, by forbidden name: with a space on both sides where the script has words."""
    plain = {name: _plain(name) for name in FORBIDDEN_NAMES}
    return {name: f" {letters} " if _is_latin(letters) else letters for name, letters in plain.items()}


def _is_latin(name: str) -> bool:
    return all("LATIN" in unicodedata.name(letter, "") for letter in name if letter.isalpha())


def _plain(text: str) -> str:
    """Lower case, composed, with every mark of punctuation as a single space."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    return " ".join("".join(letter if _is_letter(letter) else " " for letter in lowered).split())


def _is_letter(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter).startswith("M")
