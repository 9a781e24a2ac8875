"""The question read as one about abilities, and the contents of scope lines that say what is meant."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from layers.competence.asking import best_saying
from layers.competence.reading import Competence, Phrase, Term, read
from layers.competence.tables import ScopeSubject
from services.search.asking import Asked

MOST_SUBJECTS = 400
"""How many contents are compared closely."""


class Understood(NamedTuple):
    """How the text is read, the contents that say it, and whether something was left out to find any."""

    meant: Competence
    subjects: list[ScopeSubject]
    similar: bool

    @property
    def is_meant(self) -> bool:
        """Whether the question is about abilities, not about words that occur in names as well."""
        return _is_meant(self.meant)


def understood(asked: Asked) -> Understood:
    """The reading of the text under which something is found; where nothing is, there are no subjects."""
    meant = read(asked.text, lexicon=asked.lexicon, typing=True)
    subjects = _subjects(meant)
    if not subjects and meant.needed:
        doubted = read(asked.text, lexicon=asked.lexicon, typing=True, doubting=True)
        subjects = _subjects(doubted)
        meant = doubted if subjects else meant
    if subjects or len(meant.needed) < 2:
        return Understood(meant, subjects, False)
    for less in filter(_is_meant, _with_one_term_less(meant)):
        subjects = _subjects(less)
        if subjects:
            return Understood(less, subjects, True)
    return Understood(meant, [], False)


def _subjects(meant: Competence) -> list[ScopeSubject]:
    """Contents that say what is meant, each once; none where no term is asked for.

    Words of which none is known as a word of scopes have to stand together: they may be a name.
    """
    if not meant.needed:
        return []
    if not _is_meant(meant):
        meant = replace(meant, terms=(_together(meant.needed),))
    found = best_saying(meant).using("open").select_related("device_type").defer("words")[:MOST_SUBJECTS]
    return list({one.pk: one for one in found}.values())


def _together(terms: Sequence[Term]) -> Term:
    ways = [term.ways[0] for term in terms]
    said = tuple(word for way in ways for word in way.said)
    return Term((Phrase(said, exact=all(way.exact for way in ways), begun=ways[-1].begun),))


def _with_one_term_less(meant: Competence) -> Iterable[Competence]:
    """The question without one of its needed terms, plain words left out before known ones."""
    for out in sorted(meant.needed, key=lambda term: len(term.ways)):
        terms = tuple(term for term in meant.terms if term is not out)
        yield replace(meant, terms=terms, said=(), begun=meant.begun and out is not meant.terms[-1])


def _is_meant(meant: Competence) -> bool:
    """Whether the question is about abilities, not about words that occur in names as well."""
    return bool(meant.named or meant.quantities or any(len(term.ways) > 1 for term in meant.needed))
