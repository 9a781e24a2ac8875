"""How many places do what a result of the search offers, and how far the nearest is.

Counting reads every scope line that says it; the same is asked at every letter that somebody types. So what was counted
is kept while the layer's version stands: a committed change is in the next answer.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Hashable, Sequence
from threading import Lock
from time import monotonic
from typing import Generic, TypeAlias, TypeVar

import numpy as np
from django.db.models import Count, Q, QuerySet

from geodata.functions import Latitude, Longitude
from geodata.nearest import metres_to_nearest
from layers.access import access
from layers.competence.asking import permitted, reach, within
from layers.competence.reading import Competence, read
from layers.layer import Layer
from layers.query import Competences, FeatureQuery, expression, matching_lines
from layers.query import Value as Asking
from services.search.asking import Asked

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")
Offer: TypeAlias = tuple[Layer, dict[str, str]]
"""A layer with the filters of a result."""
Shown: TypeAlias = tuple[Layer, str, tuple[tuple[str, str], ...]]
# A content that a race left out is added by a job (`layers.competence.subjects.tidy`), without a change of its layer.
KEPT_S = 300
_NEVER = (float("-inf"), None)
_COMPETENCE, _TYPE = "competence", "device_type"


class Memory(Generic[Key, Kept]):
    """The values that were asked for last, by key, none older than KEPT_S: `most` of them as `size` counts each.

    Safe to share between threads.
    """

    def __init__(self, most: int, *, size: Callable[[Kept], int] = lambda value: 1) -> None:
        self.most, self.size = most, size
        self.total = 0
        self._kept: OrderedDict[Key, tuple[float, Kept]] = OrderedDict()
        self._lock = Lock()

    def get(self, keys: Collection[Key], make: Callable[[list[Key]], dict[Key, Kept]]) -> dict[Key, Kept]:
        """The values of these keys; `make` gives those that are not kept."""
        now = monotonic()
        with self._lock:
            found = {key: self._kept[key][1] for key in keys if now - self._kept.get(key, _NEVER)[0] < KEPT_S}
            for key in found:
                self._kept.move_to_end(key)
        missing = [key for key in keys if key not in found]
        made = make(missing) if missing else {}
        with self._lock:
            for key, value in made.items():
                self._keep(key, value, now)
        return found | made

    def _keep(self, key: Key, value: Kept, now: float) -> None:
        if key in self._kept:
            self.total -= self.size(self._kept.pop(key)[1])
        self._kept[key] = (now, value)
        self.total += self.size(value)
        while self.total > self.most:
            self.total -= self.size(self._kept.popitem(last=False)[1][1])


_doing: Memory[tuple[Layer, str, int], int] = Memory(20_000)
# Sixteen bytes a position.
_shown: Memory[Shown, np.ndarray] = Memory(1_000_000, size=lambda places: len(places) + 1)


def doing(asked: Asked, meant: Competence, layer: Layer, subjects: Collection[int]) -> dict[int, int]:
    """By content that means what is asked and that somebody may do: how many places of the layer may, on the day and
    within the quantities.
    """
    if meant.quantities:
        return _count(asked, within(meant), layer, subjects)
    version = asked.version(layer)

    def count(keys: list[tuple[Layer, str, int]]) -> dict[tuple[Layer, str, int], int]:
        counted = _count(asked, permitted(), layer, [subject for _, _, subject in keys])
        return {key: counted.get(key[2], 0) for key in keys}

    found = _doing.get([(layer, version, subject) for subject in subjects], count)
    return {subject: places for (_, _, subject), places in found.items() if places}


def _count(asked: Asked, condition: Q, layer: Layer, subjects: Collection[int]) -> dict[int, int]:
    lines = matching_lines(layer, FeatureQuery(day=asked.day), access(layer, None)).alias(**reach())
    lines = lines.filter(layer.lines.in_force(asked.day), condition, subject__in=subjects)
    rows = lines.filter(place__in=_public(layer)).order_by().values_list("subject")
    return dict(rows.annotate(places=Count("place", distinct=True)))


def shown_by(asked: Asked, offers: Sequence[Offer]) -> list[dict[str, object]]:
    """For each layer with filters: how many places these show, and how far the nearest is from where is asked."""
    keys = [(layer, asked.version(layer), tuple(sorted(filters.items()))) for layer, filters in offers]
    kept = _shown.get(keys, lambda missing: _positions(asked, missing))
    return [_told(asked, kept[key]) for key in keys]


def _told(asked: Asked, places: np.ndarray) -> dict[str, object]:
    if asked.position is None or not len(places):
        return {"places": len(places)}
    return {"places": len(places), "distance_m": round(metres_to_nearest(*asked.position, *places.T))}


def _positions(asked: Asked, keys: Sequence[Shown]) -> dict[Shown, np.ndarray]:
    """Longitude and latitude of each place, one row each. Filters that differ in the type of device alone are read
    together: they are of the same lines.
    """
    together: dict[tuple, dict[Shown, str]] = defaultdict(dict)
    for key in keys:
        layer, _, filters = key
        kind = dict(filters).get(_TYPE, "")
        together[layer, bool(kind), *(one for one in filters if one[0] != _TYPE)][key] = kind
    found: dict[Shown, np.ndarray] = {}
    for (layer, _, *rest), several in together.items():
        places = _places(asked, layer, dict(rest), [kind for kind in several.values() if kind])
        found |= {key: np.array(places[kind], dtype=float).reshape(-1, 2) for key, kind in several.items()}
    return found


def _places(asked: Asked, layer: Layer, filters: dict[str, str], types: list[str]) -> dict[str, list]:
    """The positions of the places that the filters show, by type of device where types are asked for, else by ""."""
    values: dict[str, Asking] = {name: (text,) for name, text in filters.items() if name != _COMPETENCE}
    if _COMPETENCE in filters:
        values[_COMPETENCE] = Competences(filters[_COMPETENCE], (read(filters[_COMPETENCE]),))
    if types:
        values[_TYPE] = tuple(types)
    query = FeatureQuery(day=asked.day, values=values)
    lines = matching_lines(layer, query, access(layer, None)).order_by()
    found: dict[str, list] = defaultdict(list)
    if not types:  # a place has twenty lines: it is read once
        places = _public(layer).filter(pk__in=lines.values("place")).order_by()
        found[""] = list(places.values_list(Longitude("geom"), Latitude("geom")))
        return found
    point = {"lon": Longitude("place__geom"), "lat": Latitude("place__geom")}
    lines = lines.filter(place__in=_public(layer)).annotate(**point)
    lines = lines.annotate(kind=expression(layer.field(_TYPE).asked, layer, query))
    for kind, _, *position in lines.values_list("kind", "place", *point).distinct():
        found[kind].append(position)
    return found


def _public(layer: Layer) -> QuerySet:
    return layer.model._default_manager.using("open").filter(access(layer, None).rows).values("pk")
