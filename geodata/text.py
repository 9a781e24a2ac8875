"""Texts made comparable: search without accents, whatever the spelling."""

import unicodedata


def search_key(text: str) -> str:
    """The text as searches compare it: lower case, no diacritics, đ as d, single spaces.

    `Hoà Bình`, `Hòa Bình` and `HOA  BINH` give the same key, composed or decomposed. Empty stays empty.
    """
    lowered = unicodedata.normalize("NFC", text).lower().replace("đ", "d")
    decomposed = unicodedata.normalize("NFD", lowered)
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(letters.split())
