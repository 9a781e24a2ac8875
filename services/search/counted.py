"""How many places do what a result of the search offers, and how far the nearest is.

Counting reads every scope line that says it; the same is asked at every letter that somebody types. So who does what is
kept while the layer's version stands: a committed change is in the next answer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from geodata.functions import Latitude, Longitude
from geodata.nearest import metres_to_nearest
from layers.access import access
from layers.competence.asking import permitted, reach, reached, saying
from layers.competence.quantities import Quantity
from layers.competence.reading import Competence, read
from layers.layer import Layer
from layers.query import FeatureQuery, limited, matching_lines
from services.search.asking import Asked
from services.search.memory import Latest, Memory

Offer: TypeAlias = tuple[Layer, dict[str, str]]
"""A layer with the filters of a result: its words, and of what activity and type of device it is."""


class Places(NamedTuple):
    """The public places of a layer's model: by id the row, and longitude and latitude, a row each."""

    rows: dict[int, int]
    points: np.ndarray


@dataclass(frozen=True)
class Doers:
    """By content the public places of a layer that may do it now, each once, as rows of `points`."""

    places: dict[int, np.ndarray]
    points: np.ndarray

    def of(self, subjects: Iterable[int]) -> np.ndarray:
        """The points of the places that may do one of these contents."""
        rows = [self.places[subject] for subject in subjects if subject in self.places]
        return self.points[np.unique(np.concatenate(rows))] if rows else self.points[:0]


_public: Latest[str, Places] = Latest()
_doers: Latest[Layer, Doers] = Latest()
# Within quantities: those of the questions asked last.
_within: Memory[tuple, Doers] = Memory(200)
_said: Memory[tuple, tuple[int, ...]] = Memory(200_000, size=lambda subjects: len(subjects) + 1)


def doing(asked: Asked, meant: Competence, layer: Layer, subjects: Collection[int]) -> dict[int, int]:
    """By content that means what is asked and that somebody may do: how many places of the layer may, on the day and
    within the quantities.
    """
    places = _doers_of(asked, layer, meant.quantities, subjects).places
    return {subject: len(places[subject]) for subject in subjects if subject in places}


def shown_by(asked: Asked, offers: Sequence[Offer]) -> list[dict[str, object]]:
    """For each layer with filters: how many places these show, and how far the nearest is from where is asked.

    Offers of one layer and quantity are read together: they differ in contents alone.
    """
    said = [(layer, read(filters["competence"]), filters) for layer, filters in offers]
    wanted = [(layer, meant.quantities, _subjects(asked, layer, meant, filters)) for layer, meant, filters in said]
    together: dict[tuple[Layer, tuple[Quantity, ...]], set[int]] = defaultdict(set)
    for layer, quantities, subjects in wanted:
        together[layer, quantities].update(subjects)
    doers = {one: _doers_of(asked, *one, subjects) for one, subjects in together.items()}
    return [_told(asked, doers[layer, quantities].of(subjects)) for layer, quantities, subjects in wanted]


def _told(asked: Asked, places: np.ndarray) -> dict[str, object]:
    if asked.position is None or not len(places):
        return {"places": len(places)}
    return {"places": len(places), "distance_m": round(metres_to_nearest(*asked.position, *places.T))}


def _subjects(asked: Asked, layer: Layer, meant: Competence, filters: dict[str, str]) -> tuple[int, ...]:
    """The contents that an offer's filters ask for: none where they ask for nothing, as the filter answers then."""
    if not meant:
        return ()
    paths = {"activity": "activity", "device_type": "device_type__code"}
    own = tuple((path, filters[name]) for name, path in paths.items() if name in filters)
    key = asked.versions[layer], filters["competence"], own
    return _said.get(key, lambda: tuple(saying(meant).using("open").filter(**dict(own)).values_list("id", flat=True)))


def _doers_of(asked: Asked, layer: Layer, quantities: tuple[Quantity, ...], subjects: Collection[int]) -> Doers:
    """Who may do these contents within the quantities; without quantities also who may do others."""
    version = asked.versions[layer]
    if not quantities:
        return _doers.get(layer, version, lambda: _read(asked, layer, Q()))
    key = layer, version, quantities, tuple(sorted(subjects))
    condition = reached(quantities) & Q(subject__in=subjects)
    return _within.get(key, lambda: _read(asked, layer, condition))


def _read(asked: Asked, layer: Layer, condition: Q) -> Doers:
    version = tuple(version for one, version in asked.versions.items() if one.model is layer.model)
    with limited(None, "reference"):
        rows, points = _public.get(layer.model._meta.label, version, lambda: _read_public(layer))
        lines = matching_lines(layer, FeatureQuery(day=asked.day), access(layer, None)).alias(**reach())
        lines = lines.filter(layer.lines.in_force(asked.day), permitted(), condition)
        said = dict(lines.order_by().values_list("subject").annotate(places=ArrayAgg("place")))
    able = {subject: np.array([*{rows[pk] for pk in several if pk in rows}]) for subject, several in said.items()}
    return Doers({subject: several for subject, several in able.items() if len(several)}, points)


def _read_public(layer: Layer) -> Places:
    rows = layer.model._default_manager.using("open").filter(access(layer, None).rows).order_by("pk")
    found = list(rows.values_list("pk", Longitude("geom"), Latitude("geom")))
    points = np.array([point for _, *point in found], dtype=float).reshape(-1, 2)
    return Places({pk: row for row, (pk, *_) in enumerate(found)}, points)
