"""One question in four writings: the grammar of the address, CQL2 as text and as JSON, FES."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from layers.layer import Field, Layer
from layers.units import PROVINCES
from tests.layers.questions import ANCHORS

Json = dict[str, object]
FES = 'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'


@dataclass(frozen=True)
class Codes:
    """The property has one of these values."""

    name: str
    values: tuple[str, ...]

    def bare(self) -> str:
        return ",".join(self.values)

    def text(self) -> str:
        listed = ", ".join(f"'{value}'" for value in self.values)
        return f"{self.name} IN ({listed})" if len(self.values) > 1 else f"{self.name} = {listed}"

    def json(self) -> Json:
        return {"op": "in", "args": [{"property": self.name}, list(self.values)]}

    def fes(self) -> str:
        equal = [_compared("PropertyIsEqualTo", self.name, value) for value in self.values]
        return equal[0] if len(equal) == 1 else f"<fes:Or>{''.join(equal)}</fes:Or>"


@dataclass(frozen=True)
class Flag:
    """The property is true, or false."""

    name: str
    value: bool

    def bare(self) -> str:
        return str(self.value).lower()

    def text(self) -> str:
        return f"{self.name} = {str(self.value).upper()}"

    def json(self) -> Json:
        return {"op": "=", "args": [{"property": self.name}, self.value]}

    def fes(self) -> str:
        return _compared("PropertyIsEqualTo", self.name, self.bare())


@dataclass(frozen=True)
class Days:
    """The property is a day from `first` to `last`; None is open."""

    name: str
    first: date | None
    last: date | None

    def bare(self) -> str:
        return f"{self.first or '..'}/{self.last or '..'}"

    def text(self) -> str:
        if self.first and self.last:
            return f"{self.name} BETWEEN DATE('{self.first}') AND DATE('{self.last}')"
        return f"{self.name} {'>=' if self.first else '<='} DATE('{self.first or self.last}')"

    def json(self) -> Json:
        days = [{"date": str(day)} for day in (self.first, self.last) if day]
        operator = "between" if len(days) == 2 else ">=" if self.first else "<="
        return {"op": operator, "args": [{"property": self.name}, *days]}

    def fes(self) -> str:
        if self.first and self.last:
            return (
                f"<fes:PropertyIsBetween><fes:ValueReference>{self.name}</fes:ValueReference>"
                f"<fes:LowerBoundary><fes:Literal>{self.first}</fes:Literal></fes:LowerBoundary>"
                f"<fes:UpperBoundary><fes:Literal>{self.last}</fes:Literal></fes:UpperBoundary></fes:PropertyIsBetween>"
            )
        operator = "PropertyIsGreaterThanOrEqualTo" if self.first else "PropertyIsLessThanOrEqualTo"
        return _compared(operator, self.name, str(self.first or self.last))


@dataclass(frozen=True)
class Box:
    """The geometry meets the box: west, south, east, north."""

    west: float
    south: float
    east: float
    north: float
    name: str = "bbox"

    def bare(self) -> str:
        return f"{self.west},{self.south},{self.east},{self.north}"

    def text(self) -> str:
        return f"S_INTERSECTS(geom, BBOX({self.bare()}))"

    def json(self) -> Json:
        box = {"bbox": [self.west, self.south, self.east, self.north]}
        return {"op": "s_intersects", "args": [{"property": "geom"}, box]}

    def fes(self) -> str:
        return (
            '<fes:BBOX><fes:ValueReference>geom</fes:ValueReference><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326">'
            f"<gml:lowerCorner>{self.south} {self.west}</gml:lowerCorner>"
            f"<gml:upperCorner>{self.north} {self.east}</gml:upperCorner></gml:Envelope></fes:BBOX>"
        )


Part = Codes | Flag | Days | Box


@dataclass(frozen=True)
class Question:
    """Parts that hold together."""

    layer: Layer
    parts: tuple[Part, ...]

    def bare(self) -> dict[str, str]:
        """The parameters of the grammar."""
        return {part.name: part.bare() for part in self.parts}

    def text(self) -> str:
        """CQL2 as text."""
        return " AND ".join(part.text() for part in self.parts)

    def json(self) -> Json:
        """CQL2 as JSON."""
        parts = [part.json() for part in self.parts]
        return parts[0] if len(parts) == 1 else {"op": "and", "args": parts}

    def fes(self) -> str:
        """A filter of FES 2.0."""
        parts = "".join(part.fes() for part in self.parts)
        held = parts if len(self.parts) == 1 else f"<fes:And>{parts}</fes:And>"
        return f"<fes:Filter {FES}>{held}</fes:Filter>"


def questions(layer: Layer, day: date, number: int) -> Iterator[Question]:
    """So many questions of one to three parts, chosen by a seed from what the layer declares."""
    chance = random.Random(f"one question of {layer.name}")
    makers = {item.name: _maker(item) for item in layer.filters if item.filter != "competence"}
    makers["bbox"] = _box
    if layer.field("province"):
        makers["province"] = _province
    for _ in range(number):
        names = chance.sample(sorted(makers), k=min(len(makers), chance.choice((1, 2, 2, 3))))
        yield Question(layer, tuple(makers[name](day, chance) for name in names))


def _maker(item: Field):  # type: ignore[no-untyped-def]
    if item.filter == "dates":
        return lambda day, chance: _days(item.name, day, chance)
    if item.filter == "flag":
        return lambda day, chance: Flag(item.name, chance.random() < 0.5)
    return lambda day, chance: Codes(item.name, _some(item.choices, chance))


def _some(codes, chance: random.Random) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    known = [one.code for one in codes.read("open")]
    return tuple(sorted(chance.sample(known, k=min(len(known), chance.choice((1, 2, 5))))))


def _province(day: date, chance: random.Random) -> Codes:
    return Codes("province", _some(PROVINCES, chance))


def _days(name: str, day: date, chance: random.Random) -> Days:
    first = day + timedelta(days=chance.randrange(-400, 400))
    last = first + timedelta(days=chance.randrange(0, 200))
    return chance.choice((Days(name, first, last), Days(name, first, None), Days(name, None, last)))


def _box(day: date, chance: random.Random) -> Box:
    lon, lat = chance.choice(ANCHORS)
    wide = chance.choice((0.05, 0.5, 2.0))
    return Box(*(round(one, 3) for one in (lon - wide, lat - wide, lon + wide, lat + wide)))


def _compared(operator: str, name: str, value: str) -> str:
    return (
        f"<fes:{operator}><fes:ValueReference>{name}</fes:ValueReference>"
        f"<fes:Literal>{value}</fes:Literal></fes:{operator}>"
    )
