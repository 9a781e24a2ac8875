"""Whether a line of a scope is of what is asked for, understood as search understands it (`layers.competence`). Pure.

Three answers: yes, no, and "cannot be compared" (None): a line without numbers says nothing of 150 kg.
"""

from collections.abc import Iterable

from geodata.text import search_key, words
from layers.competence.quantities import Quantity, Unit, comparable, convert
from layers.competence.reading import Phrase, Term
from services.verify.evidence import Item, Line

_OF_DEVICES = ("calibration", "device_verification", "device_testing")
# What one and the same number loses between two units.
_ROUNDING = 1e-9


def line_fits(line: Line, item: Item) -> bool | None:
    """Whether the line is of the item; None where it cannot be compared. `activity` "" is a scope nobody delivered."""
    if not line.activity or not (item.is_code or item.asked):
        return None
    if item.is_code:
        return _of_type(line, item)
    if item.asked.activities and line.activity not in item.asked.activities:
        return False
    if not says_item(line, item):
        return None if item.is_number else False
    return _all(_reaches(line, quantity) for quantity in item.asked.quantities)


def says_item(line: Line, item: Item) -> bool:
    """Whether the line names the item, whatever its quantities: by its type of device or by words."""
    return line.device_type in item.types or says(f"{line.text} {line.type_names}", item.asked.needed)


def says(text: str, terms: Iterable[Term]) -> bool:
    """Whether the text says all of these, each in one of its ways: as its words in a row, with the accents of the way
    where it has some. True of none."""
    said = words(text)
    bare = [search_key(word) for word in said]
    return all(any(_has(said if way.exact else bare, way) for way in term.ways) for term in terms)


def _has(said: list[str], way: Phrase) -> bool:
    length = len(way.said)
    return any(tuple(said[place : place + length]) == way.said for place in range(len(said) - length + 1))


def _of_type(line: Line, item: Item) -> bool | None:
    if line.device_type is None and line.activity in _OF_DEVICES:
        return None
    return line.device_type in item.types


def _reaches(line: Line, quantity: Quantity) -> bool | None:
    """Whether the line's numbers reach the quantity, or its words name it; None without numbers of such a unit."""
    if _has(words(line.text), Phrase(quantity.said)):
        return True
    unit = next((one for one in comparable(quantity.unit) if one.symbol == line.unit), None)
    if unit is None:
        return None
    if quantity.kind != "range":
        return _at_most(getattr(line, quantity.kind), quantity, unit)
    ends = (quantity.least, quantity.most)
    return _all(_holds(line, convert(end, quantity.unit, unit)) for end in ends if end is not None)


def _at_most(figure: float | None, quantity: Quantity, unit: Unit) -> bool | None:
    if figure is None or quantity.most is None:
        return None
    most = quantity.most * quantity.unit.factor / unit.factor
    return figure <= most + abs(most) * _ROUNDING


def _holds(line: Line, value: float) -> bool | None:
    """A range reaches down to its beginning or the limit of quantification, and up to its end if it names one."""
    begins = [one for one in (line.range_min, line.loq) if one is not None]
    start = min(begins) if begins else line.lod
    room = abs(value) * _ROUNDING
    if (line.range_max is not None and line.range_max < value - room) or (start is not None and start > value + room):
        return False
    return None if start is None else True


def _all(answers: Iterable[bool | None]) -> bool | None:
    """False where one is, else None where one cannot be told, else True."""
    told = set(answers)
    return False if False in told else None if None in told else True
