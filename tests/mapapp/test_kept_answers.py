"""Tiles answered before Django: the very answers that Django gives, and never one commit late."""

import gzip
import io
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import brotli
import psycopg2
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, InterfaceError, connections

from layers.registry import get
from mapapp import kept_answers
from mapapp.kept_answers import KeptAnswers
from mapapp.request_log import JsonLines
from tiles import cache, looks
from tiles.mvt.statements import Statement
from tiles.tile import Tile
from tiles.versions import version_of

TILE = "/tiles/inspection_sites/9/406/225.mvt"
Answered = tuple[str, dict[str, str], bytes]
Ask = Callable[..., Answered]


@pytest.fixture
def django(world: date, settings, tmp_path: Path) -> list[str]:  # type: ignore[no-untyped-def]
    """The paths that came through to Django."""
    settings.TILE_CACHE = tmp_path
    return []


@pytest.fixture
def ask(django: list[str]) -> Ask:
    """Asks the application as a server does: path, query and headers in; status, headers and body out."""
    handler = WSGIHandler()

    def application(environ: dict, start_response: Callable) -> object:  # type: ignore[type-arg]
        django.append(environ["PATH_INFO"])
        return handler(environ, start_response)

    kept = KeptAnswers(application)  # type: ignore[arg-type]

    def run(path: str = TILE, query: str = "", method: str = "GET", **headers: str) -> Answered:
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1"}
        environ |= {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        said: list = []
        body = kept({**environ, "wsgi.input": io.BytesIO()}, lambda *begun: said.extend(begun))
        return said[0], dict(said[1]), b"".join(body)

    return run


def _alike(one: Answered, other: Answered) -> bool:
    return [part if n != 1 else {**part, "X-Request-ID": ""} for n, part in enumerate(one)] == [  # type: ignore[dict-item]
        part if n != 1 else {**part, "X-Request-ID": ""}  # type: ignore[dict-item]
        for n, part in enumerate(other)
    ]


@pytest.mark.parametrize("query", ["", "site_kind=market", "province=01"])
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_the_second_answer_is_the_first_under_another_id(ask: Ask, django: list[str], query: str, coding: str) -> None:
    first, second = (ask(query=query, accept_encoding=coding) for _ in range(2))
    assert _alike(first, second) and len(django) == 1
    assert first[1]["X-Request-ID"] != second[1]["X-Request-ID"]


def test_the_tile_of_a_version_costs_no_look_at_all(ask: Ask, django: list[str], monkeypatch) -> None:  # type: ignore[no-untyped-def]
    path = f"/tiles/inspection_sites/{version_of(get('inspection_sites'), Tile(9, 406, 225))}/9/406/225.mvt"
    first = ask(path)
    monkeypatch.setattr(kept_answers, "current_version", lambda *_: pytest.fail("looked"))
    assert _alike(first, ask(path)) and len(django) == 1 and "immutable" in first[1]["Cache-Control"]


def test_a_commit_is_in_the_next_answer_every_time(ask: Ask, django: list[str], rename: Callable) -> None:
    for number in range(20):
        rename(f"Điểm {number}")
        assert all(f"Điểm {number}".encode() in ask()[2] for _ in range(2))
    assert len(django) == 20


def test_what_the_caller_has_is_not_sent_again(ask: Ask, django: list[str], rename: Callable) -> None:
    tag = ask()[1]["ETag"]
    status, headers, body = ask(if_none_match=tag)
    assert (status, headers["ETag"], body) == ("304 Not Modified", tag, b"") and len(django) == 1
    assert "Content-Length" not in headers and headers["Cache-Control"] == "no-cache"
    rename("khác")
    assert ask(if_none_match=tag)[0] == "200 OK"
    assert ask(if_none_match=tag)[0] == "200 OK" and len(django) == 2


def test_what_the_caller_has_in_another_coding_is_known_too(ask: Ask) -> None:
    tag = ask(accept_encoding="gzip")[1]["ETag"]
    ask(accept_encoding="identity")
    assert ask(accept_encoding="identity", if_none_match=tag)[0] == "304 Not Modified"


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/tiles/basemap/5/25/14.mvt", {}),
        ("/tiles/nothing/5/25/14.mvt", {}),
        ("/tiles/inspection_sites/5/25/14.mvt", {"query": "scope=staff"}),
        ("/tiles/inspection_sites/5/25/14.mvt", {"query": "colour=red"}),
        ("/tiles/inspection_sites/5/25/14.mvt", {"method": "HEAD"}),
        ("/tiles/inspection_sites/5/25/14.mvt", {"method": "POST"}),
        ("/tiles/inspection_sites/5/25/14.mvt", {"host": "elsewhere.example"}),
        ("/tiles/inspection_sites.json", {}),
        ("/live", {}),
    ],
)
def test_all_else_goes_to_django_each_time(ask: Ask, django: list[str], path: str, asked: dict[str, str]) -> None:
    ask("/tiles/inspection_sites/5/25/14.mvt")
    for _ in range(2):
        ask(path, **asked)
    assert len(django) == 3


