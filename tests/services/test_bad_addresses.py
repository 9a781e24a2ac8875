"""Bad addresses against a real server process: refused clearly, in bounds, and forgotten at once."""

import http.client
import json
import random
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection

from tests.conftest import Server
from tests.data.bad_addresses import CASES

MOST_PROCESSOR_S = 2
"""Of the server. An answer that waits for the database ends at the limit of its query, or at `ask`'s ten seconds."""
MOST_BYTES = 2_500_000
"""A page of a thousand features, and not all that there are."""
IDS = [f"{case[0]}-{number}" for number, case in enumerate(CASES)]


def ask(server: str, address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body, as sent: the client changes nothing of the address."""
    parts = urlsplit(server)
    link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    link.putrequest("GET", address, skip_accept_encoding=True)
    for name, value in headers.items():
        link.putheader(name.replace("_", "-"), value)
    link.endheaders()
    answer = link.getresponse()
    body = answer.read()
    link.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


@pytest.mark.parametrize(("case", "address", "status", "code"), CASES, ids=IDS)
def test_it_is_answered_as_the_catalogue_says(server: Server, case: str, address: str, status: int, code: str) -> None:
    before = server.processor_s()
    found, headers, body = ask(server, address)
    assert found == status, body[:300]
    assert server.processor_s() - before < MOST_PROCESSOR_S and len(body) < MOST_BYTES
    if found >= 400 and "json" in headers.get("content-type", ""):
        problem = json.loads(body)
        assert headers["content-type"].startswith("application/problem+json")
        assert problem["status"] == status and (not code or problem["code"] == code)
        assert problem["detail_vi"] and problem["detail_en"] and problem["request_id"]
        assert headers["cache-control"] == "no-store"
    text = body[:20_000].decode("utf-8", "replace")
    for told in ("Traceback", "SELECT ", "psycopg", "django", "/home/", "site-packages"):
        assert told not in text


@pytest.mark.parametrize(("case", "address", "status", "code"), CASES[::5], ids=IDS[::5])
def test_its_neighbours_never_break_the_server(server: str, case: str, address: str, status: int, code: str) -> None:
    chance = random.Random(address[:200])
    for _ in range(3):
        found, _headers, body = ask(server, _neighbour(address, chance))
        assert found < 500, body[:300]


def _neighbour(address: str, chance: random.Random) -> str:
    """The address with a digit changed, its letters' case turned, or its last parameter doubled."""
    digits = [number for number, letter in enumerate(address) if letter.isdigit()][:200]
    kind = chance.choice(("digit", "case", "double"))
    if kind == "digit" and digits:
        at = chance.choice(digits)
        return address[:at] + chance.choice("0123456789-e.") + address[at + 1 :]
    path, mark, query = address.partition("?")
    if kind == "case":
        return path + mark + query.swapcase()
    return f"{address}&{query.rpartition('&')[2]}" if mark else f"{address}?a=1"


def test_nothing_in_the_database_changed_and_the_server_is_alive(server: Server, world: date) -> None:
    before = _rows()
    for _, address, _, _ in CASES[::9]:
        ask(server, address)
    assert _rows() == before
    spent = server.processor_s()
    assert ask(server, "/api/v1/laboratories/?limit=1")[0] == 200
    assert server.processor_s() - spent < MOST_PROCESSOR_S
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone() == (0,)


def _rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in apps.get_app_config("layers").get_models()}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_reader_s_language_decides_the_words(server: str, language: str) -> None:
    _, _, body = ask(server, f"/api/v1/laboratories/?colour=red&lang={language}")
    problem = json.loads(body)
    assert problem["detail"] == problem[f"detail_{language}"]
    assert problem["detail_vi"] != problem["detail_en"]


def test_swapped_axes_are_named_in_the_message(server: str) -> None:
    _, _, body = ask(server, "/api/v1/laboratories/?bbox=20,105,22,106")
    assert "seem swapped" in json.loads(body)["detail_en"]


def test_the_limit_is_cut_and_the_answer_shows_it(server: str) -> None:
    _, _, body = ask(server, "/api/v1/inspection_sites/?limit=1000000000")
    page = json.loads(body)
    assert page["numberReturned"] == len(page["features"]) <= 1000


def test_a_cursor_belongs_to_its_question(server: str) -> None:
    _, _, body = ask(server, "/api/v1/laboratories/?limit=1")
    address = next(link["href"] for link in json.loads(body)["links"] if link["rel"] == "next")
    query = urlsplit(address).query
    assert ask(server, f"/api/v1/laboratories/?{query}")[0] == 200
    for other in (f"/api/v1/certification_bodies/?{query}", f"/api/v1/laboratories/?{query}&status=active"):
        status, _, told = ask(server, other)
        assert (status, json.loads(told)["code"]) == (400, "cursor.invalid")


def test_wrong_methods_and_forms_are_refused_in_our_words(server: str) -> None:
    parts = urlsplit(server)
    for method, address in (("POST", "/api/v1/laboratories/"), ("DELETE", "/tiles/laboratories/3/6/3.mvt")):
        link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        link.request(method, address)
        answer = link.getresponse()
        assert answer.status == 405 and answer.headers["Allow"]
        assert json.loads(answer.read())["code"] == "method"
    assert ask(server, "/api/v1/laboratories/", Accept="image/png")[0] == 406
