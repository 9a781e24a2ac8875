"""Who can do several things: which places cover them, and the smallest set of places that covers all. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

MOST_TASKS = 12


@dataclass(frozen=True)
class Able:
    """A place and which tasks it can do, as bits; `metres` away where a position is known, `comes` to the device."""

    place: int
    tasks: int
    metres: float | None = None
    comes: bool = False

    @property
    def covered(self) -> int:
        """How many tasks."""
        return self.tasks.bit_count()

    @property
    def _worth(self) -> tuple:
        return not self.comes, self.metres if self.metres is not None else 0.0, self.place


def ranked(places: Iterable[Able]) -> list[Able]:
    """Those that do most first; among them who comes to the device, then the nearer."""
    return sorted(places, key=lambda one: (-one.covered, one._worth))


def smallest_set(places: Iterable[Able], tasks: int) -> list[Able]:
    """The fewest places that together do all of the tasks (bits) that any place can do, the better ones where several
    sets are as small; ranked. Empty where nobody can do anything.

    Exact: of places that do the same only the best can matter, so there are at most 2 ** MOST_TASKS of them, and
    each set is grown by its lowest task that is not done yet.
    """
    best: dict[int, Able] = {}
    for one in places:
        doing = one.tasks & tasks
        if doing and (doing not in best or one._worth < best[doing]._worth):
            best[doing] = one
    wanted = 0
    for doing in best:
        wanted |= doing
    sets: dict[int, tuple[Able, ...]] = {0: ()}
    while sets and wanted not in sets:
        sets = _grown(sets, best, wanted)
    return ranked(sets.get(wanted, ()))


def _grown(sets: dict[int, tuple[Able, ...]], best: dict[int, Able], wanted: int) -> dict[int, tuple[Able, ...]]:
    """Every set with one place more that does the set's lowest missing task, the best set for each sum of tasks."""
    grown: dict[int, tuple[Able, ...]] = {}
    for done, members in sets.items():
        missing = wanted & ~done
        lowest = missing & -missing
        for doing, one in best.items():
            if doing & lowest:
                larger, sum_ = (*members, one), (done | doing) & wanted
                if sum_ not in grown or _cost(larger) < _cost(grown[sum_]):
                    grown[sum_] = larger
    return grown


def _cost(members: tuple[Able, ...]) -> tuple:
    return sum(not one.comes for one in members), sum(one.metres or 0.0 for one in members), [m.place for m in members]
