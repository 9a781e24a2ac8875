"""What bodies can do: the contents of scope lines that answer a question in words, with how many places do it now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from textwrap import shorten

from geodata.language import both
from geodata.text import search_key, words
from layers.competence.asking import VERIFICATION, best_saying
from layers.competence.reading import Competence, Phrase, Term, read
from layers.competence.tables import ScopeSubject
from layers.filters import MAX_TEXT
from layers.layer import Layer
from layers.registers.qualifications import ACTIVITIES
from layers.registry import all_layers
from services.search.asking import Asked
from services.search.closeness import SIMILAR, how_close
from services.search.counted import doing, shown_by

MOST_SUBJECTS = 400
"""How many contents are compared closely."""
COUNTED = 30
WORTH_ASKING = 4
"""Letters of a word that occurs nowhere as it stands and that is asked of all lines."""
COMMON = 100
"""In so many contents a word that means nothing known says nothing."""
# Words that had to be mended to mean something stand behind names that begin with them as they were typed.
_MEANT, _MENDED, _OCCURS = 1, 2, 3
_RESULT = {"kind": "scope", "id": None, "point": None, "bbox": None}
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
    """The question as a whole, of the layer in which most places do it, where it means several contents; then the
    contents that answer it best.

    Only what at least one place may do on the day counts, within the quantities asked for. The number beside a result
    is that of the places that its filters show.
    """
    meant, subjects, similar = _understood(asked)
    if not subjects:
        return Scopes()
    far = {one.pk: _distance(meant, one) for one in subjects}
    ranked = sorted(subjects, key=lambda one: far[one.pk])[:COUNTED]
    places = _places(asked, meant, ranked)
    offered = [one for one in ranked if one.pk in places]
    offered.sort(key=lambda one: (*far[one.pk][:3], -places[one.pk][1]))
    whole = _whole(meant, {places[one.pk][0] for one in offered}) if _is_said(asked, meant, subjects) else []
    whole = whole if len(offered) > 1 else []
    few = [_offer(one, meant, places[one.pk][0]) for one in offered[: asked.limit - bool(whole)]]
    few = [one for one in few if read(one["filters"]["competence"])]  # “các loại” alone asks for nothing
    choices = _choices(meant, subjects) if _is_meant(meant) and not similar else []
    told = _counted(asked, [*whole, *few, *choices])
    whole, rest = told[: len(whole)], told[len(whole) :]
    most = sorted(whole, key=lambda one: (one["places"], one["layer"]))[-1:]
    closeness = SIMILAR if similar else _closeness(asked, meant)
    results = [{**_RESULT, **one, **how_close(closeness)} for one in (*most, *rest[: len(few)])]
    return Scopes(results, rest[len(few) :])


def _counted(asked: Asked, offers: list[dict]) -> list[dict]:
    """The offers with their layers' names, their numbers of places and the nearest of those."""
    shown = shown_by(asked, [(one["layer"], one["filters"]) for one in offers])
    return [{**one, "layer": one["layer"].name, **counts} for one, counts in zip(offers, shown, strict=True)]


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
    found = best_saying(meant).using("open").select_related("device_type").defer("words")[:MOST_SUBJECTS]
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


def _is_said(asked: Asked, meant: Competence, subjects: list[ScopeSubject]) -> bool:
    """Whether the question can be asked as it stands: a word just begun, or words that mean nothing known and occur
    everywhere, stand in lines of every kind.
    """
    last = meant.said[-1] if meant.said else ""
    if meant.begun and len(last) < WORTH_ASKING and not asked.lexicon.known({last}):
        return False
    return _is_meant(meant) or len(subjects) < COMMON


def _distance(meant: Competence, subject: ScopeSubject) -> tuple:
    """How far a content is from the question: terms that it says otherwise, then words that were not asked for."""
    product, test = _spelt(subject.product), _spelt(subject.test)
    said = [*product, *test]
    closest = [_best_way(term.ways, said) for term in meant.terms]
    missed = sum(far for far, _ in closest)
    covered = sum(length for _, length in closest) / (len(said) or 1)
    untested = not any(_best_way(term.ways, test)[1] for term in meant.terms)
    return missed, untested, -round(covered, 1), len(said), subject.product, subject.test, subject.method


