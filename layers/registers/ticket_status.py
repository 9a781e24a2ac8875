"""How far a report has come, by its number alone: states, days and the public answer, and nothing of what it says."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from layers.errors import NotFound
from layers.registers.tickets import DEMO_KEY, Ticket

SHOWN = ("number", "state", "received_at", "started_at", "closed_at", "answer", "vote__id")


@dataclass(frozen=True)
class TicketStatus:
    """What whoever holds the number may know. Days are those of Asia/Ho_Chi_Minh; None where it has not come so far.

    `answer` is empty until the report is closed; `voted` says whether its one vote was given.
    """

    number: str
    state: str
    received_on: date
    started_on: date | None
    closed_on: date | None
    answer: str
    voted: bool

    @property
    def may_vote(self) -> bool:
        return self.state == "handled" and not self.voted


def ticket_status(number: str) -> TicketStatus:
    """The status of the report with this number, as `read_number` gives it. Raises NotFound."""
    row = Ticket.objects.filter(number=number).values(*SHOWN).first()
    if row is None:
        raise _unknown()
    return TicketStatus(
        number=row["number"],
        state=row["state"],
        received_on=timezone.localdate(row["received_at"]),
        started_on=row["started_at"] and timezone.localdate(row["started_at"]),
        closed_on=row["closed_at"] and timezone.localdate(row["closed_at"]),
        answer=row["answer"] if row["closed_at"] else "",
        voted=row["vote__id"] is not None,
    )


def demo_numbers() -> list[tuple[str, str]]:
    """Of the invented reports one in each state, state and number, one to be voted on if there is any; none without
    demo data.
    """
    rows = Ticket.objects.filter(sent_key__startswith=DEMO_KEY).order_by("state", "-vote__pk", "-received_at", "pk")
    return list(rows.distinct("state").values_list("state", "number"))


def _unknown() -> NotFound:
    return NotFound(
        "ticket.unknown",
        "Không tìm thấy phản ánh nào có số này. So lại từng ký tự với trang hiện ra sau khi gửi.",
        "There is no report with this number. Compare each character with the page that stood after sending.",
        parameter="number",
    )
