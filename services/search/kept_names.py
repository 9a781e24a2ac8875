"""The names of layers of few records, kept by each worker while the layer's version stands: about a kilobyte each.

Three letters stand in thousands of names: PostgreSQL would read and order all of them at every letter typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.db.models.functions import Length

from geodata.functions import Latitude, Longitude
from geodata.nearest import metres_to, square_degrees
from layers.layer import Layer
from layers.query import FeatureQuery, limited, matching
from services.search.asking import Asked, Position
from services.search.closeness import CANDIDATES, Candidate, closeness, likeness
from services.search.memory import Latest
from services.search.titles import Title, titles


@dataclass(frozen=True)
class Names:
    """Records as a search meets equals: the most prominent first, then the shorter names, then by id.

    `held` are their search keys, all in one; `keys` that of the name. `points` has longitude and latitude, a row each.
    """

    ids: Sequence[int]
    held: Sequence[str]
    keys: Sequence[str]
    points: np.ndarray

    def best_first(self, words: tuple[str, ...], position: Position | None) -> list[Candidate]:
        """What `closeness.best_first` gives of the rows that hold all the words."""
        holding: Sequence[int] = range(len(self.ids))
        for word in sorted(set(words), key=len, reverse=True):
            holding = [number for number in holding if word in self.held[number]]
        if not holding:
            return []
        together, close = " ".join(words), closeness(words)
        far = np.array([likeness(self.keys[number], together) for number in holding])
        lons, lats = self.points[holding].T
        near = square_degrees(*position, lons, lats) if position else np.zeros(len(holding))
        few = np.lexsort((near, far))[:CANDIDATES]
        away = metres_to(*position, lons[few], lats[few]) if position else np.zeros(len(few))
        chosen = [holding[number] for number in few]
        candidates = [
            Candidate(self.ids[number], close(self.keys[number]), lon, lat, metres if position else None)
            for number, (lon, lat), metres in zip(chosen, self.points[chosen], away, strict=True)
        ]
        return sorted(candidates, key=lambda one: (one.closeness, one.metres or 0))


class Records(NamedTuple):
    """The names of records, and their titles by id."""

    names: Names
    titles: dict[int, Title]


_kept: Latest[Layer, Records] = Latest()


def kept_records(layer: Layer, asked: Asked) -> Records:
    """The layer's public records on the day: of a layer of `few`."""
    return _kept.get(layer, asked.versions[layer], lambda: _read(layer, asked))


def _read(layer: Layer, asked: Asked) -> Records:
    with limited(None, "reference"):
        rows = matching(layer, FeatureQuery(day=asked.day))
        ordered = rows.order_by(*layer.prominent, Length(layer.search[0]), "pk")
        found = list(ordered.values_list("pk", Longitude(layer.point), Latitude(layer.point), *layer.search))
        names = Names(
            ids=[pk for pk, *_ in found],
            held=["\n".join(keys) for _, _, _, *keys in found],
            keys=[key for _, _, _, key, *_ in found],
            points=np.array([(lon, lat) for _, lon, lat, *_ in found], dtype=float).reshape(-1, 2),
        )
        # Whether they are the layer's is not asked again: of places that reads every scope line.
        same = layer.model._default_manager.using("open").filter(pk__in=names.ids)
        return Records(names, titles(layer, same, asked.day))
