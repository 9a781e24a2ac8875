"""Texts in two languages side by side, so that a translation can never be missing."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language

ALPHABET = "vi-x-icu"
"""The collation of PostgreSQL that puts Vietnamese in its order: a, ă, â, b, c, d, đ, e; tones after letters."""


@dataclass(frozen=True, eq=False, slots=True)
class Both(Promise):
    """A text in Vietnamese and English; `str()` gives the one of the language active at that moment.

    Behaves as Django's lazy strings do (labels of choices, fields, templates, JSON encoders).
    """

    vi: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "vi").startswith("en") else self.vi

    def __repr__(self) -> str:
        return f"both({self.vi!r}, {self.en!r})"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Both):
            return (self.vi, self.en) == (other.vi, other.en)
        return str(self) == other

    def __hash__(self) -> int:
        return hash(str(self))

    def __lt__(self, other: object) -> bool:
        return str(self) < str(other)

    def __len__(self) -> int:
        return len(str(self))

    def __add__(self, other: object) -> str:
        return str(self) + str(other)

    def __radd__(self, other: object) -> str:
        return str(other) + str(self)

    def __mod__(self, values: Any) -> str:
        return str(self) % values

    def __getattr__(self, name: str) -> Any:
        """The methods of `str` (`lower`, `format`, …) of the text in the active language."""
        if name.startswith("__"):  # copy and pickle probe for hooks that a text has not
            raise AttributeError(name)
        return getattr(str(self), name)

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return Both, (self.vi, self.en)


# Letters with the marks that Vietnamese has, taken apart, as `langOf` of static/js/i18n.js knows them.
_VIETNAMESE = re.compile("[\u0300-\u0303\u0306\u0309\u031b\u0323\u0111\u0110]")


def language_of(text: str) -> str | None:
    """The language that a text of the data has to be marked with on a page of the active one (WCAG 2.2, 3.1.2).

    "vi" where an English page shows Vietnamese, else None: also for a text without any of its letters, which is
    read well enough either way.
    """
    if not (get_language() or "vi").startswith("en"):
        return None
    return "vi" if _VIETNAMESE.search(unicodedata.normalize("NFD", text)) else None


def both(vi: str, en: str) -> Both:
    """A lazy text that is `vi` or `en` by the active language; both stay readable as `.vi` and `.en`."""
    return Both(vi, en)
