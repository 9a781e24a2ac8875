"""What bodies can do: the contents of scope lines that answer a question in words, with how many places do it now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count, Min, QuerySet

from geodata.functions import MetresFrom
from geodata.language import both
from geodata.text import search_key, words
from layers.access import access
from layers.competence.asking import VERIFICATION, best_saying, reach, within
from layers.competence.reading import Competence, Phrase, Term, read
from layers.competence.tables import ScopeSubject
from layers.layer import Layer
from layers.query import Competences, FeatureQuery, Value, matching_lines
from layers.registers.qualifications import ACTIVITIES
from layers.registry import all_layers
from services.search.asking import Asked
from services.search.closeness import SIMILAR

MOST_SUBJECTS = 400
"""How many contents are compared closely."""
COUNTED = 30
# Words that had to be mended to mean something stand behind names that begin with them as they were typed.
_MEANT, _MENDED, _OCCURS = 1, 2, 3
_DEVICES = (VERIFICATION, "calibration")
_EVERY_LINE = both("mọi dòng phạm vi khớp", "all scope lines that match")
_BY_LAW = {
    VERIFICATION: both(
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

    Only what at least one place may do on the day counts, within the quantities asked for. The number beside a result
    is that of the places that its filters show.
    """
    meant, subjects, similar = _understood(asked)
    if not subjects:
        return Scopes()
    ranked = sorted(subjects, key=lambda one: _distance(meant, one))[:COUNTED]
    places = _places(asked, meant, ranked)
    offered = [one for one in ranked if one.pk in places]
    offered.sort(key=lambda one: (*_distance(meant, one)[:3], -places[one.pk][1]))
    closeness = SIMILAR if similar else _closeness(asked, meant)
    whole = _whole(asked, meant, {places[one.pk][0] for one in offered}, closeness) if len(offered) > 1 else []
    few = offered[: asked.limit - len(whole)]
    found = [_result(asked, one, meant, places[one.pk][0], closeness) for one in few]
    choices = _choices(asked, meant, subjects) if _is_meant(meant) and not similar else []
    return Scopes([*whole, *found], choices)


def _closeness(asked: Asked, meant: Competence) -> int:
    if not _is_meant(meant):
        return _OCCURS
    return _MEANT if set(map(search_key, meant.said)) <= set(asked.words) else _MENDED


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
    found = best_saying(meant).using("open").defer("words")[:MOST_SUBJECTS]
    return list({one.pk: one for one in found}.values())


def _together(terms: Sequence[Term]) -> Term:
    ways = [term.ways[0] for term in terms]
    said = tuple(word for way in ways for word in way.said)
    return Term((Phrase(said, exact=all(way.exact for way in ways), begun=ways[-1].begun),))


def _with_one_term_less(meant: Competence) -> Iterable[Competence]:
    """The question without one of its needed terms, plain words left out before known ones."""
    for out in sorted(meant.needed, key=lambda term: len(term.ways)):
        terms = tuple(term for term in meant.terms if term is not out)
        yield replace(meant, terms=terms, said=(), begun=meant.begun and out is not meant.terms[-1])


def _is_meant(meant: Competence) -> bool:
    """Whether the question is about abilities, not about words that occur in names as well."""
    return bool(meant.named or meant.quantities or any(len(term.ways) > 1 for term in meant.needed))


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


def _places(asked: Asked, meant: Competence, subjects: list[ScopeSubject]) -> dict[int, tuple[Layer, int]]:
    """By content that somebody may do: the layer, and how many places may, on the day and within the quantities."""
    query = FeatureQuery(day=asked.day)
    found: dict[int, tuple[Layer, int]] = {}
    for layer in (layer for layer in all_layers() if layer.lines):
        own = set(layer.field("activity").choices.codes())
        here = [one.pk for one in subjects if one.activity in own]
        if here:
            lines = matching_lines(layer, query, access(layer, None)).alias(**reach())
            lines = lines.filter(layer.lines.in_force(asked.day), within(meant), subject__in=here)
            rows = lines.filter(place__in=_shown(layer)).order_by().values_list("subject")
            for subject, places in rows.annotate(places=Count("place", distinct=True)):
                found.setdefault(subject, (layer, places))
    return found


