"""The vertices of a feature of a vector tile (MVT 2.1, section 4.3)."""

from collections.abc import Sequence

Vertex = tuple[int, int]

_MOVE, _LINE, _CLOSE = 1, 2, 7


def vertices(commands: Sequence[int]) -> list[Vertex]:
    """All vertices of a geometry in its order, x to the east and y to the south from the tile's corner.

    Raises ValueError for what is no geometry.
    """
    found: list[Vertex] = []
    numbers = iter(commands)
    x = y = 0
    for command in numbers:
        kind, count = command & 7, command >> 3
        if kind == _CLOSE:
            continue
        if kind not in (_MOVE, _LINE) or count > len(commands):
            raise ValueError("no geometry")
        for _ in range(count):
            x, y = x + _signed(next(numbers, None)), y + _signed(next(numbers, None))
            found.append((x, y))
    return found


def _signed(number: int | None) -> int:
    """The number behind its zigzag form. Raises ValueError where there is none."""
    if number is None:
        raise ValueError("a geometry ends too early")
    return (number >> 1) ^ -(number & 1)
