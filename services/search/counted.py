"""How many places do what a result of the search offers, and how far the nearest is.

Counting reads every scope line that says it; the same is asked at every letter that somebody types. So who does what is
kept while the layer's version stands: a committed change is in the next answer.
"""

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
from layers.query import FeatureQuery, matching_lines
from services.search.asking import Asked
from services.search.memory import Memory

Offer: TypeAlias = tuple[Layer, dict[str, str]]
"""A layer with the filters of a result: its words, and of what activity and type of device it is."""


@dataclass(frozen=True)
class Able:
    """The public places of a layer that may do something now: by content the rows of those that may, each once.

    `points` has longitude and latitude, a row each.
    """

    places: dict[int, np.ndarray]
    points: np.ndarray

    def doing(self, subjects: Iterable[int]) -> np.ndarray:
        """The points of the places that may do one of these contents."""
        rows = [self.places[subject] for subject in subjects if subject in self.places]
        return self.points[np.unique(np.concatenate(rows))] if rows else self.points[:0]


class Public(NamedTuple):
    """The public places of a layer's model: by id the row, and all points."""

    rows: dict[int, int]
    points: np.ndarray


_public: Memory[tuple[Layer, str], Public] = Memory(10)
_able: Memory[tuple[Layer, str], Able] = Memory(10)
_said: Memory[tuple, tuple[int, ...]] = Memory(200_000, size=lambda subjects: len(subjects) + 1)


def doing(asked: Asked, meant: Competence, layer: Layer, subjects: Collection[int]) -> dict[int, int]:
    """By content that means what is asked and that somebody may do: how many places of the layer may, on the day and
    within the quantities.
    """
    places = _able_within(asked, layer, meant.quantities, subjects).places
    return {subject: len(places[subject]) for subject in subjects if subject in places}


def shown_by(asked: Asked, offers: Sequence[Offer]) -> list[dict[str, object]]:
    """For each layer with filters: how many places these show, and how far the nearest is from where is asked."""
    return [_told(asked, _places(asked, layer, filters)) for layer, filters in offers]


def _told(asked: Asked, places: np.ndarray) -> dict[str, object]:
    if asked.position is None or not len(places):
        return {"places": len(places)}
    return {"places": len(places), "distance_m": round(metres_to_nearest(*asked.position, *places.T))}


def _places(asked: Asked, layer: Layer, filters: dict[str, str]) -> np.ndarray:
    meant = read(filters["competence"])
    subjects = _subjects(asked, layer, meant, filters)
    return _able_within(asked, layer, meant.quantities, subjects).doing(subjects)


def _subjects(asked: Asked, layer: Layer, meant: Competence, filters: dict[str, str]) -> tuple[int, ...]:
    """The contents that an offer's filters ask for."""
    paths = {"activity": "activity", "device_type": "device_type__code"}
    own = tuple((path, filters[name]) for name, path in paths.items() if name in filters)
    key = asked.versions[layer], filters["competence"], own

    def find(missing: list[tuple]) -> dict[tuple, tuple[int, ...]]:
        return {key: tuple(saying(meant).using("open").filter(**dict(own)).values_list("id", flat=True))}

    return _said.get([key], find)[key]


def _able_within(asked: Asked, layer: Layer, quantities: Sequence[Quantity], subjects: Collection[int]) -> Able:
    """Who may do these contents within the quantities; without quantities also who may do others."""
    if quantities:
        return _read(asked, layer, reached(quantities) & Q(subject__in=subjects))
    key = layer, asked.versions[layer]
    return _able.get([key], lambda missing: {key: _read(asked, layer, Q())})[key]


def _read(asked: Asked, layer: Layer, condition: Q) -> Able:
    lines = matching_lines(layer, FeatureQuery(day=asked.day), access(layer, None)).alias(**reach())
    lines = lines.filter(layer.lines.in_force(asked.day), permitted(), condition)
    said = dict(lines.order_by().values_list("subject").annotate(places=ArrayAgg("place")))
    key = layer, asked.versions[layer]
    rows, points = _public.get([key], lambda missing: {key: _read_public(layer)})[key]
    able = {subject: np.array([*{rows[pk] for pk in several if pk in rows}]) for subject, several in said.items()}
    return Able({subject: several for subject, several in able.items() if len(several)}, points)


def _read_public(layer: Layer) -> Public:
    rows = layer.model._default_manager.using("open").filter(access(layer, None).rows).order_by("pk")
    found = list(rows.values_list("pk", Longitude("geom"), Latitude("geom")))
    points = np.array([point for _, *point in found], dtype=float).reshape(-1, 2)
    return Public({pk: row for row, (pk, *_) in enumerate(found)}, points)
