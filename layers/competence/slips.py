"""Words that a word may be a slip of, judged by their letters alone."""

from collections.abc import Iterable
from string import ascii_lowercase

from rapidfuzz.distance import OSA

# Shorter words have too many neighbours, and only longer ones may be two letters away.
SHORTEST, LONG, LONGEST = 3, 7, 24
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    key: row[max(0, place - 1) : place] + row[place + 1 : place + 2] for row in _ROWS for place, key in enumerate(row)
}


def one_letter_away(word: str) -> set[str]:
    """Every word that one slip makes of this: a letter left out, put in, changed, or two exchanged."""
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    left_out = {before + after[1:] for before, after in parts if after}
    exchanged = {before + after[1] + after[0] + after[2:] for before, after in parts if len(after) > 1}
    changed = {before + letter + after[1:] for before, after in parts if after for letter in ascii_lowercase}
    put_in = {before + letter + after for before, after in parts for letter in ascii_lowercase}
    return (left_out | exchanged | changed | put_in) - {word}


def two_letters_away(word: str, others: Iterable[str]) -> list[str]:
    """Those of the others that are at most two slips from a long word, the nearer first; none for a short one."""
    if len(word) < LONG:
        return []
    apart = {other: OSA.distance(other, word, score_cutoff=2) for other in others}
    return sorted((other for other in apart if apart[other] <= 2), key=lambda other: (apart[other], other))


def likelier_first(word: str, others: Iterable[str]) -> list[str]:
    """The words by how fingers slip, otherwise in their order: a letter repeated or two exchanged, one left out, the
    key beside it; then all others.
    """
    return sorted(others, key=lambda other: _unlikely(word, other))


def _unlikely(word: str, other: str) -> int:
    if sorted(word) == sorted(other) or _repeats(word, other):
        return 0
    if len(other) == len(word) + 1:
        return 1
    pairs = [(typed, meant) for typed, meant in zip(word, other, strict=False) if typed != meant]
    beside = len(word) == len(other) and len(pairs) == 1 and pairs[0][0] in _BESIDE.get(pairs[0][1], "")
    return 2 if beside else 3


def _repeats(word: str, other: str) -> bool:
    return len(word) == len(other) + 1 and any(
        word[place] == word[place - 1] and word[:place] + word[place + 1 :] == other for place in range(1, len(word))
    )


def may_slip(word: str) -> bool:
    """Whether it makes sense to look for what the word is a slip of: letters, and not too few."""
    return SHORTEST <= len(word) <= LONGEST and word.isascii() and not word.isdigit()