@lru_cache(maxsize=10_000)
def _spelt(text: str) -> tuple[tuple[str, str], ...]:
    """The words of a text, each with its accents and without."""
    return tuple((word, search_key(word)) for word in words(text))


def _best_way(ways: Sequence[Phrase], said: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """How far the closest way of a term is (0: with its accents, 1: without, 2: not in product or test), and how many
    words of what is said it takes.
    """
    spelt, bare = [word for word, _ in said], [word for _, word in said]
    found = [(2, 0)]
    for way in ways:
        if _stands(way, spelt, exact=True):
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
    """By content that somebody may do: the layer, and how many places may."""
    found: dict[int, tuple[Layer, int]] = {}
    for layer in (layer for layer in all_layers() if layer.lines):
        own = set(layer.field("activity").choices.codes())
        here = [one.pk for one in subjects if one.activity in own]
        for subject, places in doing(asked, meant, layer, here).items() if here else ():
            found.setdefault(subject, (layer, places))
    return found


def _offer(subject: ScopeSubject, meant: Competence, layer: Layer) -> dict:
    title, others = _title(subject)
    activity = ACTIVITIES.labels("open", [subject.activity])[subject.activity]
    said = " · ".join(map(str, filter(None, (others, activity, subject.method))))
    return {"layer": layer, "title": title, "subtitle": said, "filters": _filters(subject, meant)}


def _title(subject: ScopeSubject) -> tuple[str, str]:
    """What a content is called and what is said beside it: of tests the test first, of devices the device."""
    if subject.activity in ("testing", "medical_examination"):
        return subject.test or subject.product, subject.product
    return subject.product or subject.test, "" if subject.activity == VERIFICATION else subject.test


def _filters(subject: ScopeSubject, meant: Competence) -> dict[str, str]:
    """The filters that show who does this: what was asked of this type of device, or what the content says."""
    if subject.activity == VERIFICATION and subject.device_type_id:
        return {**_doing(subject.activity, meant.text), "device_type": subject.device_type.code}
    within = " ".join(quantity.text for quantity in meant.quantities)
    # “;” would part alternatives, and the filter has room for MAX_TEXT letters.
    content = f"{subject.test} {subject.product}".replace(";", " ")
    content = shorten(content, MAX_TEXT - len(within) - 1, placeholder="")
    return _doing(subject.activity, f"{content} {within}".strip())


def _doing(activity: str, competence: str) -> dict[str, str]:
    """The filters of a layer that show who may do this now: the same on map, list, API and downloads."""
    filters = {"competence": competence, "activity": activity, "status": "active"}
    return {**filters, "qualification": "designation"} if activity == VERIFICATION else filters


def _whole(meant: Competence, layers: Iterable[Layer]) -> list[dict]:
    """The question itself, asked of each layer."""
    filters = {"competence": meant.text, "status": "active"}
    said = {"title": " · ".join(meant.parts), "subtitle": str(_EVERY_LINE), "filters": filters}
    return [{"layer": layer, **said} for layer in layers]


def _choices(meant: Competence, subjects: list[ScopeSubject]) -> list[dict]:
    """Verification and calibration, where a device is asked for and not which of them."""
    if meant.named or not {one.activity for one in subjects}.issuperset(_DEVICES):
        return []
    return [_choice(meant, code) for code in _DEVICES]


def _choice(meant: Competence, code: str) -> dict:
    label = str(ACTIVITIES.labels("open", [code])[code])
    layer = next(one for one in all_layers() if one.lines and code in one.field("activity").choices.codes())
    said = {"label": label, "hint": str(_BY_LAW[code])}
    return {"activity": code, **said, "layer": layer, "filters": _doing(code, meant.text)}
