"""Paging against a real server: cursors of others and of last month (P06), writers meanwhile (P07), bodies (P14)."""

import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.db.models import Model
from django.http import QueryDict
from django.test import Client

from accounts.models import User
from layers.cursors import MAX_AGE_S, write_cursor
from layers.filters import parse
from layers.models import InspectionSite
from layers.order import Place
from layers.registers.base import PUBLIC
from layers.registry import get
from tests.services.test_bad_addresses import ask

LABORATORIES = "/api/v1/laboratories/?limit=1"


@pytest.fixture
def staff_cookie(client: Client) -> Iterator[str]:
    """The cookie of a signed-in user who may see everything."""
    user = User.objects.create_superuser("paging")
    client.force_login(user)
    yield f"sessionid={client.cookies['sessionid'].value}"
    client.logout()
    user.delete()


def refusal_of(server: str, address: str, **headers: str) -> tuple[int, str]:
    status, _, body = ask(server, address, **headers)
    return status, json.loads(body).get("code", "")


def next_address(page: dict) -> str | None:
    """Path and query of the next page, None on the last."""
    parts = [urlsplit(link["href"]) for link in page["links"] if link["rel"] == "next"]
    return f"{parts[0].path}?{parts[0].query}" if parts else None


@pytest.mark.parametrize("path", ["/api/v1/laboratories/", "/list/laboratories"])
def test_an_expired_cursor_is_gone(server: str, world: date, path: str):
    question, long_ago = parse(get("laboratories"), QueryDict("")), time.time() - MAX_AGE_S - 60
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("django.core.signing.time.time", lambda: long_ago)
        cursor = write_cursor(Place(1), get("laboratories"), question, None)
    status, _, body = ask(server, f"{path}?cursor={cursor}")
    assert status == 410
    assert b"cursor.expired" in body if path.startswith("/api") else "hết hạn".encode() in body


def test_a_cursor_of_another_caller_is_refused(server: str, staff_cookie: str):
    of_the_public = next_address(json.loads(ask(server, LABORATORIES)[2]))
    of_staff = next_address(json.loads(ask(server, f"{LABORATORIES}&scope=staff", Cookie=staff_cookie)[2]))
    assert ask(server, of_staff, Cookie=staff_cookie)[0] == 200
    refused = (400, "cursor.invalid")
    assert refusal_of(server, f"{of_the_public}&scope=staff", Cookie=staff_cookie) == refused
    assert refusal_of(server, of_staff.replace("&scope=staff", ""), Cookie=staff_cookie) == refused
    assert refusal_of(server, of_staff) == refused


def copy_of(row: InspectionSite, number: int) -> InspectionSite:
    row.pk, row.source_id = None, f"test-paging-{number}"
    return row


def test_paging_among_writers_shows_each_surviving_row_once(server: str, committed: Callable[[Model], Model]):
    published = InspectionSite.objects.filter(publish_state=PUBLIC)
    doomed = [committed(copy_of(published.first(), number)) for number in range(30)]
    before = set(published.values_list("pk", flat=True))
    address, seen, deleted, turn = f"/api/v1/inspection_sites/?limit={len(before) // 6}", [], set(), 0
    while address:
        page = json.loads(ask(server, address)[2])
        seen += [feature["id"] for feature in page["features"]]
        address, turn = next_address(page), turn + 1
        gone = doomed.pop()
        deleted.add(gone.pk)
        InspectionSite.objects.filter(pk=gone.pk).delete()
        committed(copy_of(published.first(), 1000 + turn))
    assert turn >= 6
    assert len(seen) == len(set(seen))
    assert before - deleted <= set(seen)


@pytest.mark.parametrize("path", ["/api/v1/laboratories/", "/api/v1/laboratories/facets/", "/list/laboratories"])
def test_a_form_body_never_joins_the_query(server: str, world: date, path: str):
    asked = f"{path}?status=active"
    status, body = send(server, "GET", asked, "status=expired&colour=red&lang=xx")
    assert (status, without_cursors(body)) == (200, without_cursors(ask(server, asked)[2]))
    status, body = send(server, "POST", asked, "status=expired")
    assert status == 405
    assert b'"method"' in body or path.startswith("/list")


def without_cursors(body: bytes) -> bytes:
    """The answer but for its cursors, which hold the time that they were made at."""
    return re.sub(rb'cursor=[^"&]+', b"", body)


def send(server: str, method: str, address: str, form: str) -> tuple[int, bytes]:
    parts = urlsplit(server)
    link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    link.request(method, address, form, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = link.getresponse()
    body = answer.read()
    link.close()
    return answer.status, body