def test_each_answer_has_a_line_of_log_under_its_own_id(ask: Ask) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logging.getLogger("map.requests").addHandler(handler)
    try:
        answers = [ask(), ask(), ask(if_none_match=ask()[1]["ETag"])]
    finally:
        logging.getLogger("map.requests").removeHandler(handler)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    ids = {answer[1]["X-Request-ID"] for answer in answers}
    assert len(lines) == 4 and ids < {line["request_id"] for line in lines}
    assert [line["status"] for line in lines] == [200, 200, 200, 304]
    assert {(line["route"], line["user"], line["outcome"]) for line in lines} == {("tile", "anonymous", "answered")}


def test_memory_stays_within_its_bound(ask: Ask, django: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "MOST_BYTES", 3 * kept_answers.ENTRY_BYTES + 300)
    paths = [f"/tiles/inspection_sites/12/{x}/0.mvt" for x in range(5)]
    for path in (*paths, *paths[2:], *paths[:2]):
        ask(path)
    assert len(django) == 7


def test_long_questions_count_as_memory_too(ask: Ask, django: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "MOST_BYTES", 3 * kept_answers.ENTRY_BYTES)
    path, words = "/tiles/inspection_sites/12/0/0.mvt", "xyz " * 18
    for query in (f"q={words}1", f"q={words}2", f"q={words}3", f"q={words}1"):
        assert ask(path, query=query.replace(" ", "+"))[0] == "204 No Content"
    assert len(django) == 4


def test_callers_who_take_the_same_codings_share_an_answer(ask: Ask, django: list[str]) -> None:
    for headers in ("gzip", "gzip, deflate", "deflate, gzip;q=0.8", "GZIP , zstd"):
        assert ask(accept_encoding=headers)[1]["Content-Encoding"] == "gzip"
    for headers in ("gzip;q=0", "identity", "", "deflate"):
        assert "Content-Encoding" not in ask(accept_encoding=headers)[1]
    assert len(django) == 2


def test_what_is_asked_for_often_comes_by_brotli(ask: Ask) -> None:
    found = []
    for _ in range(kept_answers.ASKED_AGAIN_AFTER[-1] + 2):
        found.append(ask(accept_encoding="gzip, br"))
        cache._compressing.submit(lambda: None).result()
    assert found[0][1]["Content-Encoding"] == "gzip" and found[-1][1]["Content-Encoding"] == "br"
    assert brotli.decompress(found[-1][2]) == gzip.decompress(found[0][2])


def test_a_tile_of_a_version_that_was_taken_from_the_disk_goes_from_memory_too(
    ask: Ask,
    rename: Callable,
    settings,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rename("Đã rút")
    path = f"/tiles/inspection_sites/{version_of(get('inspection_sites'), Tile(9, 406, 225))}/9/406/225.mvt"
    assert "Đã rút".encode() in ask(path)[2]
    rename("khác")
    shutil.rmtree(settings.TILE_CACHE)
    monkeypatch.setattr(kept_answers, "FOR_EVER_S", 0)
    assert ask(path)[0] == "307 Temporary Redirect"


def test_a_closed_connection_is_made_again(ask: Ask, django: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask()

    def closed(*_: object) -> str:
        raise InterfaceError("connection already closed")

    monkeypatch.setattr(kept_answers, "current_version", closed)
    assert _alike(ask(), first) and len(django) == 2


def test_a_lost_connection_is_made_again(ask: Ask, django: list[str]) -> None:
    first = ask()
    told = connections["open"].settings_dict
    names = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    with closing(psycopg2.connect(dbname=told["NAME"], **names)) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connections["open"].connection.info.backend_pid])
    assert {ask()[0] for _ in range(3)} <= {"200 OK", "503 Service Unavailable"}
    assert _alike(ask(), first)


# Looks at versions, gathered.


@pytest.fixture
def slow(world: date, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many blocks each look asked for."""
    asked: list[int] = []
    look = looks._look

    def count(mine: looks.Block) -> str:
        asked.append(len(looks._gathered))
        with connections["open"].cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")
        return look(mine)

    monkeypatch.setattr(looks, "_look", count)
    yield asked


def test_those_who_ask_during_a_look_share_the_next(slow: list[int]) -> None:
    layer = get("inspection_sites")
    tiles = [Tile(12, 3250 + n % 4, 1803) for n in range(8)]

    def ask_one(tile: Tile) -> str:
        found = looks.current_version(layer, tile)
        connections["open"].close()
        return found

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask_one, tiles))
    assert found == [version_of(layer, tile) for tile in tiles] and len(slow) <= 3


def test_a_look_that_fails_fails_for_its_asker_alone(world: date, monkeypatch: pytest.MonkeyPatch) -> None:
    layer, tile = get("inspection_sites"), Tile(12, 3250, 1803)
    looks._gathered[("inspection_sites", -1, 0)] = []
    monkeypatch.setattr(looks, "_LOOK", Statement("SELECT nothing, %(layers)s, %(cells)s, %(below)s", {}))
    with pytest.raises(DatabaseError):
        looks.current_version(layer, tile)
    monkeypatch.undo()
    assert looks.current_version(layer, tile) == version_of(layer, tile)
