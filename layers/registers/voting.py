"""Votes: one about each handled report, by whoever holds its number; and whether a record's page was useful."""

from django.db import IntegrityError, transaction

from layers.errors import Conflict
from layers.registers.tickets import SCORES, Ticket, Vote


@transaction.atomic
def vote_on_ticket(number: str, score: int, comment: str = "") -> None:
    """Stores the one vote about a handled report.

    Raises Conflict: `vote.not_handled` for a report that is not there or not handled, `vote.given` for a second vote,
    also when both came at once.
    """
    ticket = Ticket.objects.select_for_update().filter(number=number, state="handled").first()
    if ticket is None or score not in SCORES:
        raise _not_handled()
    try:
        with transaction.atomic():
            Vote.objects.create(ticket=ticket, score=score, comment=comment, province_id=ticket.province_id)
    except IntegrityError as error:
        raise _given() from error


def vote_on_record(layer: str, record: int, *, useful: bool, province: int | None) -> None:
    """Stores whether the page of a record was useful. `province` is the id of the record's province, if it has one."""
    Vote.objects.create(layer=layer, record=record, useful=useful, province_id=province)


def _not_handled() -> Conflict:
    return Conflict(
        "vote.not_handled",
        "Chỉ đánh giá được khi phản ánh đã xử lý xong.",
        "A report can be voted on once it is handled.",
    )


def _given() -> Conflict:
    return Conflict(
        "vote.given",
        "Phản ánh này đã có đánh giá; mỗi phản ánh đánh giá một lần.",
        "This report has its vote already; there is one for each.",
    )
