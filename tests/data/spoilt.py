"""Queries as they are spoilt at the keyboard: without accents, in Telex or VNI, with a slip, with a tone elsewhere."""

import random
import unicodedata

from geodata.text import without_accents

_TELEX = {"â": "aa", "ă": "aw", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI = {"â": "a6", "ă": "a8", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "đ": "d9"}
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_TELEX_TONES = dict(zip(_TONES, "fsrxj", strict=True))
_VNI_TONES = dict(zip(_TONES, "21345", strict=True))
_OLD = {"òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "òe": "oè"}
_OLD |= {"óe": "oé", "ỏe": "oẻ", "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ"}
_NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wqwrtyuioasasdfghjkzxcvbbn", strict=True))


def typed(text: str, *, marks: dict[str, str], tones: dict[str, str]) -> str:
    """The keystrokes of a text, each tone at the end of its word."""
    return " ".join(_typed_word(word, marks, tones) for word in text.split())


def _typed_word(word: str, marks: dict[str, str], tones: dict[str, str]) -> str:
    keys, tone = "", ""
    for letter in unicodedata.normalize("NFC", word):
        parts = unicodedata.normalize("NFD", letter)
        tone = next((tones[part] for part in parts if part in tones), tone)
        bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        keys += marks.get(bare, bare)
    return keys + tone


def telex(text: str) -> str:
    """`chì` → `chif`, `nước` → `nuwowcs`."""
    return typed(text.lower(), marks=_TELEX, tones=_TELEX_TONES)


def vni(text: str) -> str:
    """`chì` → `chi2`, `nước` → `nu7o7c1`."""
    return typed(text.lower(), marks=_VNI, tones=_VNI_TONES)


def old_placing(text: str) -> str:
    """`hóa` → `hoá`."""
    for new, old in _OLD.items():
        text = text.replace(new, old)
    return text


def slip(text: str, rng: random.Random) -> str:
    """One slip in one word of four letters or more: a letter left out, doubled, exchanged or missed."""
    words = text.split()
    long = [place for place, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if not long:
        return text
    place = rng.choice(long)
    words[place] = _slipped(words[place], rng)
    return " ".join(words)


def _slipped(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    missed = _NEIGHBOURS.get(without_accents(word[at]).lower(), word[at])
    return rng.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + missed + word[at + 1 :],
        ]
    )


def spoilt(text: str, rng: random.Random) -> tuple[str, str]:
    """How the text was spoilt, and what became of it."""
    ways = {
        "without accents": without_accents,
        "telex": telex,
        "vni": vni,
        "old placing": old_placing,
        "slip": lambda one: slip(one, rng),
        "slip without accents": lambda one: slip(without_accents(one), rng),
    }
    name = rng.choice(list(ways))
    return name, ways[name](text)