def _shown_by(asked: Asked, layer: Layer, filters: dict[str, str]) -> dict[str, object]:
    """How many places these filters show, and how far the nearest of them is where a position is known."""
    values: dict[str, Value] = {name: (text,) for name, text in filters.items() if name != "competence"}
    if "competence" in filters:
        values["competence"] = Competences(filters["competence"], (read(filters["competence"]),))
    lines = matching_lines(layer, FeatureQuery(day=asked.day, values=values), access(layer, None))
    # A place has twenty lines: each is counted, and its distance taken, once.
    places = _shown(layer).filter(pk__in=lines.order_by().values("place"))
    away = {"nearest": Min(MetresFrom("geom", *asked.position))} if asked.position else {}
    counted = places.aggregate(places=Count("pk"), **away)
    near = {} if counted.get("nearest") is None else {"distance_m": round(counted["nearest"])}
    return {"places": counted["places"], **near}


def _shown(layer: Layer) -> QuerySet:
    return layer.model._default_manager.using("open").filter(access(layer, None).rows).values("pk")


def _result(asked: Asked, subject: ScopeSubject, meant: Competence, layer: Layer, closeness: int) -> dict:
    title, others = _title(subject)
    activity = ACTIVITIES.labels("open", [subject.activity])[subject.activity]
    said = " · ".join(map(str, filter(None, (others, activity, subject.method))))
    return _offered(asked, layer, _filters(subject, meant), title=title, subtitle=said, closeness=closeness)


def _offered(asked: Asked, layer: Layer, filters: dict[str, str], *, title: str, subtitle: str, closeness: int) -> dict:
    return {
        "kind": "scope",
        "layer": layer.name,
        "id": None,
        "point": None,
        "bbox": None,
        "title": title,
        "subtitle": subtitle,
        "filters": filters,
        **_shown_by(asked, layer, filters),
        "similar": closeness >= SIMILAR,
        "closeness": closeness,
    }


def _title(subject: ScopeSubject) -> tuple[str, str]:
    """What a content is called and what is said beside it: of tests the test first, of devices the device."""
    if subject.activity in ("testing", "medical_examination"):
        return subject.test or subject.product, subject.product
    return subject.product or subject.test, "" if subject.activity == VERIFICATION else subject.test


def _filters(subject: ScopeSubject, meant: Competence) -> dict[str, str]:
    """The filters that show who does this: what was asked of this type of device, or what the content says."""
    if subject.activity == VERIFICATION and subject.device_type_id:
        return {**_doing(subject.activity, meant.text), "device_type": subject.device_type.code}
    quantities = (quantity.text for quantity in meant.quantities)
    return _doing(subject.activity, " ".join(filter(None, (subject.test, subject.product, *quantities))))


def _doing(activity: str, competence: str) -> dict[str, str]:
    """The filters of a layer that show who may do this now: the same on map, list, API and downloads."""
    filters = {"competence": competence, "activity": activity, "status": "active"}
    return {**filters, "qualification": "designation"} if activity == VERIFICATION else filters


def _whole(asked: Asked, meant: Competence, layers: set[Layer], closeness: int) -> list[dict]:
    """The question itself as the first result, for the layer in which most places do it."""
    filters = {"competence": meant.text, "status": "active"}
    said = {"title": " · ".join(meant.parts), "subtitle": str(_EVERY_LINE)}
    found = [_offered(asked, layer, filters, **said, closeness=closeness) for layer in layers]
    return [max(found, key=lambda one: (one["places"], one["layer"]))]


def _choices(asked: Asked, meant: Competence, subjects: list[ScopeSubject]) -> list[dict]:
    """Verification and calibration, where a device is asked for and not which of them."""
    if meant.named or not {one.activity for one in subjects}.issuperset(_DEVICES):
        return []
    return [_choice(asked, meant, code) for code in _DEVICES]


def _choice(asked: Asked, meant: Competence, code: str) -> dict:
    label = str(ACTIVITIES.labels("open", [code])[code])
    layer = next(one for one in all_layers() if one.lines and code in one.field("activity").choices.codes())
    filters = _doing(code, meant.text)
    said = {"label": label, "hint": str(_BY_LAW[code])}
    return {"activity": code, **said, "layer": layer.name, "filters": filters, **_shown_by(asked, layer, filters)}
