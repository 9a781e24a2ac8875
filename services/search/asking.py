"""What was typed into the search, understood once for every kind of result."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from geodata.text import search_key, words
from layers.changes.versions import versions_of_layers
from layers.competence.lexicon import WordsInUse
from layers.competence.mending import possible
from layers.competence.thesaurus import abbreviations
from layers.layer import Layer
from layers.registry import all_layers

MOST_READINGS = 4
Position = tuple[float, float]
"""Longitude and latitude, EPSG:4326."""


@dataclass(frozen=True)
class Asked:
    """The text, its words as search keys, the day of every state, how many results of a kind, where the asker is."""

    text: str
    words: tuple[str, ...]
    day: date
    limit: int
    position: Position | None = None
    lexicon: WordsInUse = field(default_factory=lambda: WordsInUse("open"))

    @cached_property
    def readings(self) -> tuple[tuple[str, ...], ...]:
        """The words as typed, then with short forms written out and what occurs nowhere read as keystrokes or slips."""
        full = [word for short in words(self.text) for word in _written_out(short)]
        several = possible(full, self.lexicon, typing=True)[:MOST_READINGS]
        meant = filter(None, (tuple(map(search_key, one)) for one in several))  # signs alone have no words
        return tuple(dict.fromkeys([self.words, *meant]))

    @cached_property
    def versions(self) -> dict[Layer, str]:
        """The version of each layer of which something is remembered, in the snapshot that answers this question."""
        return versions_of_layers(list(filter(_is_remembered, all_layers())), using="open")

    @property
    def units(self) -> tuple[str, ...]:
        """The version of all administrative units, those abolished too."""
        return tuple(version for layer, version in self.versions.items() if layer.outlines)


def _is_remembered(layer: Layer) -> bool:
    return layer.few or layer.lines is not None


def _written_out(short: str) -> tuple[str, ...]:
    """What a short form stands for, also where its đ was typed by keystrokes; the word itself, if it is none."""
    spelt = short.replace("dd", "đ").replace("d9", "đ")
    return abbreviations().get(short) or abbreviations().get(spelt) or (short,)
