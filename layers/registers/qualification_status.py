"""The legal state of scope lines, qualifications and places on a day: expressions over dates (domain, section 1.3).

Of a qualification: `active` if every line not ended is active, `reduced` if only some are, `suspended` if none
is and one is suspended, else that of the line that ended last. Of a place: the best of its qualifications.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, CharField, Count, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Least
from django.db.models.lookups import Exact, GreaterThan, IsNull

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


def _suspended(day: date) -> Q:
    return Q(suspended_from__lte=day) & (Q(suspended_until__isnull=True) | Q(suspended_until__gte=day))


def _ended(day: date) -> Q:
    return Q(withdrawn_on__lte=day) | Q(valid_until__lt=day)


def in_force(day: date) -> Q:
    """Begun lines that are neither ended nor suspended on that day: those whose status is `active`."""
    return ~_ended(day) & ~_suspended(day)


def line_status(day: date) -> Case:
    """The status of a begun line on `day`, one of LINE_STATUSES."""
    return Case(
        When(Q(withdrawn_on__lte=day), then=Value("withdrawn")),
        When(Q(valid_until__lt=day), then=Value("expired")),
        When(_suspended(day), then=Value("suspended")),
        default=Value("active"),
        output_field=CharField(),
    )


def place_status(day: date, *, activities: Iterable[str], lines: Q) -> Subquery:
    """The status of a place's header in a layer, one of QUALIFICATION_STATUSES.

    `activities` are the layer's, `lines` says which lines the caller may see.
    """
    here = ScopeLine.objects.filter(begun(day), lines, place=OuterRef(OuterRef("pk")), activity__in=tuple(activities))
    whole = ScopeLine.objects.filter(begun(day), lines, qualification__in=here.values("qualification"))
    headers = whole.order_by().values("qualification").annotate(header=header_status(day))
    best = Case(*(When(header=code, then=Value(rank)) for rank, code in enumerate(QUALIFICATION_STATUSES.codes())))
    return Subquery(headers.order_by(best).values("header")[:1], output_field=CharField())


def header_status(day: date) -> Case:
    """The status of a qualification, an aggregate over all its begun lines: the rule at the top of this file."""
    active = Count("pk", filter=in_force(day))
    suspended = Count("pk", filter=~_ended(day) & _suspended(day))
    withdrawn_last = Max(Least("withdrawn_on", "valid_until"), filter=Q(withdrawn_on__lte=day))
    expired_last = Max("valid_until", filter=Q(valid_until__lt=day) & ~Q(withdrawn_on__lte=day))
    return Case(
        When(GreaterThan(active, 0) & Exact(suspended, 0), then=Value("active")),
        When(GreaterThan(active, 0), then=Value("reduced")),
        When(GreaterThan(suspended, 0), then=Value("suspended")),
        When(GreaterThan(withdrawn_last, expired_last) | IsNull(expired_last, True), then=Value("withdrawn")),
        default=Value("expired"),
        output_field=CharField(),
    )
