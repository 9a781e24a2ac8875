"""Rings that do not touch, from the clusters of many tiles: what static/js/merge.js does on the screen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import floor, hypot, log

from layers.layer import Layer
from tiles.picture.marks import Item
from tiles.picture.view import View

LEAST_RADIUS, MOST_RADIUS, POINT_RADIUS = 11.0, 26.0, 9.0
GAP = 2.0
POINT_SPACING = 11.0
_ROOM_BETWEEN_RINGS = 9.0
_FULL_COUNT = 1e6
_CELL = 2 * MOST_RADIUS + _ROOM_BETWEEN_RINGS


@dataclass(eq=False)
class Ring:
    """A ring, or a single feature (`count` 1): where it is drawn in pixels of the picture, and what it counts."""

    layer: Layer
    id: int
    count: int
    px: float
    py: float
    parts: list[Item] = field(default_factory=list)

    @property
    def radius(self) -> float:
        return radius(self.count)

    def classes(self) -> dict[str, int]:
        """How many rows of each class; those without one under ""."""
        sums: dict[str, int] = defaultdict(int)
        for part in self.parts:
            for code, number in part.classes.items():
                sums[code] += number
        return dict(sums)


class Grid:
    """Rings by the square they lie in, so that only neighbours are looked at."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Ring]] = defaultdict(list)

    def add(self, ring: Ring) -> None:
        self._cells[_cell(ring.px, ring.py)].append(ring)

    def remove(self, ring: Ring) -> None:
        self._cells[_cell(ring.px, ring.py)].remove(ring)

    def near(self, px: float, py: float) -> Iterator[Ring]:
        column, row = _cell(px, py)
        for x in (column - 1, column, column + 1):
            for y in (row - 1, row, row + 1):
                yield from self._cells.get((x, y), ())

    def all(self) -> list[Ring]:
        return [ring for cell in self._cells.values() for ring in cell]


def radius(count: int) -> float:
    """11 px for two rows to 26 px for a million and more, by the logarithm."""
    if count < 2:
        return POINT_RADIUS
    return LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * min(1.0, log(count / 2) / log(_FULL_COUNT / 2))


def merge(layer: Layer, items: Iterable[Item], view: View) -> list[Ring]:
    """The rings and single features of one layer, the largest first: none of them touches another."""
    grid = Grid()
    for item in sorted(items, key=lambda item: (-item.count, item.id)):
        _settle(grid, Ring(layer, item.id, item.count, *view.plot(item.x, item.y), [item]))
    return sorted(grid.all(), key=by_count)


def by_count(ring: Ring) -> tuple[int, int, str]:
    """The order of rings: the largest first, then the smallest id, then the layer's name."""
    return -ring.count, ring.id, ring.layer.name


def joined(first: Ring, second: Ring) -> Ring:
    """Both as one, at the mean place of their members, under the identity of the one with more of them."""
    main, rest = sorted((first, second), key=by_count)
    count = main.count + rest.count
    share = rest.count / count if count else 0.0
    px, py = main.px + (rest.px - main.px) * share, main.py + (rest.py - main.py) * share
    return Ring(main.layer, main.id, count, px, py, main.parts + rest.parts)


def spacing(a: Ring, b: Ring) -> float:
    """How far the middles of two rings must lie apart."""
    return POINT_SPACING if a.count < 2 and b.count < 2 else a.radius + b.radius + GAP


def distance(a: Ring, b: Ring) -> float:
    """Between the middles, in pixels."""
    return hypot(a.px - b.px, a.py - b.py)


def _settle(grid: Grid, ring: Ring) -> None:
    while other := _touching(grid, ring):
        grid.remove(other)
        ring = joined(other, ring)
    grid.add(ring)


def _touching(grid: Grid, ring: Ring) -> Ring | None:
    """The ring that this one overlaps most, or None."""
    rooms = ((_room(ring, other), other.id, other) for other in grid.near(ring.px, ring.py))
    return min((found for found in rooms if found[0] < 0), key=lambda found: found[:2], default=(0, 0, None))[2]


def _room(ring: Ring, other: Ring) -> float:
    extra = _ROOM_BETWEEN_RINGS - GAP if ring.count > 1 and other.count > 1 else 0.0
    return distance(ring, other) - spacing(ring, other) - extra


def _cell(px: float, py: float) -> tuple[int, int]:
    return floor(px / _CELL), floor(py / _CELL)
