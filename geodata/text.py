"""Texts as they are compared and looked for: without accents, with them in one spelling, and letter by letter."""

import re
import unicodedata

LONGEST_WORD = 60
"""In letters: longer ones are cut, for the database takes none of any length."""
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# hoà, khoẻ, thuý: the older way to place the tone. After q the u belongs to the consonant: quý stays.
_OLD_PLACING = re.compile(rf"(?<!q)(o[ae]|uy)([{_TONES}])(?![^\W\d_])")
_WORD = re.compile(r"[^\W_]+")


def search_key(text: str) -> str:
    """The text as searches compare it: lower case, no diacritics, đ as d, single spaces.

    `Hoà Bình`, `Hòa Bình` and `HOA  BINH` give the same key, composed or decomposed. Empty stays empty.
    """
    lowered = unicodedata.normalize("NFC", text).lower().replace("đ", "d")
    return " ".join(_bare(lowered).split())


def without_accents(text: str) -> str:
    """The text in plain Latin letters, case kept: `Đà Nẵng` → `Da Nang`."""
    return unicodedata.normalize("NFC", _bare(text.replace("đ", "d").replace("Đ", "D")))


def words(text: str) -> list[str]:
    """The words of a text in their order: runs of letters and digits, lower case, accents kept in the statutory
    spelling (hòa, not hoà), superscripts as digits, each at most LONGEST_WORD letters. Empty without any.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower())
    moved = _OLD_PLACING.sub(lambda found: found[1][0] + found[2] + found[1][1], decomposed)
    return [word[:LONGEST_WORD] for word in _WORD.findall(unicodedata.normalize("NFKC", moved))]


def _bare(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
