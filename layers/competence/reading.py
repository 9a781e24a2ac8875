"""A question in words read into a Competence: activities, terms and quantities.

From left to right the longest words that the thesaurus knows are taken together; what it does not know must occur as
it is. Nothing here asks the database: what words occur in the data is told by a `Lexicon`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from geodata.text import search_key, words
from layers.competence.mending import Lexicon, mended
from layers.competence.quantities import Quantity, take_quantities
from layers.competence.thesaurus import WEAK, Entry, Way, Words, bare, entries, longest

MOST_TERMS = 12
BEGUN = "*"

# People say testing for what a medical laboratory does as well, and verification of devices and of lifts alike.
_ACTIVITIES_MEANT = {
    "testing": ("testing", "medical_examination"),
    "medical_examination": ("medical_examination", "testing"),
    "device_verification": ("device_verification", "goods_verification"),
    "certification": ("product_certification", "system_certification", "person_certification"),
}


@dataclass(frozen=True)
class Phrase:
    """Words that stand together. `exact`: with these accents; else accents do not matter. `begun`: the last word may
    go on. It does not count where it is said within one of `unless`.
    """

    said: Words
    exact: bool = False
    begun: bool = False
    unless: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Term:
    """One thing that must be said, in any of these ways; `weak` ones need not be. `about`: see `thesaurus.Entry`."""

    ways: tuple[Phrase, ...]
    weak: bool = False
    about: str = ""

    @property
    def name(self) -> str:
        """How it is called where the question is repeated: as it was said."""
        return " ".join(self.ways[0].said)


@dataclass(frozen=True)
class Named:
    """An activity as it was called (`kiểm định`) and what that may mean."""

    called: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Competence:
    """What is asked of one scope line: one of the activities (any where none is named), all terms but weak ones, all
    quantities. `said` are the words in their order, whatever became of them; `begun`: they end with nothing that is
    known as it stands, and may go on.
    """

    named: tuple[Named, ...] = ()
    terms: tuple[Term, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    said: Words = ()
    begun: bool = False

    @property
    def activities(self) -> tuple[str, ...]:
        """The codes of the activities named."""
        return tuple(dict.fromkeys(code for one in self.named for code in one.codes))

    @property
    def needed(self) -> tuple[Term, ...]:
        """The terms that a line must say; the weak ones where there are no others."""
        return tuple(term for term in self.terms if not term.weak) or self.terms

    @property
    def is_about_stuff(self) -> bool:
        """Whether it asks about what is tested, inspected or certified, and about no device."""
        kinds = {term.about for term in self.terms}
        return "stuff" in kinds and "device" not in kinds

    @property
    def parts(self) -> list[str]:
        """What is asked, word by word: the activities, the terms, the quantities."""
        called = (one.called for one in self.named)
        return [*called, *(term.name for term in self.terms), *(quantity.text for quantity in self.quantities)]

    @property
    def text(self) -> str:
        """The question as text that is read as the same; `*` behind a last word that may go on."""
        said = " ".join(self.said or self.parts[: -len(self.quantities) or None])
        return " ".join(filter(None, [said + BEGUN * self.begun, *(quantity.text for quantity in self.quantities)]))

    def by_activity(self) -> Iterator["Competence"]:
        """The question once for each activity that it names; itself where it names one or none."""
        if len(self.named) < 2:
            yield self
        for one in self.named if len(self.named) > 1 else ():
            yield replace(self, named=(one,), said=())

    def __bool__(self) -> bool:
        return bool(self.named or self.terms or self.quantities)


def read(text: str, *, lexicon: Lexicon | None = None, typing: bool = False, doubting: bool = False) -> Competence:
    """What the text asks for; with a lexicon mended (`layers.competence.mending`), else word by word as it stands.

    With `typing`, or with `*` behind it, the last word may still go on. A text without words or quantities gives an
    empty Competence.
    """
    rest, quantities = take_quantities(text)
    said = words(rest)[: 4 * MOST_TERMS]
    typing = (typing and rest[-1:].isalnum()) or rest.rstrip().endswith(BEGUN)
    if lexicon is not None:
        said = mended(said, lexicon, typing=typing, doubting=doubting)
    named: dict[Named, None] = {}
    terms: dict[Term, None] = {}
    taken = list(_taken(said, typing=typing))
    for one in taken:
        if isinstance(one, Named):
            named[one] = None
        else:
            terms[one] = None
    begun = typing and _goes_on(taken, list(_taken(said, typing=False)))
    return Competence(tuple(named), tuple(terms)[:MOST_TERMS], quantities, tuple(said), begun)


def _taken(said: list[str], *, typing: bool) -> Iterator[Named | Term]:
    """What the words are, from left to right; stop words are nothing."""
    plain = all(word == search_key(word) for word in said)
    place = 0
    while place < len(said):
        length, found = _longest_entry(said, place, plain=plain)
        if typing and length < len(said) - place <= longest():
            begun = _entries_begun(tuple(said[place:]))
            length, found = (len(said) - place, begun) if begun else (length, found)
        here, place = tuple(said[place : place + length]), place + length
        kinds = {entry.kind for entry in found}
        activities = sorted(kinds - {"term", *WEAK})
        if kinds == {"stop"}:
            continue
        if activities and "term" not in kinds:
            meant = (code for kind in activities for code in _ACTIVITIES_MEANT.get(kind, (kind,)))
            yield Named(" ".join(here), tuple(dict.fromkeys(meant)))
        else:
            yield _term(here, found, begun=typing and place == len(said))


def _goes_on(typed: list[Named | Term], whole: list[Named | Term]) -> bool:
    """Whether what was read last is not known as it stands, without going on."""
    known = [_known_name(last) for last in (*typed[-1:], *whole[-1:])]
    return bool(known) and not (all(known) and known[0] == known[-1])


def _known_name(one: Named | Term) -> str:
    if isinstance(one, Named):
        return one.called
    return one.name if len(one.ways) > 1 else ""


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
        if entry.is_said_by((*here[:-1], entry.spelt[-1]))
    ]
    return tuple(found) if len({entry.kind for entry in found}) == 1 else ()


def _term(here: Words, found: tuple[Entry, ...], *, begun: bool) -> Term:
    """The words themselves, without regard to accents where they have none, and all that means the same."""
    exact = here != bare(here)
    meant = tuple(dict.fromkeys(way for entry in found for way in entry.meant))
    own = Phrase(here, exact=exact, begun=begun, unless=_unless(here, meant, exact=exact))
    ways = dict.fromkeys([own, *(Phrase(way.spelt, exact=True, unless=way.unless) for way in meant)])
    about = next((entry.about for entry in found if entry.about), "")
    return Term(tuple(ways), weak=bool(found) and all(entry.kind in WEAK for entry in found), about=about)


def _unless(here: Words, meant: tuple[Way, ...], *, exact: bool) -> tuple[Words, ...]:
    """Where the words said mean something else, spelt as they were said."""
    several = [other for way in meant if bare(way.spelt) == bare(here) for other in way.unless]
    return tuple(several if exact else map(bare, several))
