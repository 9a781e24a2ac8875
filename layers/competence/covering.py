"""Who can do several things: which places cover them, and the smallest set of places that covers all. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

MOST_TASKS = 12
# Who comes to the device is named before who is nearer; but who is nearest must not be lost behind all who come.
FIRST_WHO_COME = 3


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
    def _away(self) -> tuple:
        return self.metres if self.metres is not None else 0.0, self.place

    @property
    def _worth(self) -> tuple:
        return not self.comes, *self._away


def ranked(places: Iterable[Able]) -> list[Able]:
    """Those that do most first; among them the nearest few who come to the device, then all by distance."""
    best = sorted(places, key=lambda one: (-one.covered, one._away))
    first = who_come_first(best)
    return sorted(best, key=lambda one: (-one.covered, one.place not in first))


def who_come_first(places: Iterable[Able]) -> frozenset[int]:
    """Of those that do equally much the nearest few who come to the device."""
    coming: dict[int, list[int]] = defaultdict(list)
    for one in sorted((one for one in places if one.comes), key=lambda one: one._away):
        coming[one.covered].append(one.place)
    return frozenset(place for several in coming.values() for place in several[:FIRST_WHO_COME])


def smallest_set(places: Iterable[Able], tasks: int) -> list[Able]:
    """The fewest places that together do all of the tasks (bits) that any place can do, the better ones where several
    sets are as small; those that do most first, then who comes, then the nearer. Empty where nobody can do anything.

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
    return sorted(sets.get(wanted, ()), key=lambda one: (-one.covered, one._worth))


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
