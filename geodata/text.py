"""Texts without their accents: to compare them whatever the spelling, and to write names in English."""

import unicodedata


def search_key(text: str) -> str:
    """The text as searches compare it: lower case, no diacritics, đ as d, single spaces.

    `Hoà Bình`, `Hòa Bình` and `HOA  BINH` give the same key, composed or decomposed. Empty stays empty.
    """
    lowered = unicodedata.normalize("NFC", text).lower().replace("đ", "d")
    decomposed = unicodedata.normalize("NFD", lowered)
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(letters.split())


def without_accents(text: str) -> str:
    """The text in plain Latin letters, case kept: `Đà Nẵng` → `Da Nang`."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(letter for letter in plain if not unicodedata.combining(letter)))
