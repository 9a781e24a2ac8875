"""Words that occur nowhere, read as what their keystrokes mean or as the words that they are a slip of."""

from typing import Protocol

from geodata.keystrokes import typed_words
from geodata.text import search_key
from layers.competence.slips import likelier_first, may_slip, one_letter_away, two_letters_away
from layers.competence.thesaurus import bare, entries, longest, meaningful, vocabulary

MOST_SLIPS = 6
"""So many words of a question are looked for among others; a longer one of nonsense words stays as it is."""


class Lexicon(Protocol):
    """The words that occur in the data."""

    def known(self, asked: set[str]) -> set[str]:
        """Which of these words occur."""

    def begun(self, start: str) -> bool:
        """Whether a word begins so."""

    def like(self, word: str) -> list[str]:
        """Words that occur and that `word` may be a slip of, the likeliest first."""


def mended(said: list[str], lexicon: Lexicon, *, typing: bool = False, doubting: bool = False) -> list[str]:
    """The words, each that occurs nowhere replaced by what its keystrokes mean or by the word it is a slip of.

    Of several words it may be a slip of the one is taken that makes the longest known words with its neighbours. A word
    that occurs stays, unless its keystrokes do that: `bee` is one in `bee honey`, and bê in `bee toong`. With
    `typing` the last word may still go on; with `doubting` one word that does occur is taken for a slip, too.
    """
    options = _options_of_all(said, lexicon, typing=typing)
    chosen = [several[0] for several in options]
    typed = [next(iter(typed_words(word)), own) for word, own in zip(said, chosen, strict=True)]
    for place, several in enumerate(options):
        best = max(several, key=lambda one: _fits(chosen, place, one))
        makes_name = _fits(typed, place, typed[place]) > max(1, _fits(chosen, place, best))
        chosen[place] = typed[place] if makes_name else best
    if doubting:
        chosen = _doubted(chosen, lexicon)
    return [part for word in chosen for part in word.split()]


def possible(said: list[str], lexicon: Lexicon, *, typing: bool = False) -> list[list[str]]:
    """What all the words may be, likeliest first: one word is taken otherwise at a time."""
    options = _options_of_all(said, lexicon, typing=typing)
    first = [several[0] for several in options]
    found = [first]
    for rank in range(1, max(map(len, options), default=0)):
        for place, several in enumerate(options):
            if rank < len(several):
                found.append([*first[:place], several[rank], *first[place + 1 :]])
    return [[part for word in several for part in word.split()] for several in found]


def _doubted(chosen: list[str], lexicon: Lexicon) -> list[str]:
    """The words with the one replaced whose slip would make the longest known words with its neighbours."""
    slips = [
        (_fits(chosen, place, option), place, option)
        for place, word in enumerate(chosen[:MOST_SLIPS])
        for option in _like(search_key(word), lexicon)
        if _fits(chosen, place, option) > _fits(chosen, place, word)
    ]
    if not slips:
        return chosen
    _, place, option = max(slips, key=lambda slip: slip[0])
    return [*chosen[:place], option, *chosen[place + 1 :]]


def _options_of_all(said: list[str], lexicon: Lexicon, *, typing: bool) -> list[list[str]]:
    asked = {form for word in said for form in _forms(word)}
    known = lexicon.known(asked) | (asked & vocabulary())
    strange = [word for word in said if not known.intersection(_forms(word))]
    if len(strange) > MOST_SLIPS:
        known |= set(strange[MOST_SLIPS:])
    return [_options(word, known, lexicon, last=typing and place == len(said) - 1) for place, word in enumerate(said)]


def _forms(word: str) -> list[str]:
    return [word, search_key(word), *(form for typed in typed_words(word) for form in (typed, search_key(typed)))]


def _options(word: str, known: set[str], lexicon: Lexicon, *, last: bool) -> list[str]:
    """What the word may be: itself where it occurs, else its keystrokes' meaning, its parts, words it is a slip of."""
    if word in known or search_key(word) in known:
        return [word if word in known else search_key(word)]
    meant = [form for form in _forms(word) if form in known][:1]
    if meant:
        return [*meant, *_like(search_key(word), lexicon)]
    if last and lexicon.begun(search_key(word)):
        return [word]
    parted = _parted(word)
    if parted and all(part.isdigit() or part in vocabulary() or lexicon.known({part}) for part in parted):
        return [" ".join(parted)]
    return _like(search_key(word), lexicon) or [word]


def _like(word: str, lexicon: Lexicon) -> list[str]:
    """Words of the thesaurus and of the data that the word may be a slip of, those of the thesaurus first."""
    if not may_slip(word):
        return []
    near = likelier_first(word, sorted(one_letter_away(word) & meaningful()))
    return list(dict.fromkeys([*near, *lexicon.like(word)])) or two_letters_away(word, meaningful())


def _fits(chosen: list[str], place: int, option: str) -> int:
    """How many words the longest entry has that the option is part of, between its neighbours."""
    reach, known = longest(), entries()
    before, after = chosen[max(0, place - reach + 1) : place], chosen[place + 1 : place + reach]
    here, at = bare((*before, option, *after)), len(before)
    for length in range(min(reach, len(here)), 0, -1):
        for start in range(max(0, at - length + 1), min(at, len(here) - length) + 1):
            if here[start : start + length] in known:
                return length
    return 0


def _parted(word: str) -> list[str]:
    """Letters and digits written together, apart: `tcvn6492` → `tcvn`, `6492`. Empty for anything else."""
    for place in range(1, len(word)):
        if word[:place].isalpha() and word[place:].isdigit():
            return [word[:place], word[place:]]
    return []
