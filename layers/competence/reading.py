"""A question in words read into a Competence: activities, terms and quantities.

From left to right the longest words that the thesaurus knows are taken together; what it does not know must occur as
it is. Nothing here asks the database: what words occur in the data is told by a `Lexicon`.
"""

from dataclasses import dataclass
from typing import Protocol

from geodata.keystrokes import typed_words
from geodata.text import search_key, words
from layers.competence.quantities import Quantity, take_quantities
from layers.competence.slips import likelier_first, may_slip, one_letter_away, two_letters_away
from layers.competence.thesaurus import Entry, Words, bare, entries, longest, vocabulary

MOST_TERMS = 12

# People say testing for what a medical laboratory does as well, and verification of devices and of lifts alike.
_ACTIVITIES_MEANT = {
    "testing": ("testing", "medical_examination"),
    "medical_examination": ("medical_examination", "testing"),
    "device_verification": ("device_verification", "goods_verification"),
    "certification": ("product_certification", "system_certification", "person_certification"),
}


@dataclass(frozen=True)
class Phrase:
    """Words that stand together. `exact`: with these accents; else accents do not matter. `begun`: the last word
    may go on.
    """

    said: Words
    exact: bool = False
    begun: bool = False


@dataclass(frozen=True)
class Term:
    """One thing that must be said, in any of these ways. `weak` ones need not be."""

    ways: tuple[Phrase, ...]
    weak: bool = False

    @property
    def name(self) -> str:
        """How it is called where the question is repeated: the first way."""
        return " ".join(self.ways[0].said)


@dataclass(frozen=True)
class Competence:
    """What is asked of one scope line. Empty `activities`: any. All `terms` but weak ones must be said by it.

    `called` is what the activity was called (`kiểm định`), "" where none was said.
    """

    activities: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    called: str = ""

    @property
    def text(self) -> str:
        """The question as text that is read as the same."""
        return " ".join(self.parts)

    @property
    def parts(self) -> list[str]:
        """What is asked, word by word: the activity, the terms, the quantities."""
        named = [self.called] if self.called else []
        return [*named, *(term.name for term in self.terms), *(quantity.text for quantity in self.quantities)]

    @property
    def needed(self) -> tuple[Term, ...]:
        """The terms that a line must say; the weak ones where there are no others."""
        return tuple(term for term in self.terms if not term.weak) or self.terms

    def __bool__(self) -> bool:
        return bool(self.activities or self.terms or self.quantities)


class Lexicon(Protocol):
    """The words that occur in the data."""

    def known(self, asked: set[str]) -> set[str]:
        """Which of these words occur."""

    def begun(self, start: str) -> bool:
        """Whether a word begins so."""

    def like(self, word: str) -> list[str]:
        """Words that occur and that `word` may be a slip of, the likeliest first."""


def read(text: str, *, lexicon: Lexicon | None = None, typing: bool = False, doubting: bool = False) -> Competence:
    """What the text asks for. With a lexicon words that occur nowhere are read as keystrokes or slips of others, with
    `doubting` also those that do occur, where known words come of it; with `typing` the last word may still go on.
    A text without words or quantities gives an empty Competence.
    """
    rest, quantities = take_quantities(text)
    said = words(rest)[: 4 * MOST_TERMS]
    typing = typing and rest[-1:].isalnum()
    if lexicon is not None:
        said = mended(said, lexicon, typing=typing, doubting=doubting)
    activities, terms, called = _taken(said, typing=typing)
    return Competence(activities, terms[:MOST_TERMS], quantities, called)


def mended(said: list[str], lexicon: Lexicon, *, typing: bool = False, doubting: bool = False) -> list[str]:
    """The words, each that occurs nowhere replaced by what its keystrokes mean or by the word it is a slip of.

    Of several words it may be a slip of the one is taken that makes the longest known words with its neighbours.
    """
    options = _options_of_all(said, lexicon, typing=typing)
    chosen = [several[0] for several in options]
    for place, several in enumerate(options):
        chosen[place] = max(several, key=lambda one: _fits(chosen, place, one))
    if doubting:
        chosen = _doubted(chosen, lexicon)
    return [part for word in chosen for part in word.split()]


