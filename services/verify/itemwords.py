"""Whether a text has all the words that were asked for: whole words, and where accents were typed with these accents.

“chì” (lead) is not “chỉ” (indicating), and neither is a part of “chiều”: a word too many would call valid what is not.
"""

import re
import unicodedata

Word = tuple[str, tuple[str, ...]]

_WORD = re.compile(r"\w+")


def words_of(text: str) -> tuple[Word, ...]:
    """Each word once, in order: its bare letters, and its accents whatever letter of it they stand on.

    So `hoá` and `hóa` are one word, composed or decomposed; `đ` is a d with a stroke.
    """
    return tuple(dict.fromkeys(map(_word, _WORD.findall(unicodedata.normalize("NFC", text).lower()))))


def has_words(text: str, words: tuple[Word, ...]) -> bool:
    """Whether all words are in the text; one without accents also as a word that has some. Never true of no words."""
    there = words_of(text)
    bare = {letters for letters, _ in there}
    return bool(words) and all(word in there or (not word[1] and word[0] in bare) for word in words)


def _word(text: str) -> Word:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d\u0335"))
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return letters, tuple(sorted(sign for sign in decomposed if unicodedata.combining(sign)))
