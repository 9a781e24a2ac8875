"""What a load of demo data depends on, and the random numbers that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from zlib import crc32

import numpy as np

T = TypeVar("T")

SOURCE_SYSTEM = "demo"
EDITION = 4
"""Counts up when the same arguments begin to give other data."""


@dataclass(frozen=True)
class Recipe:
    """The arguments of one load. The same recipe over the same boundaries gives the same rows."""

    devices: int
    seed: int
    day: date

    def rng(self, *subject: str | int) -> np.random.Generator:
        """The random numbers of a subject: independent of every other's, so that no subject moves another."""
        names = [crc32(str(part).encode()) for part in subject]
        return np.random.default_rng([self.seed, *names])

    @property
    def today(self) -> np.datetime64:
        """The day as numpy counts days."""
        return np.datetime64(self.day, "D")


def pick(rng: np.random.Generator, items: Sequence[T]) -> T:
    """One of the items, each as likely as the other."""
    return items[int(rng.integers(len(items)))]


def one_of(rng: np.random.Generator, words: str) -> str:
    """One of the phrases apart by `|`."""
    return pick(rng, words.split("|"))
