"""The legal facts behind a place: each registration, designation and accreditation, with its state on a day.

Three kinds that never stand for one another. State belongs to the scope line; that of the fact is derived from all its
lines, wherever they are carried out (domain, section 1.3), and its parts are told with their days.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from geodata.language import Both, both
from layers.access import Access, User, access
from layers.competence.asking import VERIFICATION, may_verify
from layers.layer import Layer
from layers.query import FeatureQuery, matching_lines
from layers.registers.qualification_status import LINE_STATUSES, header_status, line_status
from layers.registers.qualifications import ACTIVITIES, QUALIFICATION_KINDS, Qualification
from layers.registers.standards import StandardEdition

_DATES = ("valid_from", "valid_until", "suspended_from", "suspended_until", "withdrawn_on")
_COLUMNS = ("id", "kind", "number", "edition", "ilac_mra", "issued_on", "valid_from", "valid_until", "legal_basis")


@dataclass(frozen=True)
class Stretch:
    """The lines of a fact that have the same dates: how many, how many of them `here` (at the place, in the layer) and
    of which activities there, and their state on the day, one of LINE_STATUSES.
    """

    status: str
    lines: int
    here: int
    activities: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    suspended_from: date | None
    suspended_until: date | None
    withdrawn_on: date | None


@dataclass(frozen=True)
class LegalFact:
    """One registration, designation or accreditation as the public reads it.

    `scheme`, `standard`, `edition` are "" where it has none; `edition_status` says what became of the edition assessed,
    one of EDITION_STATUSES, "" while it is current. `valid_until` is what its document says; what counts is `ends_on`.
    `device_types` are those that the fact permits to verify here on the day, none but under a designation.
    """

    id: int
    kind: str
    number: str
    authority: Both
    scheme: str
    standard: str
    edition: str
    edition_status: str
    ilac_mra: bool
    issued_on: date
    valid_from: date
    valid_until: date | None
    legal_basis: str
    status: str
    device_types: tuple[Both, ...]
    stretches: tuple[Stretch, ...]

    @property
    def lines(self) -> int:
        """All its lines that have begun, here and at other places."""
        return sum(one.lines for one in self.stretches)

    @property
    def here(self) -> int:
        """Its lines at the place."""
        return sum(one.here for one in self.stretches)

    @property
    def in_force(self) -> bool:
        """Whether any line of it is."""
        return self.status in ("active", "reduced")

    @property
    def in_force_here(self) -> bool:
        """Whether any of its lines at the place is."""
        return any(one.status == "active" and one.here for one in self.stretches)

    @property
    def ends(self) -> list[date | None]:
        """The last days of its lines in force, each once, the earliest first; None, without an end, is the latest.

        Of those at the place where any is in force there; else of all in force, of those suspended, or of those ended.
        Every line carries its own dates, and state follows from them: the document's may be another day.
        """
        counted = [one for one in self.stretches if one.here] if self.in_force_here else self.stretches
        lasting = next(code for code in LINE_STATUSES.codes() if any(one.status == code for one in counted))
        ends = {one.valid_until for one in counted if one.status == lasting}
        return sorted(ends, key=lambda day: day or date.max)

    @property
    def ends_on(self) -> date | None:
        """The latest of them."""
        return self.ends[-1]

    @property
    def names_verification(self) -> bool:
        """Whether lines here speak of the verification of devices, permitted or not."""
        return any(VERIFICATION in one.activities for one in self.stretches)

    @property
    def activities(self) -> dict[str, bool]:
        """What it permits here, in the order of ACTIVITIES, and whether a line in force does."""
        said = {(code, one.status == "active") for one in self.stretches for code in one.activities}
        codes = {code for code, _ in said if code != VERIFICATION or self.kind == "designation"}
        return {code: (code, True) in said for code in ACTIVITIES.codes() if code in codes}


def legal_facts(layer: Layer, query: FeatureQuery, place: int, user: User = None) -> list[LegalFact]:
    """The facts with a begun line at the place and in the layer, by kind (registration, designation, accreditation),
    the later end first, then by number. Four queries, however many there are. Empty in layers without lines.
    """
    if layer.lines is None:
        return []
    gate, day = access(layer, user), query.day
    here = matching_lines(layer, FeatureQuery(day=day), gate).filter(**{layer.lines.place: place})
    whole = layer.lines.model._default_manager.using(gate.using).filter(
        gate.lines, pending=False, valid_from__lte=day, qualification__in=here.values("qualification")
    )
    whole = whole.order_by()
    states = dict(
        whole.values("qualification").annotate(header=header_status(day)).values_list("qualification", "header")
    )
    stretches = _stretches(whole, layer, place, day)
    types = _device_types(here.filter(layer.lines.in_force(day)))
    found = [
        LegalFact(
            **_as_told(row),
            status=states[row["id"]],
            device_types=tuple(types[row["id"]]),
            stretches=tuple(stretches[row["id"]]),
        )
        for row in _headers(states, gate, day)
    ]
    order = QUALIFICATION_KINDS.codes()
    return sorted(found, key=lambda one: (order.index(one.kind), _latest_first(one.ends_on), one.number, one.id))


def _latest_first(day: date | None) -> int:
    return -(day or date.max).toordinal()


def _stretches(whole: QuerySet, layer: Layer, place: int, day: date) -> dict[int, list[Stretch]]:
    """The stretches of each fact, in order of their dates."""
    at_place = Q(**{layer.lines.place: place}) & layer.lines.rows(day)  # type: ignore[union-attr]
    told = {
        "lines": Count("pk"),
        "here": Count("pk", filter=at_place),
        "activities": ArrayAgg("activity", distinct=True, filter=at_place, default=[]),
    }
    named = whole.annotate(state=line_status(day)).values("qualification", "state", *_DATES).annotate(**told)
    found: dict[int, list[Stretch]] = defaultdict(list)
    for row in named.order_by("qualification", *_DATES):
        dates = {name: row[name] for name in _DATES}
        one = Stretch(row["state"], row["lines"], row["here"], tuple(row["activities"]), **dates)
        found[row["qualification"]].append(one)
    return found


def _headers(wanted: dict[int, str], gate: Access, day: date) -> QuerySet:
    rows = Qualification.objects.using(gate.using).filter(pk__in=wanted)
    return rows.annotate(
        authority_vi=F("authority__name_vi"),
        authority_en=F("authority__name_en"),
        scheme_code=F("scheme__code"),
        standard_number=F("standard__number"),
        edition_status=Subquery(_past_editions(day).values("status")[:1]),
    ).values(*_COLUMNS, "authority_vi", "authority_en", "scheme_code", "standard_number", "edition_status")


def _past_editions(day: date) -> QuerySet:
    """The edition that a header names, if by that day it was no longer the current one."""
    later = Q(replaced_by__published_on__lte=day) | Q(replaced_by__published_on__isnull=True)
    named = StandardEdition.objects.filter(standard=OuterRef("standard"), edition=OuterRef("edition"))
    return named.filter(later).exclude(status="current")


def _as_told(row: dict) -> dict:
    """The columns of a header as fields of a LegalFact."""
    return {
        **{name: row[name] for name in _COLUMNS},
        "authority": both(row["authority_vi"], row["authority_en"] or row["authority_vi"]),
        "scheme": row["scheme_code"] or "",
        "standard": row["standard_number"] or "",
        "edition_status": row["edition_status"] or "",
    }


def _device_types(in_force: QuerySet) -> dict[int, list[Both]]:
    """The types that each fact permits to verify, in the order of the list of types."""
    lines = in_force.filter(may_verify(), device_type__isnull=False)
    named = lines.values_list("qualification", "device_type", "device_type__name_vi", "device_type__name_en")
    found: dict[int, list[Both]] = defaultdict(list)
    for fact, _, vi, en in named.order_by("qualification", "device_type").distinct():
        found[fact].append(both(vi, en or vi))
    return found
