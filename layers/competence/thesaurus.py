"""Words that mean the same, words that say an activity or nothing at all, short forms (`reference/*.txt`)."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geodata.text import search_key, words

_REFERENCE = Path(__file__).parent / "reference"
_DEVICE_TYPES = Path(__file__).parents[1] / "reference" / "device_types.csv"
WEAK = ("stop", "weak", "instrument")
"""Kinds of words that a line need not say."""

Words = tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """One way to say something; a line that says it only within one of `unless` does not mean it."""

    spelt: Words
    unless: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Entry:
    """Words that are known: what they are (`term`, a kind of WEAK, or an activity), all ways to say the same.

    `about` is `stuff` for what is tested, inspected or certified, `device` for devices and instruments, else "".
    """

    spelt: Words
    kind: str
    meant: tuple[Way, ...] = ()
    about: str = ""

    def is_said_by(self, said: Words) -> bool:
        """Whether these words are this entry: each spelt the same, or without any accent."""
        return all(one in (own, search_key(own)) for one, own in zip(said, self.spelt, strict=True))


@cache
def entries() -> dict[Words, tuple[Entry, ...]]:
    """Every entry by its words without accents."""
    found: dict[Words, list[Entry]] = defaultdict(list)
    for entry in (*_terms(), *_kinds(), *_device_types()):
        found[bare(entry.spelt)].append(entry)
    return {key: tuple(several) for key, several in found.items()}


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
def meaningful() -> frozenset[str]:
    """The words of the vocabulary without accents but those that alone carry no meaning: what a slip may be of."""
    empty = {
        key[0] for key, several in entries().items() if len(key) == 1 and {one.kind for one in several} == {"stop"}
    }
    return frozenset(word for word in vocabulary() if word.isascii()) - empty


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


def _terms() -> Iterator[Entry]:
    about = ""
    for line in _lines("terms.txt"):
        if line.startswith("@"):
            about = line[1:].strip().replace("other", "")
            continue
        same, _, kinds = (_ways(part) for part in line.partition(">"))
        yield from (Entry(way.spelt, "term", (*same, *kinds), about) for way in same)


def _ways(text: str) -> tuple[Way, ...]:
    return tuple(_way(name) for name in text.split("|") if name.strip())


def _way(text: str) -> Way:
    name, *unless = text.split("~")
    return Way(tuple(words(name)), tuple(tuple(words(other)) for other in unless))


def _kinds() -> Iterator[Entry]:
    for line in _lines("words.txt"):
        kind, _, names = line.partition(":")
        about = "device" if kind == "instrument" else ""
        yield from (Entry(tuple(words(name)), kind, about=about) for name in names.split("|"))


def _device_types() -> Iterator[Entry]:
    """The names of the statutory list in both languages; what lines say of a type holds both."""
    with _DEVICE_TYPES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = (row["name_vi"], re.sub(r"\(.*?\)", "", row["name_en"]))
            same = tuple(Way(spelt) for spelt in dict.fromkeys(tuple(words(name)) for name in names) if spelt)
            yield from (Entry(way.spelt, "term", same, "device") for way in same)


def _lines(name: str) -> list[str]:
    lines = (_REFERENCE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
