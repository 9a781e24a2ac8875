"""The log: one line of JSON per request that says who, what and how it ended, and nothing that was sent (C6)."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.test import Client

from accounts.models import User
from mapapp.request_log import JsonLines

Lines = Callable[[], list[dict]]
SECRETS = ("c00kie-secret", "t0ken-secret", "105.81234", "petrolimex", "pass-w0rd")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the handler of the settings writes meanwhile."""
    handler = next(one for one in logging.getLogger().handlers if isinstance(one.formatter, JsonLines))
    stream = io.StringIO()
    before = handler.setStream(stream)  # type: ignore[attr-defined]
    yield stream
    handler.setStream(before)  # type: ignore[attr-defined]


@pytest.fixture
def lines(written: io.StringIO) -> Lines:
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.fixture
def staff(world: object) -> Iterator[User]:
    user = User.objects.create_superuser("clerk", password="pass-w0rd")
    yield user
    user.delete()


@pytest.mark.parametrize(
    ("address", "route", "event", "outcome", "status"),
    [
        ("/live", "live", "request", "answered", 200),
        ("/tiles/laboratories/3/6/3.mvt", "tile", "request", "answered", 200),
        ("/list/laboratories", "list", "request", "answered", 200),
        ("/api/v1/laboratories/?limit=1", "items", "request", "answered", 200),
        ("/api/v1/laboratories/?colour=red", "items", "param.unknown", "refused", 400),
        ("/api/v1/laboratories/?q=" + "a" * 9000, "items", "query.too_long", "refused", 414),
        ("/tiles/laboratories/3/9/9.mvt", "tile", "tile.address", "refused", 404),
        ("/list/laboratories?lang=xx", "none", "lang.unknown", "refused", 400),
        ("/nowhere", "none", "not_found", "refused", 404),
    ],
)
def test_each_request_has_one_line(
    client: Client, lines: Lines, address: str, route: str, event: str, outcome: str, status: int
):
    response = client.get(address)
    (line,) = lines()
    asked = {"event": event, "route": route, "outcome": outcome, "status": status}
    assert {name: line[name] for name in asked} == asked
    assert line["user"] == "anonymous"
    assert line["request_id"] == response["X-Request-ID"]
    assert line["ms"] >= 0 and line["time"] and line["level"] == "INFO"


def test_a_refused_method_and_a_foreign_host_have_one_line_too(client: Client, lines: Lines):
    client.post("/list/laboratories")
    client.get("/about", HTTP_HOST="elsewhere.example")
    assert [(line["event"], line["status"]) for line in lines()] == [("method", 405), ("request", 400)]


def test_the_line_names_the_user_that_the_answer_was_made_for(client: Client, lines: Lines, staff: User):
    client.force_login(staff)
    client.get("/api/v1/measuring_devices/?limit=1&scope=staff")
    assert lines()[-1]["user"] == str(staff.pk)
    assert "clerk" not in json.dumps(lines())


def test_a_public_tile_reads_no_session_for_the_log(
    client: Client, lines: Lines, staff: User, django_assert_num_queries
):
    client.force_login(staff)
    with django_assert_num_queries(0):  # none on the connection that sessions and users are read on
        client.get("/tiles/laboratories/3/6/3.mvt")
    assert lines()[-1]["user"] == "anonymous"


def test_nothing_that_was_sent_is_written(client: Client, written: io.StringIO):
    client.cookies["sessionid"] = "c00kie-secret"
    address = "/list/laboratories?within=105.81234,21.0,500&q=petrolimex"
    client.get(address, headers={"Authorization": "Bearer t0ken-secret"})
    client.get(f"/nowhere/petrolimex{address}")
    client.post("/admin/login/", {"username": "petrolimex", "password": "pass-w0rd"})
    assert written.getvalue().count("\n") == 3
    assert [secret for secret in SECRETS if secret in written.getvalue()] == []


def test_a_form_from_elsewhere_has_one_line_without_its_origin(lines: Lines):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/admin/login/", headers={"Origin": "https://petrolimex.example", "Host": "localhost"})
    (line,) = lines()
    assert (response.status_code, line["event"], line["status"]) == (403, "request", 403)
    assert "petrolimex" not in json.dumps(line)


def test_a_request_that_django_holds_for_an_attack_has_one_line(
    client: Client, lines: Lines, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mapapp.views.list_context", _suspect)
    client.get("/list/communes")
    (line,) = lines()
    assert (line["event"], line["status"]) == ("request", 400)


def test_a_body_that_cannot_be_read_has_one_line(client: Client, lines: Lines):
    client.post("/admin/login/", data=b"x", content_type="multipart/form-data; boundary=petrolimex\u00e9")
    (line,) = lines()
    assert (line["event"], line["status"]) == ("request", 400)


def test_a_database_that_does_not_answer_is_named_with_the_request(
    client: Client, lines: Lines, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mapapp.views.list_context", _no_database)
    client.get("/list/communes")
    failure, line = lines()
    assert failure["event"] == "the database does not answer"
    assert failure["request_id"] == line["request_id"] != ""


def test_no_line_can_be_forged(written: io.StringIO):
    logging.getLogger("map.anything").warning("asked for %s", 'x"}\r\n{"event": "forged\u2028\x1b[2J')
    assert len(written.getvalue().splitlines()) == 1
    assert json.loads(written.getvalue())["event"].startswith('asked for x"}')


def test_a_failure_has_a_second_line_with_its_trace(client: Client, lines: Lines, monkeypatch: pytest.MonkeyPatch):
    client.raise_request_exception = False
    monkeypatch.setattr("mapapp.views.list_context", _fail)
    response = client.get("/list/communes?q=petrolimex")
    failure, line = lines()
    assert "RuntimeError: broken\nhere" in failure["trace"]
    assert failure["event"] == "failure"
    assert failure["request_id"] == line["request_id"] == response["X-Request-ID"]
    assert (line["event"], line["outcome"], line["status"]) == ("server", "failed", 500)
    assert "/list/communes" not in failure["event"] and "petrolimex" not in json.dumps([failure, line])


def _fail(*args: object) -> None:
    raise RuntimeError("broken\nhere")


def _suspect(*args: object) -> None:
    raise SuspiciousOperation("petrolimex")


def _no_database(*args: object) -> None:
    raise OperationalError("gone")