def _doubted(chosen: list[str], lexicon: Lexicon) -> list[str]:
    """The words with the one replaced whose slip would make the longest known words with its neighbours."""
    slips = [
        (_fits(chosen, place, option), -place, option)
        for place, word in enumerate(chosen)
        for option in _like(search_key(word), lexicon)
        if _fits(chosen, place, option) > _fits(chosen, place, word)
    ]
    if not slips:
        return chosen
    longest_made = max(length for length, _, _ in slips)
    _, place, option = next(slip for slip in slips if slip[0] == longest_made)
    return [*chosen[:-place], option, *chosen[-place + 1 :]]


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


def _options_of_all(said: list[str], lexicon: Lexicon, *, typing: bool) -> list[list[str]]:
    asked = {form for word in said for form in _forms(word)}
    known = lexicon.known(asked) | (asked & vocabulary())
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
    near = likelier_first(word, sorted(one_letter_away(word) & vocabulary()))
    return list(dict.fromkeys([*near, *lexicon.like(word)])) or two_letters_away(word, vocabulary())


def _fits(chosen: list[str], place: int, option: str) -> int:
    """How many words the longest entry has that the option is part of, between its neighbours."""
    here = [*chosen[:place], option, *chosen[place + 1 :]]
    spans = (
        here[start:end]
        for start in range(max(0, place - longest()), place + 1)
        for end in range(place + 1, min(len(here), start + longest()) + 1)
    )
    return max((len(span) for span in spans if bare(tuple(span)) in entries()), default=0)


def _parted(word: str) -> list[str]:
    """Letters and digits written together, apart: `tcvn6492` → `tcvn`, `6492`. Empty for anything else."""
    for place in range(1, len(word)):
        if word[:place].isalpha() and word[place:].isdigit():
            return [word[:place], word[place:]]
    return []


def _taken(said: list[str], *, typing: bool) -> tuple[tuple[str, ...], tuple[Term, ...], str]:
    activities: dict[str, None] = {}
    terms: dict[Term, None] = {}
    called = ""
    plain = all(word == search_key(word) for word in said)
    place = 0
    while place < len(said):
        length, found = _longest_entry(said, place, plain=plain)
        if typing and length < len(said) - place <= longest():
            begun = _entries_begun(tuple(said[place:]))
            length, found = (len(said) - place, begun) if begun else (length, found)
        last = typing and place + length == len(said)
        here = tuple(said[place : place + length])
        place += length
        kinds = {entry.kind for entry in found}
        if kinds == {"stop"}:
            continue
        named = sorted(kinds - {"term", "weak", "stop"})
        if named and "term" not in kinds:
            called = called or " ".join(here)
            activities |= dict.fromkeys(code for kind in named for code in _ACTIVITIES_MEANT.get(kind, (kind,)))
            continue
        terms[_term(here, found, begun=last)] = None
    return tuple(activities), tuple(terms), called


def _longest_entry(said: list[str], place: int, *, plain: bool) -> tuple[int, tuple[Entry, ...]]:
    """How many words from here are one entry, and which; one word and none where nothing is known."""
    for length in range(min(longest(), len(said) - place), 0, -1):
        here = tuple(said[place : place + length])
        found = tuple(
            entry
            for entry in entries().get(bare(here), ())
            if entry.is_said_by(here) and (entry.kind != "stop" or plain or entry.spelt == here)
        )
        if found:
            return length, found
    return 1, ()


def _entries_begun(here: Words) -> tuple[Entry, ...]:
    """The entries of several words that these are the beginning of, where they are all of one kind: `hieu chu`."""
    start = " ".join(bare(here))
    found = [
        entry
        for key, several in entries().items()
        if len(key) == len(here) and " ".join(key).startswith(start)
        for entry in several
        if len(entry.spelt) == len(here) and entry.is_said_by((*here[:-1], entry.spelt[-1]))
    ]
    return tuple(found) if len({entry.kind for entry in found}) == 1 else ()


def _term(here: Words, found: tuple[Entry, ...], *, begun: bool) -> Term:
    """The words themselves, without regard to accents where they have none, and all that means the same."""
    own = Phrase(here, exact=here != bare(here), begun=begun)
    meant = dict.fromkeys(way for entry in found for way in entry.meant)
    ways = dict.fromkeys([own, *(Phrase(way, exact=True) for way in meant)])
    return Term(tuple(ways), weak=bool(found) and all(entry.kind in ("weak", "stop") for entry in found))
