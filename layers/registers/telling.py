"""Taking a report in: the one place where reports of visitors are written."""

from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from geodata.crs import WGS84
from geodata.models import AdministrativeUnit
from geodata.pictures import Picture
from layers.errors import Conflict
from layers.registers.photo_files import kept, remove
from layers.registers.ticket_number import new_number
from layers.registers.tickets import Photo, Ticket

# Two numbers of 40 random bits are the same once in a million years; should it happen, another is drawn.
DRAWS = 5


@dataclass(frozen=True)
class Report:
    """What somebody reports, checked: codes, text, what it is about, where, in whose province.

    `position` is lon, lat (EPSG:4326) or None. `key` belongs to the form that was sent, `digest` to its content.
    """

    key: str
    digest: str
    kind: str
    topic: str
    text: str
    province: AdministrativeUnit
    commune: AdministrativeUnit | None = None
    layer: str = ""
    record: int | None = None
    asked_number: str = ""
    position: tuple[float, float] | None = None
    contact: str = ""


def tell(report: Report, photos: tuple[Picture, ...] = ()) -> Ticket:
    """The stored report, under a new number; the one stored before where the same form was sent already.

    Raises Conflict (`report.sent`) where that form was sent with other content, Busy where photos cannot be written.
    """
    with kept(photo.content for photo in photos) as names:
        ticket, is_new = _stored(report, list(zip(names, photos, strict=True)))
        if not is_new:
            remove(names)
    return ticket


def told_before(key: str, digest: str) -> Ticket | None:
    """The report that came with this form, if it was sent already. Raises Conflict where its content was another."""
    ticket = Ticket.objects.filter(sent_key=key).first()
    if ticket and ticket.sent_digest != digest:
        raise _other_content(ticket)
    return ticket


@transaction.atomic
def _stored(report: Report, photos: list[tuple[str, Picture]]) -> tuple[Ticket, bool]:
    """The report's row and whether it was made here. Of two that are sent at once the second waits for the first."""
    for _ in range(DRAWS):
        number = new_number(report.province.code, timezone.localdate().year)
        Ticket.objects.bulk_create([_row(report, number)], ignore_conflicts=True)
        ticket = told_before(report.key, report.digest)
        if ticket is not None:
            break
    else:
        raise RuntimeError("no free number was drawn")
    if ticket.number != number:
        return ticket, False
    Photo.objects.bulk_create(
        Photo(ticket=ticket, name=name, width=one.width, height=one.height, size=len(one.content))
        for name, one in photos
    )
    return ticket, True


def _row(report: Report, number: str) -> Ticket:
    return Ticket(
        number=number,
        kind=report.kind,
        topic=report.topic,
        text=report.text,
        layer=report.layer,
        record=report.record,
        asked_number=report.asked_number,
        position=Point(*report.position, srid=WGS84) if report.position else None,
        commune=report.commune,
        province=report.province,
        contact=report.contact,
        sent_key=report.key,
        sent_digest=report.digest,
    )


def _other_content(ticket: Ticket) -> Conflict:
    return Conflict(
        "report.sent",
        f"Biểu mẫu này đã được gửi, số {ticket.number}. Nếu có thêm điều cần nói, gửi lại thành phản ánh mới.",
        f"This form was sent already, as {ticket.number}. If there is more to say, send it again as a new report.",
    )
