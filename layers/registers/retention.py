"""Letting go of what is not needed any more: persons in closed reports, yesterday's counts, files of nobody."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import make_aware

from layers.registers.attempts import forget_attempts
from layers.registers.photo_files import left_over, remove
from layers.registers.tickets import Photo, Ticket, Vote


def forget_due(today: date) -> int:
    """Forgets the persons in reports closed longer ago than is kept, and what else is over; gives the reports."""
    forget_attempts(today)
    remove(left_over(set(Photo.objects.values_list("name", flat=True))))
    until = make_aware(datetime.combine(today - timedelta(days=settings.REPORT_KEEP_DAYS), time()))
    due = Ticket.objects.filter(closed_at__lt=until, forgotten_on__isnull=True)
    return forget(due.values_list("pk", flat=True), today)


def forget(tickets: Iterable[int], today: date) -> int:
    """Takes text, contact, position, number and photos out of closed reports; gives how many.

    What remains counts: number, kind, topic, province, days, state, public answer and the vote without its comment.
    """
    with transaction.atomic():
        rows = Ticket.objects.filter(pk__in=list(tickets), closed_at__isnull=False)
        photos = Photo.objects.filter(ticket__in=rows)
        names = list(photos.values_list("name", flat=True))
        photos.delete()
        Vote.objects.filter(ticket__in=rows).update(comment="")
        forgotten = rows.update(text="", contact="", asked_number="", position=None, forgotten_on=today)
    remove(names)
    return forgotten
