"""What a filter asks, once it is known to mean something for a layer: plain values that can be compared and kept.

Properties are names of the layer's; what stands behind a name is looked up where the rows are asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from geodata.functions import Sign
from layers.areas import ProjectedBox


@dataclass(frozen=True)
class Property:
    """A property of the layer, compared without regard to case or accents where that is asked."""

    name: str
    casei: bool = False
    accenti: bool = False


@dataclass(frozen=True)
class Literal:
    """A value that stands in the filter."""

    value: str | int | float | bool | date
    casei: bool = False
    accenti: bool = False


@dataclass(frozen=True)
class Shape:
    """A geometry that stands in the filter: valid, in EPSG:4326, longitude first.

    `box` is the box that it was written as in another system: there its sides are straight, in degrees they are not.
    """

    wkt: str
    box: ProjectedBox | None = None


Operand: TypeAlias = Property | Literal


@dataclass(frozen=True)
class Comparison:
    """`left` stands to `right` as the sign says: = <> < <= > >=."""

    left: Operand
    sign: Sign
    right: Operand


@dataclass(frozen=True)
class Like:
    """The text meets a pattern (% any text, _ any one letter, \\ before either itself)."""

    left: Operand
    pattern: Literal


@dataclass(frozen=True)
class Among:
    """The value is one of these."""

    left: Operand
    choices: tuple[Operand, ...]


@dataclass(frozen=True)
class HasValue:
    """The property has a value."""

    property: Property


@dataclass(frozen=True)
class Relation:
    """`left` stands to `right` in a spatial relation, by its name in CQL2 without `s_`."""

    name: str
    left: Property | Shape
    right: Property | Shape


@dataclass(frozen=True)
class Always:
    """Holds for every row, or for none."""

    holds: bool


@dataclass(frozen=True)
class Not:
    part: "Test"


@dataclass(frozen=True)
class All:
    parts: tuple["Test", ...]


@dataclass(frozen=True)
class AnyOf:
    parts: tuple["Test", ...]


Leaf: TypeAlias = Comparison | Like | Among | HasValue | Relation
Test: TypeAlias = Leaf | Always | Not | All | AnyOf


@dataclass(frozen=True)
class Condition:
    """A filter that was read and checked for one layer and caller. `text` is how it was written, "" where that is for
    machines; two that ask the same are equal, however they are written.
    """

    test: Test
    text: str = field(default="", compare=False, repr=False)

    @property
    def conjuncts(self) -> tuple[Test, ...]:
        """The parts that must all hold."""
        return self.test.parts if isinstance(self.test, All) else (self.test,)


def all_of(*parts: Test) -> Test:
    """One test out of many that must all hold; ANDs inside one another become one."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, All) else (part,))]
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def negated(part: Test) -> Test:
    """The opposite; of an opposite, what was there."""
    return part.part if isinstance(part, Not) else Not(part)


def properties_of(leaf: Leaf) -> Iterator[Property]:
    """The properties that a test of its own reads."""
    match leaf:
        case HasValue(property=found):
            operands: tuple[object, ...] = (found,)
        case Like(left=left):
            operands = (left,)
        case Among(left=left, choices=choices):
            operands = (left, *choices)
        case _:
            operands = (leaf.left, leaf.right)
    return (one for one in operands if isinstance(one, Property))
