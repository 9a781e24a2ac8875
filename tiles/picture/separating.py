"""Rings of several layers kept apart and off the archipelagos' labels: what static/js/separate.js does on a screen."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import cos, hypot, log2, pi, sin
from typing import NamedTuple

from tiles.picture.merging import GAP, MOST_RADIUS, Grid, Ring, by_count, distance, joined, spacing

_STEP, _DIRECTIONS = 8, 12
# What is farther away is another part of the country: better crowded than counted there.
_NEIGHBOURHOOD = 160.0
_FARTHEST = 600.0
# As far as a mark may step off the places of data: they tell the country from the sea and from neighbours' land.
_OFF_GROUND = 12.0


class Box(NamedTuple):
    """A box in pixels of the picture."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        return (
            self.left < other.right and self.right > other.left and self.top < other.bottom and self.bottom > other.top
        )


class _Land:
    """The places of all data; without any (`places` empty) every place is as good."""

    def __init__(self, places: Iterable[tuple[float, float]]) -> None:
        self._cells: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
        for px, py in places:
            self._cells[int(px // _OFF_GROUND), int(py // _OFF_GROUND)].append((px, py))

    def holds(self, px: float, py: float) -> bool:
        column, row = int(px // _OFF_GROUND), int(py // _OFF_GROUND)
        around = (self._cells.get((x, y), ()) for x in range(column - 1, column + 2) for y in range(row - 1, row + 2))
        near = (hypot(px - x, py - y) <= _OFF_GROUND for cell in around for x, y in cell)
        return not self._cells or any(near)


@dataclass
class _Placed:
    labels: tuple[Box, ...]
    land: _Land
    rings: Grid = field(default_factory=Grid)
    points: Grid = field(default_factory=Grid)

    def put(self, ring: Ring) -> None:
        (self.rings if ring.count > 1 else self.points).add(ring)

    def take(self, ring: Ring) -> None:
        (self.rings if ring.count > 1 else self.points).remove(ring)

    def all(self) -> list[Ring]:
        return [*self.rings.all(), *self.points.all()]


def separate(
    rings: Iterable[Ring], labels: tuple[Box, ...], *, places: Iterable[tuple[float, float]] = (), exact: bool = False
) -> list[Ring]:
    """The rings of all layers, the largest first, moved so that none touches another or a label that must be read.

    `places` are where marks may be moved to, empty for anywhere; `exact` leaves single features where they are.
    """
    placed, every = _Placed(labels, _Land(places)), list(rings)
    for ring in _fairly(ring for ring in every if ring.count > 1):
        _place(ring, placed)
    for point in sorted((ring for ring in every if ring.count < 2), key=by_count):
        if exact:
            placed.put(_free_place(point, placed, _reach(point)) or point)
        else:
            _place(point, placed)
    return sorted(placed.all(), key=by_count)


def _fairly(rings: Iterable[Ring]) -> list[Ring]:
    """The three largest of each layer, then the next twelve…: a layer of large numbers leaves room for the others."""
    turns: Counter[str] = Counter()
    banded = []
    for ring in sorted(rings, key=by_count):
        turns[ring.layer.name] += 1
        banded.append((int(log2(turns[ring.layer.name]) / 2), ring))
    return [ring for _, ring in sorted(banded, key=lambda pair: pair[0])]


def _place(ring: Ring, placed: _Placed) -> None:
    free = _free_place(ring, placed, _reach(ring))
    host = None if free else _nearest_of_layer(ring, placed)
    if host:
        placed.take(host)
        _place(joined(host, ring), placed)
    else:
        placed.put(free or _free_place(ring, replace(placed, land=_Land(())), _FARTHEST) or ring)


def _reach(ring: Ring) -> float:
    """To stand beside a ring at the same place."""
    return ring.radius + GAP + MOST_RADIUS


def _free_place(ring: Ring, placed: _Placed, farthest: float) -> Ring | None:
    """The ring where it is, or moved to the nearest free place; None where none lies within `farthest` pixels."""
    if _fits(ring, placed):
        return ring
    at_sea = any(not _off(ring, label) for label in placed.labels)
    for step in range(_STEP, int(farthest) + 1, _STEP):
        for turn in range(_DIRECTIONS):
            angle = turn / _DIRECTIONS * 2 * pi
            moved = replace(ring, px=ring.px + step * cos(angle), py=ring.py + step * sin(angle))
            if _fits(moved, placed) and (at_sea or placed.land.holds(moved.px, moved.py)):
                return moved
    return None


def _fits(ring: Ring, placed: _Placed) -> bool:
    others = (other for grid in (placed.rings, placed.points) for other in grid.near(ring.px, ring.py))
    return all(distance(ring, other) >= spacing(ring, other) for other in others) and all(
        _off(ring, label) for label in placed.labels
    )


def _off(ring: Ring, box: Box) -> bool:
    dx = max(box.left - ring.px, 0.0, ring.px - box.right)
    dy = max(box.top - ring.py, 0.0, ring.py - box.bottom)
    return hypot(dx, dy) >= ring.radius


def _nearest_of_layer(ring: Ring, placed: _Placed) -> Ring | None:
    near = (other for other in placed.all() if other.layer is ring.layer and distance(ring, other) <= _NEIGHBOURHOOD)
    return min(near, key=lambda other: distance(ring, other), default=None)
