"""The absolute grid of Web Mercator that tiles, cells of the pyramid and blocks of versions share, as SQL.

A position is a pair of whole numbers, 0 to 2^30 − 1: how many 2^-30 of the world's width it lies east of 180° W and
south of the northern edge (85.05° N; what lies beyond an edge belongs to the edge). One unit is 3.7 cm at the equator.
The cell of level L that holds it is the first L bits of both; a tile of zoom z is a cell of level z. A cell's key is
4^L plus its bits interleaved (x on the even places, y on the odd): unique over all levels, and the cells of
level M inside it are one range of keys. So every part of the tile server says alike where a point lies.
"""

BITS = 30
SPAN = 2**BITS
_BYTE = "'{" + ",".join(str(sum((n >> bit & 1) << 2 * bit for bit in range(8))) for n in range(256)) + "}'::bigint[]"


def x_of(lon: str) -> str:
    """SQL of the x of a longitude in degrees."""
    return _clamped(f"({lon} + 180) / 360")


def y_of(lat: str) -> str:
    """SQL of the y of a latitude in degrees."""
    return _clamped(f"0.5 - ln(tan(pi() / 4 + radians({_within_mercator(lat)}) / 2)) / (2 * pi())")


def key_of(x: str, y: str, level: int) -> str:
    """SQL of the key of the cell of `level` (at most 16) at x, y; both are names of bigint columns."""
    across, down = (f"({axis} >> {BITS - level})" for axis in (x, y))
    return f"({4**level} + ({_spread(across)} | ({_spread(down)} << 1)))"


def key(level: int, x: int, y: int) -> int:
    """The key of the cell of `level` in column x and row y (of a tile: its zoom, x and y)."""
    return 4**level + sum((x >> bit & 1) << 2 * bit | (y >> bit & 1) << 2 * bit + 1 for bit in range(level))


def keys_inside(cell: int, levels: int) -> tuple[int, int]:
    """The first and the last key of the cells that lie `levels` deeper inside a cell."""
    return cell << 2 * levels, ((cell + 1) << 2 * levels) - 1


def _clamped(world: str) -> str:
    return f"least(greatest(floor(({world}) * {SPAN}.0), 0), {SPAN - 1})::bigint"


def _within_mercator(lat: str) -> str:
    """A pole has no finite place in Web Mercator."""
    return f"least(greatest({lat}, -89.9), 89.9)"


def _spread(number: str) -> str:
    """The bits of a number of 16 bits, a zero before each: two look-ups of a byte cost less than shifting."""
    return f"(({_BYTE})[({number} & 255) + 1] | (({_BYTE})[({number} >> 8) + 1] << 16))"
