"""Invented reports (phản ánh) of the last year with answers and votes: nobody sent them, and each says so.

Their numbers hold DEM0, which may be typed DEMO, and their `sent_key` is one that no form has: a new load finds them
again, and none is taken for one that somebody sent.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import numpy as np
from django.utils.timezone import make_aware

from geodata.models import AdministrativeUnit
from layers.demo.land import WITHOUT_PEOPLE_ON_LAND
from layers.demo.recipe import Recipe, pick
from layers.models import Ticket, Vote
from layers.registers.ticket_number import numbered
from layers.registers.tickets import DEMO_KEY, SCORES

# By the code of a province: how many reports it has in a month.
A_MONTH = {"79": 16, "01": 14, "48": 9, "31": 8, "75": 8, "92": 8, "38": 5, "40": 4, "66": 3}
DAYS, DAYS_OF_A_MONTH = 330, 30
REJECTED, VOTED = 0.08, 0.8
SCORED = (0.04, 0.06, 0.14, 0.38, 0.38)
MARK = "Minh họa: "
# Kind, field, what was seen, what was answered.
CASES = (
    (
        *("suspicious_device", "scales", "cân ở một quầy trong chợ không về số 0 khi không có hàng."),
        "đã kiểm tra cân tại chợ và yêu cầu chỉnh, kiểm định lại trước khi dùng tiếp.",
    ),
    (
        *("suspicious_device", "fuel", "cột đo xăng dầu không thấy tem kiểm định."),
        "cột đo có tem kiểm định còn hiệu lực, dán ở mặt bên; đã đề nghị cửa hàng dán ở nơi dễ thấy.",
    ),
    (
        *("wrong_position", "fuel", "cửa hàng xăng dầu nằm ở phía bên kia đường so với điểm trên bản đồ."),
        "đã sửa vị trí trên bản đồ.",
    ),
    (
        *("wrong_record", "bodies", "giờ mở cửa của phòng thử nghiệm không còn đúng."),
        "đã cập nhật giờ mở cửa theo thông báo của tổ chức.",
    ),
    (
        *("suspicious_number", "scales", "số tem kiểm định trên cân tra không thấy."),
        "số tem được chép thiếu một chữ số; tra lại đủ số thì tem còn hiệu lực.",
    ),
    (
        *("suspicious_device", "transport", "taximet vẫn tăng tiền nhanh khi xe dừng."),
        "taximet đã được kiểm tra và đạt yêu cầu; tiền thời gian chờ tính theo giá đã niêm yết.",
    ),
    (
        *("suspicious_device", "meters", "tem trên công tơ điện đã quá hạn kiểm định."),
        "đơn vị quản lý đã thay bằng công tơ được kiểm định.",
    ),
    (
        *("other", "prepackaged", "bao gạo đóng gói sẵn cân lại thấy thiếu so với nhãn."),
        "đã kiểm tra lượng của lô hàng; lô đạt yêu cầu.",
    ),
)
NOT_TAKEN_UP = "nội dung thuộc thẩm quyền của cơ quan khác; đã hướng dẫn nơi tiếp nhận."


def put_tickets(recipe: Recipe) -> int:
    """Stores the recipe's reports and votes in place of those of an earlier load; gives the number of reports."""
    Ticket.objects.filter(sent_key__startswith=DEMO_KEY).delete()
    tickets = Ticket.objects.bulk_create(_tickets(recipe))
    Vote.objects.bulk_create(_votes(recipe, tickets))
    return len(tickets)


def _tickets(recipe: Recipe) -> Iterator[Ticket]:
    rng, running = recipe.rng("tickets"), 0
    for province in AdministrativeUnit.objects.in_force().provinces().filter(code__in=A_MONTH).order_by("code"):
        communes = _communes(province)
        for _ in range(A_MONTH[province.code] * DAYS // DAYS_OF_A_MONTH):
            running += 1
            told_on = recipe.day - timedelta(days=int(rng.integers(0, DAYS)))
            kind, topic, seen, answer = pick(rng, CASES)
            yield Ticket(
                number=numbered(province.code, told_on.year, f"DEM0{running:04d}"),
                kind=kind,
                topic=topic,
                text=MARK + seen,
                province=province,
                commune=pick(rng, communes),
                sent_key=f"{DEMO_KEY}{running}",
                **_handling(rng, told_on, recipe.day, answer),
            )


def _communes(province: AdministrativeUnit) -> list[AdministrativeUnit]:
    units = AdministrativeUnit.objects.in_force().filter(parent=province).exclude(code__in=WITHOUT_PEOPLE_ON_LAND)
    return list(units.order_by("id").defer("geom"))


def _handling(rng: np.random.Generator, told_on: date, today: date, answer: str) -> dict[str, object]:
    """How far a report has come by today: begun within days, closed within weeks, one in some not taken up."""
    started_on = told_on + timedelta(days=int(rng.integers(1, 4)))
    closed_on = started_on + timedelta(days=int(rng.integers(1, 18)))
    state = "rejected" if rng.random() < REJECTED else "handled"
    dates = {"received_at": _at(told_on, 8)}
    if started_on >= today:
        return {**dates, "state": "received"}
    dates["started_at"] = _at(started_on, 9)
    if closed_on >= today:
        return {**dates, "state": "in_progress"}
    said = answer if state == "handled" else NOT_TAKEN_UP
    return {**dates, "state": state, "closed_at": _at(closed_on, 16), "answer": MARK + said}


def _votes(recipe: Recipe, tickets: list[Ticket]) -> Iterator[Vote]:
    rng = recipe.rng("votes")
    for ticket in tickets:
        if ticket.state == "handled" and rng.random() < VOTED:
            score = int(rng.choice(SCORES, p=SCORED))
            yield Vote(ticket=ticket, score=score, province_id=ticket.province_id, voted_at=ticket.closed_at)


def _at(day: date, hour: int) -> datetime:
    return make_aware(datetime.combine(day, time(hour)))
