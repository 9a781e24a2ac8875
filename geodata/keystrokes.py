"""Vietnamese typed without a keyboard program: Telex (`nuwowcs`), VNI (`nu7o71c`) keystrokes read as the words meant.

The two ways are those of the common keyboard programs; a tone may stand behind its vowel or at the end of the word.
"""

import re
import unicodedata

from geodata.text import search_key

Marks = tuple[tuple[str, str], ...]
_TONE = {"grave": "\u0300", "acute": "\u0301", "hook": "\u0309", "tilde": "\u0303", "dot": "\u0323"}
_TELEX_TONES = dict(zip("fsrxj", _TONE.values(), strict=True))
_VNI_TONES = dict(zip("21345", _TONE.values(), strict=True))
_TELEX_MARKS: Marks = (("dd", "đ"), ("uow", "ươ"), ("uwow", "ươ"), ("uwo", "ươ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"))
_TELEX_MARKS += (("aw", "ă"), ("ow", "ơ"), ("uw", "ư"), ("w", "ư"))
_VNI_MARKS: Marks = (("u7o7", "ươ"), ("uo7", "ươ"), ("u7o", "ươ"), ("a6", "â"), ("e6", "ê"), ("o6", "ô"))
_VNI_MARKS += (("a8", "ă"), ("o7", "ơ"), ("u7", "ư"), ("d9", "đ"))

_SYLLABLE = re.compile(
    r"(?:ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:uye|uya|oai|oay|oeo|uay|uoi|uou|ieu|yeu|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])"
    r"(?:ch|ng|nh|[cmnpt])?"
)


def typed_words(word: str) -> list[str]:
    """What the keystrokes of a word may mean: Vietnamese syllables in their accents, none where they mean nothing.

    `word` is in lower case. A word that holds no keystroke of either way gives none.
    """
    meant = (_vni(word), _telex(word))
    return [text for text in dict.fromkeys(meant) if text and text != word and _SYLLABLE.fullmatch(search_key(text))]


def _telex(word: str) -> str:
    """The word that Telex makes of letters; "" where they hold no more than one reading allows."""
    if not word.isascii() or not word.isalpha():
        return ""
    return _composed(word, _TELEX_TONES, _TELEX_MARKS, apart=_telex_apart)


def _vni(word: str) -> str:
    """The word that VNI makes of letters and digits; "" for anything else."""
    if not word.isascii() or not any(sign.isdigit() for sign in word) or not word[0].isalpha():
        return ""
    return _composed(word, _VNI_TONES, _VNI_MARKS, apart=_vni_apart)


def _composed(word: str, tones: dict[str, str], marks: Marks, *, apart) -> str:  # type: ignore[no-untyped-def]
    letters, tone = apart(word, tones)
    letters = re.sub("uo[w7]$", "uơ", _gathered(letters))  # thuở: only before another letter is it ươ
    for strokes, letter in marks:
        letters = letters.replace(strokes, letter)
    return _with_tone(letters, tone) if letters.isalpha() else ""


def _telex_apart(word: str, tones: dict[str, str]) -> tuple[str, str]:
    """The letters without the tone key: the last one behind a vowel (`chif`, `nuwowsc`), if there is one."""
    for place in range(len(word) - 1, 0, -1):
        if word[place] in tones and re.search("[aeiouyw]", word[:place]) and not re.search("[aeiouy]", word[place:]):
            return word[:place] + word[place + 1 :], tones[word[place]]
    return word, ""


def _vni_apart(word: str, tones: dict[str, str]) -> tuple[str, str]:
    found = [sign for sign in word if sign in tones]
    return "".join(sign for sign in word if sign not in tones), tones[found[-1]] if found else ""


def _gathered(letters: str) -> str:
    """Marks typed at the end of a word, beside the vowel that they belong to: `nuoc7` and `hieue` are as good."""
    late = re.fullmatch(r"([a-z]*?)([aeo])([iuymnpcgth]+)(\2|[678])", letters)
    if late:
        return late[1] + late[2] + late[4] + late[3]
    barred = re.fullmatch(r"d([a-z678]+)(9|d)", letters)
    return f"d{barred[2]}{barred[1]}" if barred else letters


def _with_tone(letters: str, tone: str) -> str:
    """The syllable with its tone on the vowel that carries it."""
    if not tone:
        return letters
    vowels = [place for place, letter in enumerate(letters) if search_key(letter) in "aeiouy"]
    if letters.startswith(("qu", "gi")) and len(vowels) > 1:
        vowels = vowels[1:]
    if not vowels:
        return ""
    place = _carrier(letters, vowels)
    return unicodedata.normalize("NFC", letters[: place + 1] + tone + letters[place + 1 :])


def _carrier(letters: str, vowels: list[int]) -> int:
    """The place of the vowel that carries the tone: the one with a mark, else before a last vowel, else the last."""
    marked = [place for place in vowels if letters[place] in "ăâêôơư"]
    if marked:
        return marked[-1]
    closed = vowels[-1] < len(letters) - 1
    return vowels[-1] if len(vowels) == 1 or closed else vowels[-2]
