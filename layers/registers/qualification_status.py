"""The legal state of scope lines, qualifications and places on a day: expressions over dates (domain, section 1.3).

Of a qualification: `active` if every line not ended is active, `reduced` if only some are, `suspended` if none
is and one is suspended, else that of the line that ended last. Of a place: the best of its qualifications.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Least

from geodata.language import both
from layers.codes import Code, FixedCodes
from layers.registers.qualifications import ScopeLine

QUALIFICATION_STATUSES = FixedCodes(
    "qualification_status",
    (
        Code("active", both("Còn hiệu lực", "Active"), "valid", "✓"),
        Code("reduced", both("Thu hẹp phạm vi", "Scope reduced"), "reduced", "◑"),
        Code("suspended", both("Đình chỉ hiệu lực", "Suspended"), "suspended", "‖"),
        Code("expired", both("Hết hiệu lực", "Expired"), "expired", "×"),
        Code("withdrawn", both("Hủy bỏ, thu hồi", "Withdrawn"), "withdrawn", "×"),
    ),
)

LINE_STATUSES = FixedCodes(
    "line_status", tuple(code for code in QUALIFICATION_STATUSES.items if code.code != "reduced")
)


def begun(day: date) -> Q:
    """Lines that exist on that day: begun, and no mere application."""
    return Q(valid_from__lte=day, pending=False)


def _ended(day: date) -> Q:
    return Q(withdrawn_on__lte=day) | Q(valid_until__lt=day)


def _suspended(day: date) -> Q:
    return Q(suspended_from__lte=day) & (Q(suspended_until__isnull=True) | Q(suspended_until__gte=day))


def line_status(day: date) -> Case:
    """The status of a begun line on `day`, one of LINE_STATUSES."""
    return Case(
        When(Q(withdrawn_on__lte=day), then=Value("withdrawn")),
        When(Q(valid_until__lt=day), then=Value("expired")),
        When(_suspended(day), then=Value("suspended")),
        default=Value("active"),
        output_field=CharField(),
    )


def place_status(day: date, *, activities: Iterable[str], lines: Q) -> Case:
    """The status of a place's header in a layer, one of QUALIFICATION_STATUSES.

    `activities` are the layer's, `lines` says which lines the caller may see.
    """
    here = ScopeLine.objects.filter(begun(day), lines, place=OuterRef("pk"), activity__in=tuple(activities))

    def siblings(condition: Q) -> Exists:
        same = ScopeLine.objects.filter(begun(day), lines, condition, qualification=OuterRef("qualification"))
        return Exists(same)

    active, suspended = ~_ended(day) & ~_suspended(day), ~_ended(day) & _suspended(day)
    return Case(
        When(Exists(here.filter(siblings(active), ~siblings(suspended))), then=Value("active")),
        When(Exists(here.filter(siblings(active))), then=Value("reduced")),
        When(Exists(here.filter(siblings(suspended))), then=Value("suspended")),
        default=Subquery(_ended_last(here, day).values("ended_as")[:1]),
        output_field=CharField(),
    )


def _ended_last(lines: QuerySet, day: date) -> QuerySet:
    """The lines with `ended_as`, the one that ended last first; `expired` before `withdrawn` on one day."""
    return lines.annotate(ended_as=line_status(day)).order_by(
        Least(F("withdrawn_on"), F("valid_until")).desc(nulls_last=True), "ended_as", "pk"
    )
