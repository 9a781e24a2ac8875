"""What bodies can do: the contents of scope lines that answer a question in words, with how many places do it now."""

from dataclasses import dataclass, field
from itertools import islice

from geodata.text import search_key
from layers.competence.reading import Competence, read
from layers.competence.tables import ScopeSubject
from layers.layer import Layer
from layers.registry import all_layers
from services.search.asking import Asked
from services.search.closeness import SIMILAR, how_close
from services.search.counted import doing, shown_by
from services.search.distance import distance
from services.search.offers import choices, offer, whole
from services.search.understanding import Understood, understood

COUNTED = 30
WORTH_ASKING = 4
"""Letters of a word that occurs nowhere as it stands and that is asked of all lines."""
COMMON = 100
"""In so many contents a word that means nothing known says nothing."""
# Words that had to be mended to mean something stand behind names that begin with them as they were typed.
_MEANT, _MENDED, _OCCURS = 1, 2, 3
_RESULT = {"kind": "scope", "id": None, "point": None, "bbox": None}


@dataclass(frozen=True)
class Scopes:
    """Results as the search gives them, and the activities to choose from where the question leaves that open."""

    results: list[dict] = field(default_factory=list)
    choices: list[dict] = field(default_factory=list)


def scopes(asked: Asked) -> Scopes:
    """The question as a whole, of the layer in which most places do it, where it means several contents; then the
    contents that answer it best.

    Only what at least one place may do on the day counts, within the quantities asked for. The number beside a result
    is that of the places that its filters show.
    """
    question = understood(asked)
    meant = question.meant
    offered = _offered(asked, question) if question.subjects else []
    asked_whole = len(offered) > 1 and _is_said(asked, question)
    every = whole(meant, {layer for _, layer in offered}) if asked_whole else []
    few = [offer(one, meant, layer) for one, layer in offered[: asked.limit - bool(every)]]
    few = [one for one in few if read(one["filters"]["competence"])]  # “các loại” alone asks for nothing
    open_choices = choices(meant, question.subjects) if question.is_meant and not question.similar else []
    told = iter(_counted(asked, [*every, *few, *open_choices]))
    every, few, open_choices = ([*islice(told, len(part))] for part in (every, few, open_choices))
    most = sorted(every, key=lambda one: (one["places"], one["layer"]))[-1:]
    close = how_close(_closeness(asked, question))
    return Scopes([{**_RESULT, **one, **close} for one in (*most, *few)], open_choices)


def _offered(asked: Asked, question: Understood) -> list[tuple[ScopeSubject, Layer]]:
    """The contents that somebody may do, those nearest to the question first, of equals what most places do; each with
    the layer of these places.
    """
    far = {one.pk: distance(question.meant, one) for one in question.subjects}
    ranked = sorted(question.subjects, key=lambda one: far[one.pk])[:COUNTED]
    places = _places(asked, question.meant, ranked)
    offered = [one for one in ranked if one.pk in places]
    offered.sort(key=lambda one: (*far[one.pk][:3], -places[one.pk][1]))
    return [(one, places[one.pk][0]) for one in offered]


def _places(asked: Asked, meant: Competence, subjects: list[ScopeSubject]) -> dict[int, tuple[Layer, int]]:
    """By content that somebody may do: the layer, and how many places may."""
    found: dict[int, tuple[Layer, int]] = {}
    for layer in (layer for layer in all_layers() if layer.lines):
        own = set(layer.field("activity").choices.codes())
        here = [one.pk for one in subjects if one.activity in own]
        for subject, places in doing(asked, meant, layer, here).items() if here else ():
            found.setdefault(subject, (layer, places))
    return found


def _counted(asked: Asked, offers: list[dict]) -> list[dict]:
    """The offers with their layers' names, their numbers of places and the nearest of those."""
    shown = shown_by(asked, [(one["layer"], one["filters"]) for one in offers])
    return [{**one, "layer": one["layer"].name, **counts} for one, counts in zip(offers, shown, strict=True)]


def _closeness(asked: Asked, question: Understood) -> int:
    if question.similar:
        return SIMILAR
    if not question.is_meant:
        return _OCCURS
    return _MEANT if set(map(search_key, question.meant.said)) <= set(asked.words) else _MENDED


def _is_said(asked: Asked, question: Understood) -> bool:
    """Whether the question can be asked as it stands: a word just begun, or words that mean nothing known and occur
    everywhere, stand in lines of every kind.
    """
    meant = question.meant
    last = meant.said[-1] if meant.said else ""
    if meant.begun and len(last) < WORTH_ASKING and not asked.lexicon.known({last}):
        return False
    return question.is_meant or len(question.subjects) < COMMON
