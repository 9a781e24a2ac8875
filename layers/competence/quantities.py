"""Numbers with units as people write them, in either notation, and the same quantity in another unit.

Units stand in `reference/units.csv`: `factor` and `offset` lead to the dimension's first unit
(value × factor + offset). Old measures that are still said (tạ, yến, lạng) stand among them.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal
from unicodedata import normalize

from geodata.keystrokes import typed_words
from geodata.text import words

_TABLE = Path(__file__).parent / "reference" / "units.csv"
_LETTER = r"[^\W\d_]"
_NUMBER = r"[-−]?\d+(?:[.,]\d+)*"
_UP_TO = r"≤|<=|<|đến|tới|den|toi|up to|max|tối đa|toi da"
_FROM = r"≥|>=|>|từ|tu|from|min|tối thiểu|toi thieu"
_KINDS = (
    ("lod", r"lod|giới hạn phát hiện|gioi han phat hien|detection limit|limit of detection"),
    ("loq", r"loq|giới hạn định lượng|gioi han dinh luong|limit of quantification|quantification limit"),
    ("cmc", r"cmc|khả năng đo|kha nang do|độ không đảm bảo(?: đo)?|do khong dam bao(?: do)?|uncertainty|capability"),
)

# 8270D is a method, “12 in water” is no length.
_NEVER_AFTER_NUMBERS = {"d", "in"}

# In water and food ppm is said for mg/L as well as for mg/kg: what a line is written in decides.
_SAID_AS_PARTS = ("mass_concentration", "mass_fraction", "parts")

_AFTER_NUMBER = re.compile(r"(\d\s+)([a-zA-Z][a-zA-Z0-9]+)")

Kind = Literal["range", "lod", "loq", "cmc"]


@dataclass(frozen=True)
class Unit:
    """A unit of measurement: its symbol, and how a value leads to the first unit of the dimension."""

    symbol: str
    dimension: str
    factor: float
    offset: float = 0.0


@dataclass(frozen=True)
class Quantity:
    """What is asked of a scope line's numbers, in `unit`.

    Of `range`: the line has to reach from `least` to `most` (None is open on that side). Of `lod`, `loq` and `cmc`:
    the line's own figure is at most `most`. `text` is how it was written.
    """

    kind: Kind
    unit: Unit
    least: float | None
    most: float | None
    text: str = ""

    @property
    def said(self) -> tuple[str, ...]:
        """The words of the text: a quantity may be a part of a name (`at 15 °C`)."""
        return tuple(words(self.text))


def convert(value: float, unit: Unit, into: Unit) -> float:
    """The value in another unit of the same kind."""
    return (value * unit.factor + unit.offset - into.offset) / into.factor


@cache
def units() -> dict[str, Unit]:
    """Every unit by each of its spellings (`spelling`): the symbol and what else people write."""
    found: dict[str, Unit] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            unit = Unit(row["unit"], row["dimension"], float(row["factor"]), float(row["offset"]))
            for name in (row["unit"], *row["spellings"].split("|")):
                if name:
                    found.setdefault(spelling(name), unit)
    return found


def spelling(unit: str) -> str:
    """A unit as it is compared: µ and ³ in one form, letter case only where it tells two units apart (mg and Mg)."""
    return normalize("NFKC", unit).strip().lower() if unit not in _BY_CASE else unit


# Two that differ by case alone.
_BY_CASE = frozenset({"MW", "MΩ", "MPa", "MHz"})


def comparable(unit: Unit) -> tuple[Unit, ...]:
    """The units in which a line's numbers can be compared with a value in `unit`, itself among them."""
    dimensions = _SAID_AS_PARTS if unit.dimension == "parts" else (unit.dimension,)
    if unit.dimension in _SAID_AS_PARTS:
        dimensions = (*dimensions, "parts")
    return tuple(dict.fromkeys(one for one in units().values() if one.dimension in dimensions))


# What stands behind one of these is the number of a standard, whatever letter follows.
_STANDARD = re.compile(r"(?:tcvn|qcvn|qcđp|iso|iec|đlvn|dlvn|aoac|astm|smeww|epa|en|jis|qtkđ)[\s/:.-]*$", re.IGNORECASE)


