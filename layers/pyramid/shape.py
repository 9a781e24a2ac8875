"""What a pyramid holds: its levels, its dimensions, and the tables that sum its rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Expression, F

from geodata.keys import COMMUNE, PROVINCE
from layers.codes import FixedCodes
from layers.layer import Codes, Layer, Moment
from layers.units import COMMUNES, PROVINCES

# Every second level: a tile shows 8 × 8 or 16 × 16 of these cells (measured: docs/decisions/pyramid.md).
BETWEEN = 2
LEVELS = tuple(range(5, 16, BETWEEN))
FINEST = LEVELS[-1]
LAST_ZOOM = 12
# Wide tiles hold many cells of the finest level, so differences are summed for theirs too. Of a load strewn over the
# country they are few: a fifth as many as its rows at these levels, but more than half as many at the next.
COARSE_LEVELS = LEVELS[:3]
# Communes are small: two levels serve the tiles of many zooms, and deeper ones hold few of their rows.
COMMUNE_LEVELS = (9, 13)
# Numbers by commune need no cells; few communes lie in more than one of this level.
TOTALS_LEVELS = COMMUNE_LEVELS[:1]
LAST_COMMUNE_ZOOM = 10

# What is summed: rows, their x and y, a hash of each position, and their ids by exclusive or, which also subtracts.
SUMS = ("n", "x", "y", "h", "ids")


@dataclass(frozen=True)
class Dimension:
    """A filter whose values are kept apart: a column of whole numbers, 0 for none.

    The numbers are places in a fixed list of codes, keys of units (of the `family`), or keys of the table of codes.
    """

    name: str
    column_type: str
    codes: Codes
    source: Callable[[date], Expression]
    family: str = ""

    def number(self, value: str) -> str:
        """SQL of the number of a value read from a row."""
        if isinstance(self.codes, FixedCodes):
            return f"coalesce(array_position({_literal(self.codes.codes())}, {value}::text), 0)::smallint"
        return f"coalesce({value}, 0)::{self.column_type}"


@dataclass(frozen=True)
class Grouping:
    """One table of a pyramid: which dimensions it keeps apart, at which levels, and what its rows are found by.

    What is not folded in yet stands in `changes`, the differences of the whole pyramid at the finest level with every
    dimension, and once more, summed for the levels `coarse_levels`, in the table `coarse`. What is for `totals` alone
    has no cells that a tile could show.
    """

    table: str
    dimensions: tuple[Dimension, ...]
    levels: tuple[int, ...]
    changes: str
    coarse_levels: tuple[int, ...] = ()
    found_by: str = "cell"
    totals: bool = False

    @property
    def coarse(self) -> str:
        """The table of differences for wide tiles; there is none without `coarse_levels`."""
        return f"{self.table}_coarse"

    @property
    def fine_levels(self) -> tuple[int, ...]:
        """The levels whose differences are those of the finest one."""
        return tuple(level for level in self.levels if level not in self.coarse_levels)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.dimensions)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell one row from another, in the order of the index."""
        return tuple(dict.fromkeys([self.found_by, "cell", *self.names]))

    def level_for(self, zoom: int) -> int:
        """The level that a tile of `zoom` is put together from: the one it shows, or the next finer one there is."""
        return next(level for level in self.levels if level >= level_of(zoom))

    @property
    def every(self) -> tuple[int, int]:
        """The first and the last key of the coarsest level: all rows, in the fewest sums."""
        return 4 ** self.levels[0], 2 * 4 ** self.levels[0] - 1


def dimensions(layer: Layer) -> tuple[Dimension, ...]:
    """The exact filters of a layer: province, commune, and its own of codes."""
    own = [item for item in layer.filters if item.filter == "code"]
    return (
        Dimension("province", "integer", PROVINCES, lambda day: F(layer.units.province), family=PROVINCE),
        Dimension("commune", "integer", COMMUNES, lambda day: F(layer.units.commune), family=COMMUNE),
        *(Dimension(item.name, "smallint", cast(Codes, item.choices), _source(item.key or item.asked)) for item in own),
    )


def groupings(layer: Layer) -> tuple[Grouping, ...]:
    """The tables; the last has all dimensions.

    How many rows each commune has is asked of all communes at once: without long lists of codes from a short table,
    with some values of a long list from a table in which those stand together.
    """
    every, table, noted = dimensions(layer), f"pyramid_{layer.name}", changes(layer)
    own_class = tuple(item for item in every if item.name == layer.style.classes)
    no_commune = tuple(item for item in every if item.name != "commune")
    long = tuple(item for item in every if not (item.family or isinstance(item.codes, FixedCodes)))
    short = tuple(item for item in every if item not in long)
    return (
        Grouping(f"{table}_by_class", own_class, LEVELS, noted, COARSE_LEVELS),
        Grouping(table, no_commune, LEVELS, noted, COARSE_LEVELS),
        Grouping(f"{table}_totals", short, TOTALS_LEVELS, noted, found_by="commune", totals=True),
        *(
            Grouping(f"{table}_totals_by_{item.name}", every, TOTALS_LEVELS, noted, found_by=item.name, totals=True)
            for item in long
        ),
        Grouping(f"{table}_by_commune", every, COMMUNE_LEVELS, noted, found_by="commune"),
    )


def difference_tables(layer: Layer) -> tuple[str, ...]:
    """All tables of differences that are not folded in yet: the finest level's, and those for wide tiles."""
    return (changes(layer), *(item.coarse for item in groupings(layer) if item.coarse_levels))


def changes(layer: Layer) -> str:
    """The table of differences at the finest level that are not folded in yet, with every dimension."""
    return f"pyramid_{layer.name}_changes"


def level_of(zoom: int) -> int:
    """The level whose cells a tile of `zoom` shows: the first with 8 × 8 of them or more."""
    return next(level for level in LEVELS if level >= zoom + 3)


def _source(path: str | Callable[[Moment], Expression]) -> Callable[[date], Expression]:
    return lambda day: path(Moment(day)) if callable(path) else F(path)


def _literal(codes: Iterable[str]) -> str:
    return "'{" + ",".join(codes) + "}'::text[]"
