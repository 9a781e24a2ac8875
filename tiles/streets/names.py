"""Which of the file's names may stand on the map."""

import unicodedata
from functools import lru_cache

from geodata.forbidden_names import find_forbidden

_MOST_LETTERS = 80
_BASE = set("abcdefghijklmnopqrstuvwxyzđ")
# Of the marks that letters of other languages carry, Vietnamese has these: â, ă, ơ and the five tones.
_MARKS = set("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")


@lru_cache(maxsize=4096)
def showable(name: str) -> str:
    """The name in NFC; "" where it is not written in Vietnamese letters, is too long, or is a forbidden one."""
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    return plain if len(plain) <= _MOST_LETTERS and _is_vietnamese(plain) and not find_forbidden(plain) else ""


def _is_vietnamese(name: str) -> bool:
    """Whether it has letters, and none that Vietnamese does not write (but f, j, w, z, which proper names do)."""
    signs = unicodedata.normalize("NFD", name.lower())
    letters = {sign for sign in signs if unicodedata.category(sign)[0] in "LM"}
    return bool(letters & _BASE) and letters <= _BASE | _MARKS and name.isprintable()
