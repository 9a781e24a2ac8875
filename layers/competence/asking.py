"""A Competence asked of subjects and of scope lines.

Accreditation or registration does not permit the verification of measuring devices: only designated bodies may verify
(Law on Measurement 04/2011/QH13, Art. 20 and 24; Circular 24/2013/TT-BKHCN). So a line that verifies devices counts
only under a designation, whatever was asked.
"""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from django.db.models import F, FloatField, Q
from django.db.models.functions import Coalesce, Least

from geodata.functions import Holds, Rank
from layers.competence.quantities import Quantity, Unit, comparable, convert
from layers.competence.reading import Competence, Phrase, Term
from layers.competence.tables import ScopeSubject
from layers.competence.thesaurus import Words

VERIFICATION = "device_verification"
# Who only makes the samples, compares laboratories or evaluates types does not do the work itself: never unasked.
_BESIDE_THE_WORK = ("proficiency_testing", "reference_material", "device_testing")
_OF_DEVICES = ("device_verification", "calibration")
# What one and the same number loses between two units.
_ROUNDING = 1e-9


def of_lines(asked: Competence) -> Q:
    """The condition on scope lines: they say all needed terms, of one of the activities, and reach the quantities.

    Nothing asked is answered by no line.
    """
    if not asked:
        return Q(pk__in=[])
    said = Q(subject__in=saying(asked).values("id")) if asked.needed else Q()
    return said & within(asked)


def within(asked: Competence) -> Q:
    """The part of `of_lines` that is not asked of what lines say: activity, quantities, and what the law permits."""
    return _of_activities(asked) & permitted() & reached(asked.quantities)


def says(asked: Competence) -> Q:
    """The condition on lines of one scope that is being read: what `of_lines` asks, whoever permits it, and of any
    activity where none was said.
    """
    held = Q(subject__in=_holding(asked).values("id")) if asked.needed else Q()
    held &= Q(activity__in=asked.activities) if asked.activities else Q()
    return held & reached(asked.quantities)


def reached(quantities: Iterable[Quantity]) -> Q:
    """Lines that reach all of the quantities."""
    return reduce(and_, map(_met, quantities), Q())


def _met(quantity: Quantity) -> Q:
    """Lines that reach the quantity, or, of a temperature, that name it as a condition: a density at 15 °C."""
    if quantity.unit.dimension != "temperature":
        return reaching(quantity)
    return reaching(quantity) | Q(subject__in=_naming(quantity))


def _naming(quantity: Quantity):  # type: ignore[no-untyped-def]
    """The subjects in whose names the quantity itself stands."""
    said = as_text([Term((Phrase(quantity.said),))])
    return ScopeSubject.objects.filter(Holds(F("words"), said)).values("id")


def _of_activities(asked: Competence) -> Q:
    if asked.activities:
        return Q(activity__in=asked.activities)
    unasked = (*_BESIDE_THE_WORK, *(_OF_DEVICES if asked.is_about_stuff else ()))
    return ~Q(activity__in=unasked)


def permitted() -> Q:
    """Lines under which a body may do what they say: verification of measuring devices by designation alone."""
    return ~Q(activity=VERIFICATION) | may_verify()


def may_verify() -> Q:
    """Lines under which a body may verify measuring devices, once they are in force."""
    return Q(activity=VERIFICATION, qualification__kind="designation")


def saying(asked: Competence):  # type: ignore[no-untyped-def]
    """The subjects that say all needed terms, unordered; the same one may come twice."""
    subjects = _holding(asked) if asked.needed else ScopeSubject.objects.all()
    return subjects.filter(_of_activities(asked))


def _holding(asked: Competence):  # type: ignore[no-untyped-def]
    """The subjects whose words hold all needed terms, whatever their activity."""
    return ScopeSubject.objects.filter(Holds(F("words"), as_text(asked.needed)))


def best_saying(asked: Competence):  # type: ignore[no-untyped-def]
    """The same, those first in which the terms stand close together and among few words; ids decide the rest."""
    ranked = saying(asked).annotate(rank=Rank(F("words"), as_text(asked.needed)))
    return ranked.order_by("-rank", "id")


def as_text(terms: Iterable[Term]) -> str:
    """The terms as a text-search query."""
    return " & ".join(f"({' | '.join(map(_way, term.ways))})" for term in terms)


def _way(phrase: Phrase) -> str:
    """Words of a phrase stand one after the other; with accents they are of weight A.

    Words hold letters and digits only (`geodata.text.words`), so nothing in them needs quoting.
    """
    said = _in_row(phrase.said, exact=phrase.exact, begun=phrase.begun)
    but = "".join(f" & !{_in_row(other, exact=phrase.exact)}" for other in phrase.unless)
    return f"({said}{but})"


def _in_row(said: Words, *, exact: bool, begun: bool = False) -> str:
    weight = "A" if exact else ""
    marks = [weight] * (len(said) - 1) + [("*" if begun else "") + weight]
    words = (f"'{word}':{mark}" if mark else f"'{word}'" for word, mark in zip(said, marks, strict=True))
    return f"({' <-> '.join(words)})"


def reaching(quantity: Quantity) -> Q:
    """Lines whose numbers reach the quantity; lines without them, or in a unit that cannot be compared, do not."""
    return reduce(or_, (Q(unit=unit.symbol) & _reaching(quantity, unit) for unit in comparable(quantity.unit)))


def _reaching(quantity: Quantity, unit: Unit) -> Q:
    if quantity.kind != "range":
        most = quantity.most * quantity.unit.factor / unit.factor  # type: ignore[operator]
        return Q(**{f"{quantity.kind}__lte": _wider(most)})
    bounds = [convert(end, quantity.unit, unit) for end in (quantity.least, quantity.most) if end is not None]
    return reduce(and_, (_reaches(end) for end in bounds))


def _reaches(value: float) -> Q:
    """A range reaches down to its beginning or the limit of quantification, and up to its end if it names one."""
    from_below = Q(_reach__isnull=False, _reach__lte=_wider(value))
    return from_below & (Q(range_max__isnull=True) | Q(range_max__gte=value - abs(value) * _ROUNDING))


def _wider(value: float) -> float:
    return value + abs(value) * _ROUNDING


def reach() -> dict[str, Coalesce]:
    """The alias that `of_lines` reads where quantities are asked: from which value on a line can measure."""
    return {"_reach": Coalesce(Least("range_min", "loq"), "lod", output_field=FloatField())}
