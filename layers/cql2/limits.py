"""What a filter may be at most, and the linear look at its text before any parser sees it."""

import re

from layers.cql2.refusals import refused
from layers.errors import BadParameter

MAX_LENGTH = 8_000
"""Characters of a filter, in text or JSON."""
MAX_DEPTH = 20
"""Brackets inside one another, and operators inside one another."""
MAX_MEMBERS = 500
"""Operators, names and values of one filter."""
MAX_VALUES = 200
"""Values of one IN."""
MAX_WILDCARDS = 20
"""Wildcards of one LIKE."""
MAX_VERTICES = 1_000
"""Positions of all geometries of one filter."""

# JSON writes an operator with two brackets, and a geometry with up to six.
MAX_JSON_DEPTH = 2 * MAX_DEPTH + 6

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")
_STRINGS_OR_BRACKETS = {
    # A quote inside a string is doubled or has a backslash before it; one that is never closed takes the rest.
    "text": re.compile(r"""'(?:[^'\\]|\\.|\\$)*(?:'|$)|"[^"]*(?:"|$)|[()]""", re.DOTALL),
    "json": re.compile(r'"(?:[^"\\]|\\.|\\$)*(?:"|$)|[][{}]', re.DOTALL),
}


def scan(text: str, *, language: str, depth: int) -> None:
    """Reads the text once. Raises BadParameter where it is too long, nested deeper than `depth`, or has characters
    that no text has.
    """
    if len(text) > MAX_LENGTH:
        raise too_complex(f"nhiều nhất {MAX_LENGTH} ký tự", f"{MAX_LENGTH} characters at most")
    found = _FORBIDDEN.search(text)
    if found:
        raise refused(
            "filter.characters",
            f"Ký tự thứ {found.start() + 1} của bộ lọc không dùng được.",
            f"Character {found.start() + 1} of the filter cannot be used.",
        )
    inside = 0
    for piece in _STRINGS_OR_BRACKETS[language].finditer(text):
        inside += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(piece[0], 0)
        if inside > depth:
            raise too_complex(f"lồng nhau nhiều nhất {depth} lớp ngoặc", f"brackets {depth} deep at most")


def too_complex(vi: str, en: str) -> BadParameter:
    """The refusal of a filter beyond a limit, which is told."""
    return refused("filter.too_complex", f"Bộ lọc quá phức tạp: {vi}.", f"The filter is too complex: {en}.")
