"""The steps of a report, from received to answered."""

from django.db import transaction
from django.db.models.functions import Now

from layers.registers.tickets import CLOSED, Ticket

NEXT_STATES = {
    "received": ("received", "in_progress", "handled", "rejected"),
    "in_progress": ("in_progress", "handled", "rejected"),
    "handled": ("handled",),
    "rejected": ("rejected",),
}


@transaction.atomic
def handle(ticket: Ticket, state: str, answer: str) -> None:
    """Moves a report to `state` with the answer that whoever holds its number reads.

    A closed report stays closed, for its vote speaks of that; its answer can be corrected.
    Raises ValueError for a step that there is not, and for closing without an answer.
    """
    row = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if state not in NEXT_STATES[row.state]:
        raise ValueError(f"a report does not go from {row.state} to {state}")
    if state in CLOSED and not answer.strip():
        raise ValueError("a report is closed with an answer")
    dates = {}
    if state == "in_progress" and row.started_at is None:
        dates["started_at"] = Now()
    if state in CLOSED and row.closed_at is None:
        dates["closed_at"] = Now()
    Ticket.objects.filter(pk=row.pk).update(state=state, answer=answer.strip(), **dates)
