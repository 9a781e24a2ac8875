"""Words that mean the same, and words that say an activity or nothing at all, short forms (`reference/*.txt`)."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geodata.text import search_key, words

_REFERENCE = Path(__file__).parent / "reference"

Words = tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A way to say something: its words, what they are (`term`, `stop`, `weak` or an activity), all ways to say it."""

    spelt: Words
    kind: str
    meant: tuple[Words, ...]

    def is_said_by(self, said: Words) -> bool:
        """Whether these words are this entry: each spelt the same, or without any accent."""
        return all(one in (own, search_key(own)) for one, own in zip(said, self.spelt, strict=True))


@cache
def entries() -> dict[Words, tuple[Entry, ...]]:
    """Every entry by its words without accents."""
    found: dict[Words, list[Entry]] = defaultdict(list)
    for entry in (*_terms(), *_kinds()):
        found[bare(entry.spelt)].append(entry)
    return {key: tuple(entries) for key, entries in found.items()}


@cache
def longest() -> int:
    """The most words that an entry has."""
    return max(map(len, entries()))


@cache
def vocabulary() -> frozenset[str]:
    """Every word of every entry, with and without accents."""
    spelt = {word for several in entries().values() for entry in several for word in entry.spelt}
    return frozenset(spelt | set(map(search_key, spelt)))


@cache
def abbreviations() -> dict[str, Words]:
    """What short forms stand for, by the short form with and without accents."""
    found: dict[str, Words] = {}
    for line in _lines("abbreviations.txt"):
        short, _, full = line.partition(":")
        (spelt,) = words(short)
        found[spelt] = found[search_key(spelt)] = tuple(words(full))
    return found


def bare(several: Words) -> Words:
    """The words without accents."""
    return tuple(map(search_key, several))


def _terms() -> list[Entry]:
    made = []
    for line in _lines("terms.txt"):
        same, _, kinds = (_names(part) for part in line.partition(">"))
        made += [Entry(spelt, "term", (*same, *kinds)) for spelt in same]
    return made


def _names(text: str) -> tuple[Words, ...]:
    return tuple(dict.fromkeys(tuple(words(name)) for name in text.split("|") if name.strip()))


def _kinds() -> list[Entry]:
    made = []
    for line in _lines("words.txt"):
        kind, _, names = line.partition(":")
        made += [Entry(tuple(words(name)), kind, ()) for name in names.split("|")]
    return made


def _lines(name: str) -> list[str]:
    lines = (_REFERENCE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
