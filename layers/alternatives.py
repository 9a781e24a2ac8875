"""Who else near by does what a place does: for the day that it is closed, full, or no longer permitted."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from layers.access import User, access
from layers.competence.asking import permitted
from layers.layer import Layer
from layers.nearest import nearest
from layers.query import FeatureQuery, matching_lines

LOOKED_AT, MOST = 120, 5
# What two places are compared by, as far as the layer has it.
_COMPARED = ("activity", "device_type", "field")
Abilities = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Alternative:
    """Another organisation's place, `metres` away as the crow flies; `shared` are field and code, of `of` in all."""

    id: int
    metres: float
    shared: Abilities
    of: int


def alternatives(
    layer: Layer, query: FeatureQuery, place: int, *, lon: float, lat: float, user: User = None
) -> list[Alternative]:
    """Of the LOOKED_AT nearest places with one of the place's activities in force those of other organisations that
    share most activities, device types and fields, at most MOST; then the nearer first.

    Compared is what is in force on the day, verification of devices by designation alone; of a place without anything
    in force what it once could do. One activity at least is shared. Empty in layers without lines and where nobody
    does the same.

    Most do what their neighbours do: the nearest places of any kind are found by the spatial index, and all lines are
    gone through only where none of them does.
    """
    if layer.lines is None:
        return []
    own = _abilities(layer, query, [place], user)[place] or _abilities(layer, query, [place], user, ended=True)[place]
    activities = tuple(sorted(code for name, code in own if name == "activity"))
    if not activities:
        return []
    gate = access(layer, user)
    places = layer.model._default_manager.using(gate.using)
    others = places.filter(gate.rows).exclude(organisation__in=places.filter(pk=place).values("organisation"))
    asked = FeatureQuery(day=query.day, values={"activity": activities})
    lines = matching_lines(layer, asked, gate).filter(permitted(), layer.lines.in_force(query.day))
    for rows in (others, others.filter(Exists(lines.filter(**{layer.lines.place: OuterRef("pk")})))):
        near = nearest(layer, query, lon, lat, LOOKED_AT, user, rows=rows)
        found = _sharing(layer, query, near, own=own, user=user)
        if found:
            return sorted(found, key=lambda one: (-len(one.shared), one.metres, one.id))[:MOST]
    return []


def _sharing(
    layer: Layer, query: FeatureQuery, near: dict[int, float], *, own: Abilities, user: User
) -> list[Alternative]:
    """Those that have an activity in common with `own`."""
    shared = {pk: codes & own for pk, codes in _abilities(layer, query, near, user).items()}
    return [
        Alternative(pk, near[pk], codes, len(own))
        for pk, codes in shared.items()
        if any(name == "activity" for name, _ in codes)
    ]


def _abilities(
    layer: Layer, query: FeatureQuery, places: Collection[int], user: User, *, ended: bool = False
) -> dict[int, Abilities]:
    """What each of the places can do by its lines in force, or by all of them with `ended`."""
    compared = [item for item in map(layer.field, _COMPARED) if item]
    lines = matching_lines(layer, FeatureQuery(day=query.day), access(layer, user)).filter(
        permitted(),
        **{f"{layer.lines.place}__in": places},  # type: ignore[union-attr]
    )
    lines = lines if ended else lines.filter(layer.lines.in_force(query.day))  # type: ignore[union-attr]
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for place, *codes in lines.order_by().values_list("place", *(item.asked for item in compared)).distinct():
        found[place] |= {(item.name, code) for item, code in zip(compared, codes, strict=True) if code}
    return defaultdict(frozenset, {place: frozenset(codes) for place, codes in found.items()})
