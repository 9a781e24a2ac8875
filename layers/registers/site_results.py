"""The newest published conclusion about a site, on the row and on an earlier day."""

from datetime import date

from django.db.models import CharField, DateField, OuterRef, QuerySet, Subquery

from layers.registers.base import PUBLIC
from layers.registers.checks import Check


def replay_checks(sites: QuerySet, day: date) -> QuerySet:
    """The sites with `replayed_last_result` and `replayed_last_checked`: of the newest check up to that day.

    Only published conclusions count. For the day of the map the row's own columns say the same.
    """
    last = Check.objects.filter(site=OuterRef("pk"), checked_on__lte=day, publish_state=PUBLIC)
    last = last.order_by("-checked_on", "-id")
    return sites.annotate(
        replayed_last_result=Subquery(last.values("result")[:1], output_field=CharField()),
        replayed_last_checked=Subquery(last.values("checked_on")[:1], output_field=DateField()),
    )
