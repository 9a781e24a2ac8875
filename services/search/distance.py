"""How far the content of a scope line is from the question."""

from collections.abc import Sequence
from functools import lru_cache

from geodata.text import search_key, words
from layers.competence.reading import Competence, Phrase
from layers.competence.tables import ScopeSubject


def distance(meant: Competence, subject: ScopeSubject) -> tuple:
    """How far a content is from the question: terms that it says otherwise, then words that were not asked for."""
    product, test = _spelt(subject.product), _spelt(subject.test)
    said = [*product, *test]
    closest = [_best_way(term.ways, said) for term in meant.terms]
    missed = sum(far for far, _ in closest)
    covered = sum(length for _, length in closest) / (len(said) or 1)
    untested = not any(_best_way(term.ways, test)[1] for term in meant.terms)
    return missed, untested, -round(covered, 1), len(said), subject.product, subject.test, subject.method


@lru_cache(maxsize=10_000)
def _spelt(text: str) -> tuple[tuple[str, str], ...]:
    """The words of a text, each with its accents and without."""
    return tuple((word, search_key(word)) for word in words(text))


def _best_way(ways: Sequence[Phrase], said: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """How far the closest way of a term is (0: with its accents, 1: without, 2: not in product or test), and how many
    words of what is said it takes.
    """
    spelt, bare = [word for word, _ in said], [word for _, word in said]
    found = [(2, 0)]
    for way in ways:
        if _stands(way, spelt, exact=True):
            found.append((0, -len(way.said)))
        elif not way.exact and _stands(way, bare, exact=False):
            found.append((1, -len(way.said)))
    far, length = min(found)
    return far, -length


def _stands(way: Phrase, said: list[str], *, exact: bool) -> bool:
    length = len(way.said)
    asked = list(way.said if exact else map(search_key, way.said))
    for place in range(len(said) - length + 1):
        here = said[place : place + length]
        if here == asked or (way.begun and here[:-1] == asked[:-1] and here[-1].startswith(asked[-1])):
            return True
    return False