def take_quantities(text: str) -> tuple[str, tuple[Quantity, ...]]:
    """The text without the quantities in it, and these: `hiệu chuẩn cân 150 kg` → `hiệu chuẩn cân`, 150 kg.

    A number without a unit that is known stays in the text: it may be a standard's.
    """
    found: list[Quantity] = []

    def keep(match: re.Match[str]) -> str:
        quantity = _quantity(match)
        if quantity is None:
            return match[0]
        found.append(quantity)
        return " "

    return _pattern().sub(keep, _AFTER_NUMBER.sub(_typed_unit, normalize("NFKC", text))), tuple(found)


def _typed_unit(match: re.Match[str]) -> str:
    """A unit that was typed in keystrokes: `80 taans`, `80 ta61n`."""
    meant = [] if _unit(match[2]) else [word for word in typed_words(match[2].lower()) if _unit(word)]
    return f"{match[1]}{meant[0]}" if meant else match[0]


@cache
def _pattern() -> re.Pattern[str]:
    spelt = {name for unit in units() for name in (unit, _plain(unit))} - _NEVER_AFTER_NUMBERS
    longest_first = sorted(spelt, key=len, reverse=True)
    unit = "|".join(re.escape(name).replace(r"\ ", r"\s*") for name in longest_first)
    kinds = "|".join(f"(?P<{kind}>{names})" for kind, names in _KINDS)
    end = rf"(?!{_LETTER}|\d|/{_LETTER}|[·*]{_LETTER})"
    return re.compile(
        rf"(?<![\w.,:/^-])(?:(?:{kinds})\s*(?:=|là|la|is|of|:)?\s*)?"
        rf"(?:(?P<bound>(?:{_UP_TO})|(?P<from>{_FROM}))(?:\s+|(?<=[≤≥<>=])))?"
        rf"(?P<first>{_NUMBER})\s*(?P<unit1>{unit})?"
        rf"(?:\s*(?:-|–|−|÷|~|…|\.\.\.|đến|den|tới|toi|to)\s*(?P<second>{_NUMBER}))?\s*(?P<unit2>{unit})?{end}",
        re.IGNORECASE,
    )


def _plain(name: str) -> str:
    """A unit as it is typed without special signs."""
    return name.replace("μ", "µ")


def _quantity(match: re.Match[str]) -> Quantity | None:
    named = match["unit2"] or match["unit1"]
    unit = _unit(named) if named else None
    if unit is None or (match["unit1"] and match["unit2"] and match["second"] is None):
        return None
    if _STANDARD.search(match.string[: match.start()]):
        return None
    said = match[0].strip()
    try:
        first = read_decimal(match["first"])
        second = read_decimal(match["second"]) if match["second"] else None
    except ValueError:
        return None
    kind = next((kind for kind, _ in _KINDS if match[kind]), "range")
    if kind != "range":
        return Quantity(kind, unit, None, second if second is not None else first, said)  # type: ignore[arg-type]
    if second is not None:
        first = convert(first, _unit(match["unit1"]) or unit, unit) if match["unit1"] else first
        return Quantity("range", unit, min(first, second), max(first, second), said)
    if match["from"]:
        return Quantity("range", unit, first, None, said)
    return Quantity("range", unit, None if match["bound"] else first, first, said)


def _unit(name: str) -> Unit | None:
    known = units()
    compact = re.sub(r"\s+", " ", name)
    return known.get(compact) or known.get(spelling(compact)) or known.get(spelling(compact.replace(" ", "")))


def read_decimal(text: str) -> float:
    """The number that people mean: `0,1` and `0.1` are a tenth, `1.000` and `1,000.5` have thousands.

    A single dot or comma before exactly three digits is a separator of thousands, unless a zero stands before it.
    Raises ValueError for what is no number in either notation (`1.2,3.4`).
    """
    text = text.replace("−", "-")
    signs = [sign for sign in text if sign in ".,"]
    if len(set(signs)) == 2:
        decimal = signs[-1]
        return float(text.replace("." if decimal == "," else ",", "").replace(decimal, "."))
    if len(signs) > 1 or (signs and _has_thousands(text, signs[0])):
        return float(text.replace(signs[0], ""))
    return float(text.replace(",", "."))


def _has_thousands(text: str, sign: str) -> bool:
    whole, _, rest = text.partition(sign)
    return len(rest) == 3 and whole.lstrip("-") != "0" and len(whole.lstrip("-")) <= 3
