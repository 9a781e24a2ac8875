"""What bodies can do: the contents of scope lines that answer a question in words, with how many places do it now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count, Min, QuerySet

from geodata.functions import MetresFrom
from geodata.language import both
from geodata.text import search_key, words
from layers.access import access
from layers.competence.asking import of_lines, reach, saying
from layers.competence.reading import Competence, Phrase, Term, read
from layers.competence.tables import ScopeSubject
from layers.layer import Layer
from layers.query import FeatureQuery, matching_lines
from layers.registers.qualifications import ACTIVITIES
from layers.registry import all_layers
from services.search.asking import Asked
from services.search.closeness import SIMILAR

MOST_SUBJECTS = 400
"""How many contents are compared closely."""
COUNTED = 30
_MEANT, _OCCURS = 1, 3
_DEVICES = ("device_verification", "calibration")
_BY_LAW = {
    "device_verification": both(
        "bắt buộc theo luật với phương tiện đo nhóm 2, chỉ tổ chức được chỉ định",
        "required by law for group 2 devices, by designated bodies only",
    ),
    "calibration": both("tự nguyện, để biết sai số", "voluntary, to know the error"),
}


@dataclass(frozen=True)
class Scopes:
    """Results as the search gives them, and the activities to choose from where the question leaves that open."""

    results: list[dict] = field(default_factory=list)
    choices: list[dict] = field(default_factory=list)


def scopes(asked: Asked) -> Scopes:
    """The question as a whole where it means several contents, then the contents that answer it best.

    Only what at least one place may do on the day counts, within the quantities asked for.
    """
    meant, subjects, similar = _understood(asked)
    if not subjects:
        return Scopes()
    ranked = sorted(subjects, key=lambda one: _distance(meant, one))
    places = _places(asked, meant, ranked[:COUNTED])
    offered = [one for one in ranked[:COUNTED] if one.pk in places]
    offered.sort(key=lambda one: (*_distance(meant, one)[:3], -places[one.pk]["places"]))
    closeness = SIMILAR if similar else _MEANT if _is_meant(meant) else _OCCURS
    found = [_result(one, meant, places[one.pk], closeness) for one in offered[: asked.limit]]
    whole = _whole(asked, meant, subjects, closeness) if len(offered) > 1 else []
    choices = _choices(asked, meant, subjects) if _is_meant(meant) and not similar else []
    return Scopes([*whole, *found][: asked.limit], choices)


def _understood(asked: Asked) -> tuple[Competence, list[ScopeSubject], bool]:
    """The reading of the text under which something is found, what is found, and whether something was left out."""
    meant = read(asked.text, lexicon=asked.lexicon, typing=True)
    subjects = _subjects(meant)
    if not subjects and meant.needed:
        doubted = read(asked.text, lexicon=asked.lexicon, typing=True, doubting=True)
        subjects = _subjects(doubted)
        meant = doubted if subjects else meant
    if subjects or len(meant.needed) < 2:
        return meant, subjects, False
    for less in filter(_is_meant, _with_one_term_less(meant)):
        subjects = _subjects(less)
        if subjects:
            return less, subjects, True
    return meant, [], False


def _subjects(meant: Competence) -> list[ScopeSubject]:
    """Contents that say what is meant, each once; none where no term is asked for.

    Words of which none is known as a word of scopes have to stand together: they may be a name.
    """
    if not meant.needed:
        return []
    if not _is_meant(meant):
        meant = replace(meant, terms=(_together(meant.needed),))
    found = saying(meant).using("open").defer("words")[:MOST_SUBJECTS]
    return list({one.pk: one for one in found}.values())


def _together(terms: Sequence[Term]) -> Term:
    ways = [term.ways[0] for term in terms]
    said = tuple(word for way in ways for word in way.said)
    return Term((Phrase(said, exact=all(way.exact for way in ways), begun=ways[-1].begun),))


def _with_one_term_less(meant: Competence) -> Iterable[Competence]:
    """The question without one of its needed terms, plain words left out before known ones."""
    for out in sorted(meant.needed, key=lambda term: len(term.ways)):
        yield replace(meant, terms=tuple(term for term in meant.terms if term is not out))


def _is_meant(meant: Competence) -> bool:
    """Whether the question is about abilities, not about words that occur in names as well."""
    return bool(meant.activities or meant.quantities or any(len(term.ways) > 1 for term in meant.needed))


def _distance(meant: Competence, subject: ScopeSubject) -> tuple:
    """How far a content is from the question: terms that it says otherwise, then words that were not asked for."""
    product, test = words(subject.product), words(subject.test)
    said = [*product, *test]
    closest = [_best_way(term.ways, said) for term in meant.terms]
    missed = sum(far for far, _ in closest)
    covered = sum(length for _, length in closest) / (len(said) or 1)
    untested = not any(_best_way(term.ways, test)[1] for term in meant.terms)
    return missed, untested, -round(covered, 1), len(said), subject.product, subject.test, subject.method


def _best_way(ways: Sequence[Phrase], said: list[str]) -> tuple[int, int]:
    """How far the closest way of a term is (0: with its accents, 1: without, 2: not in product or test), and how many
    words of what is said it takes.
    """
    bare = list(map(search_key, said))
    found = [(2, 0)]
    for way in ways:
        if _stands(way, said, exact=True):
            found.append((0, -len(way.said)))
        elif not way.exact and _stands(way, bare, exact=False):
            found.append((1, -len(way.said)))
    far, length = min(found)
    return far, -length


def _stands(way: Phrase, said: list[str], *, exact: bool) -> bool:
    length = len(way.said)
    asked = list(way.said if exact else map(search_key, way.said))
    for place in range(len(said) - length + 1):
        here = said[place : place + length]
        if here == asked or (way.begun and here[:-1] == asked[:-1] and here[-1].startswith(asked[-1])):
            return True
    return False


def _lines(asked: Asked, meant: Competence, subjects: Iterable[ScopeSubject]) -> list[tuple[Layer, QuerySet]]:
    """By layer, the lines in force on the day that say one of these contents and reach the quantities, of places that
    are shown.
    """
    query, activities = FeatureQuery(day=asked.day), meant.activities
    found = []
    for layer in (layer for layer in all_layers() if layer.lines):
        own = set(layer.field("activity").choices.codes())
        here = [one.pk for one in subjects if one.activity in own and (not activities or one.activity in activities)]
        if here:
            lines = matching_lines(layer, query, access(layer, None)).alias(**reach())
            lines = lines.filter(layer.lines.in_force(asked.day), of_lines(replace(meant, terms=())))
            found.append((layer, lines.filter(subject__in=here, place__in=_shown(layer)).order_by()))
    return found


def _shown(layer: Layer) -> QuerySet:
    return layer.model._default_manager.using("open").filter(access(layer, None).rows).values("pk")


def _places(asked: Asked, meant: Competence, subjects: list[ScopeSubject]) -> dict[int, dict]:
    """By content: the layer, the number of places that do it, the distance of the nearest where one is asked."""
    found: dict[int, dict] = {}
    for layer, lines in _lines(asked, meant, subjects):
        for row in lines.values("subject").annotate(places=Count("place", distinct=True), **_away(asked)):
            found.setdefault(row.pop("subject"), {"layer": layer, **row})
    return found


def _away(asked: Asked) -> dict[str, Min]:
    return {"nearest": Min(MetresFrom("place__geom", *asked.position))} if asked.position else {}


def _result(subject: ScopeSubject, meant: Competence, places: dict, closeness: int) -> dict:
    title, others = _title(subject)
    activity = ACTIVITIES.labels("open", [subject.activity])[subject.activity]
    return {
        **_base(places, closeness),
        "title": title,
        "subtitle": " · ".join(map(str, filter(None, (others, activity, subject.method)))),
        "filters": _filters(subject, meant, places["layer"]),
    }


def _base(places: dict, closeness: int) -> dict:
    near = {"distance_m": round(places["nearest"])} if places.get("nearest") is not None else {}
    return {
        "kind": "scope",
        "layer": places["layer"].name,
        "id": None,
        "point": None,
        "bbox": None,
        "places": places["places"],
        **near,
        "similar": closeness >= SIMILAR,
        "closeness": closeness,
    }


def _title(subject: ScopeSubject) -> tuple[str, str]:
    """What a content is called and what is said beside it: of tests the test first, of devices the device."""
    if subject.activity in ("testing", "medical_examination"):
        return subject.test or subject.product, subject.product
    return subject.product or subject.test, "" if subject.activity == "device_verification" else subject.test


def _filters(subject: ScopeSubject, meant: Competence, layer: Layer) -> dict[str, str]:
    """The filters of the layer that show who does this: the same on map, list, API and downloads."""
    filters = {"activity": subject.activity, "status": "active"}
    if subject.activity == "device_verification" and subject.device_type_id and layer.field("device_type"):
        return {**filters, "qualification": "designation", "device_type": subject.device_type.code}
    quantities = (quantity.text for quantity in meant.quantities)
    said = " ".join(filter(None, (subject.test, subject.product, *quantities)))
    return {"competence": said, **filters}


def _whole(asked: Asked, meant: Competence, subjects: list[ScopeSubject], closeness: int) -> list[dict]:
    """The question itself as the first result, for the layer in which most places do it."""
    counted = [
        {"layer": layer, **lines.aggregate(places=Count("place", distinct=True), **_away(asked))}
        for layer, lines in _lines(asked, meant, subjects)
    ]
    most = max(counted, key=lambda one: one["places"])
    kinds = both("mọi dòng phạm vi khớp", "all scope lines that match")
    filters = {"competence": meant.text, "status": "active"}
    title = " · ".join(meant.parts)
    return [{**_base(most, closeness), "title": title, "subtitle": str(kinds), "filters": filters}]


def _choices(asked: Asked, meant: Competence, subjects: list[ScopeSubject]) -> list[dict]:
    """Verification and calibration, where a device is asked for and not which of them."""
    if meant.activities or not {one.activity for one in subjects}.issuperset(_DEVICES):
        return []
    return [_choice(asked, replace(meant, activities=(code,)), subjects) for code in _DEVICES]


def _choice(asked: Asked, meant: Competence, subjects: list[ScopeSubject]) -> dict:
    (code,), (layer, lines) = meant.activities, _lines(asked, meant, subjects)[0]
    filters = {"competence": replace(meant, called="").text, "activity": code, "status": "active"}
    if code == "device_verification":
        filters["qualification"] = "designation"
    places = lines.aggregate(places=Count("place", distinct=True))["places"]
    said = {"label": str(ACTIVITIES.labels("open", [code])[code]), "hint": str(_BY_LAW[code])}
    return {"activity": code, **said, "layer": layer.name, "filters": filters, "places": places}
