"""Invented reports: some in every state, in several provinces and months, known as invented, nobody's."""

import pytest
from django.test import Client
from django.utils import timezone

from layers.demo.recipe import Recipe
from layers.demo.tickets import A_MONTH, MARK, put_tickets
from layers.models import Ticket, Vote
from layers.registers.satisfaction import LEAST_VOTES, of_reports
from layers.registers.telling import tell
from layers.registers.ticket_number import read_number
from layers.registers.ticket_status import demo_numbers
from layers.registers.tickets import TICKET_STATES
from tests.mapapp.pages import Page, page
from tests.reports import a_report

pytestmark = pytest.mark.usefixtures("reports")


def recipe() -> Recipe:
    """Of today: the public figure is of the last twelve months by the clock."""
    return Recipe(devices=1, seed=7, day=timezone.localdate())


def rows() -> list[tuple]:
    return list(Ticket.objects.order_by("number").values_list("number", "state", "text", "closed_at", "vote__score"))


def test_the_public_figure_has_months_and_provinces(client: Client) -> None:
    assert put_tickets(recipe()) == Ticket.objects.count() > 500
    told = of_reports()
    assert len({row.first for row in told}) >= 9 and len({row.provinces for row in told}) >= 6
    assert all(row.sums.votes >= LEAST_VOTES and 0 < row.sums.good <= row.sums.votes for row in told)
    assert "Thành phố Hồ Chí Minh" in page(client, "/satisfaction").text


def test_they_say_what_they_are_and_are_of_nobody() -> None:
    put_tickets(recipe())
    for ticket in Ticket.objects.select_related("commune"):
        assert ticket.text.startswith(MARK) and (not ticket.answer or ticket.answer.startswith(MARK))
        assert "-DEM0-" in ticket.number and ticket.number[3:5] in A_MONTH
        assert read_number(ticket.number.replace("DEM0", "demo")) == ticket.number
        assert not (ticket.contact or ticket.position or ticket.asked_number)
        assert ticket.commune.parent_id == ticket.province_id
        assert ticket.closed_at is None or ticket.closed_at < timezone.now()
    assert not Vote.objects.exclude(comment="").exists()


def test_another_load_replaces_them_and_leaves_what_somebody_sent() -> None:
    put_tickets(recipe())
    before = rows()
    sent = tell(a_report())
    put_tickets(recipe())
    assert [row for row in rows() if row[0] != sent.number] == before
    assert Ticket.objects.filter(pk=sent.pk).exists()


def test_one_of_each_state_may_be_looked_at(client: Client) -> None:
    assert page(client, "/report/status").all("ul", **{"class": "numbers"}) == []
    put_tickets(recipe())
    shown = dict(demo_numbers())
    assert set(shown) == set(TICKET_STATES.codes())
    buttons = page(client, "/report/status").all("button", name="number")
    assert {button["value"] for button in buttons} == set(shown.values())
    answer = client.post("/report/status", {"number": shown["handled"]})
    assert "Đã xử lý" in Page(answer).text and 'name="score"' in answer.content.decode()
