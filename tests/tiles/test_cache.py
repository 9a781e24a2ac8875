"""Stored tiles: made once, compressed once, never older than the last commit, never more than the public sees."""

import gzip
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import brotli
import pytest
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.areas import Circle, ProjectedBox
from layers.cql2.conditions import Condition, HasValue, Property
from layers.errors import Busy, TooCostly
from layers.models import InspectionSite, MapDay
from layers.query import FeatureQuery, map_day, too_costly
from layers.registry import get
from tests.conftest import ROOT, _environment
from tiles import cache
from tiles.cache import public_tile, question_of
from tiles.sweep import LEAST_BYTES, keep_within_bound, remove_over
from tiles.tile import Tile

ADDRESS = "/tiles/inspection_sites/9/406/225.mvt"
NOWHERE = "/tiles/inspection_sites/12/0/0.mvt"


@pytest.fixture
def stored(world: date, settings, tmp_path: Path) -> Path:  # type: ignore[no-untyped-def]
    """The folder of stored tiles, empty."""
    settings.TILE_CACHE = tmp_path
    return tmp_path


@pytest.fixture
def made(stored: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one with every tile that is made from data."""
    found: list[str] = []
    make = cache.draw_tile
    monkeypatch.setattr(cache, "draw_tile", lambda *asked: found.append(str(asked[1])) or make(*asked))
    return found


@pytest.fixture
def add_site(committed: Callable) -> Callable[..., None]:
    """Commits another site in Ha Noi, with these values changed."""

    def add(**changes: object) -> None:
        site = InspectionSite.objects.filter(publish_state="approved_public")[0]
        site.pk, site.source_id, site.geom = None, f"test {changes}"[:64], "SRID=4326;POINT(105.85 21.03)"
        for name, value in changes.items():
            setattr(site, name, value)
        committed(site)

    return add


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and ".locks" not in path.parts)


def _tile(**filters: tuple[str, ...]) -> tuple:  # type: ignore[type-arg]
    return get("inspection_sites"), Tile(5, 25, 14), FeatureQuery(day=map_day("open"), values=filters)


def test_a_second_request_makes_no_tile(client: Client, made: list[str]) -> None:
    first = client.get(ADDRESS)
    assert client.get(ADDRESS).content == first.content and len(made) == 1


def test_filters_are_told_apart(client: Client, made: list[str]) -> None:
    address = "/tiles/inspection_sites/5/25/14.mvt"
    bodies = {client.get(f"{address}{asked}").content for asked in ("", "?site_kind=market", "?site_kind=gold_shop")}
    again = {client.get(f"{address}{asked}").content for asked in ("?site_kind=gold_shop", "", "?site_kind=market")}
    assert len(bodies) == 3 and again == bodies and len(made) == 3


def test_two_questions_that_differ_in_anything_but_the_day_are_told_apart() -> None:
    others = {
        "on": date(2026, 1, 1),
        "values": {"status": ("due",)},
        "provinces": ("01",),
        "communes": ("00004",),
        "bboxes": ((105.0, 20.0, 106.0, 21.0),),
        "within": Circle(105.0, 21.0, 100.0),
        "words": ("cho",),
        "condition": Condition(HasValue(Property("name"))),
        "projected": ProjectedBox(3405, (1.0, 2.0, 3.0, 4.0), (105.0, 20.0, 106.0, 21.0)),
    }
    asked = FeatureQuery(day=date(2026, 11, 22))
    assert {each.name for each in fields(FeatureQuery)} == {"day", *others}
    digests = {question_of(replace(asked, **{name: value})) for name, value in others.items()}  # type: ignore[arg-type]
    assert len(digests - {""}) == len(others)
    assert question_of(asked) == question_of(replace(asked, day=date(2020, 1, 1))) == ""


def test_a_commit_shows_in_the_next_answer(client: Client, stored: Path, add_site: Callable) -> None:
    before = client.get(ADDRESS)
    add_site(name="Điểm thử")
    after = client.get(ADDRESS, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200 and "Điểm thử".encode() in after.content


def test_a_commit_elsewhere_makes_no_tile_anew(client: Client, made: list[str], add_site: Callable) -> None:
    far = "/tiles/inspection_sites/12/3262/1924.mvt"
    before = client.get(far)
    add_site(name="Điểm thử")
    assert client.get(far)["ETag"] == before["ETag"] and len(made) == 1


def test_a_private_row_changes_neither_byte_nor_version(client: Client, made: list[str], add_site: Callable) -> None:
    before = client.get(ADDRESS)
    add_site(publish_state="internal")
    after = client.get(ADDRESS)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"]) and len(made) == 1


def test_each_coding_holds_the_same_tile_under_a_tag_of_its_own(client: Client, stored: Path) -> None:
    plain, by_gzip = (client.get(ADDRESS, headers={"Accept-Encoding": name}) for name in ("identity", "gzip"))
    for _ in range(cache.OFTEN):
        client.get(ADDRESS, headers={"Accept-Encoding": "gzip, br"})
    cache._compressing.submit(lambda: None).result()
    by_brotli = client.get(ADDRESS, headers={"Accept-Encoding": "gzip, br"})
    assert plain.content == gzip.decompress(by_gzip.content) == brotli.decompress(by_brotli.content)
    assert [each.headers.get("Content-Encoding") for each in (plain, by_gzip, by_brotli)] == [None, "gzip", "br"]
    assert len({each["ETag"] for each in (plain, by_gzip, by_brotli)}) == 3
    assert {each["Vary"] for each in (plain, by_gzip, by_brotli)} == {"Accept-Encoding"}


def test_a_coding_of_weight_nought_is_not_used(client: Client, stored: Path) -> None:
    answer = client.get(ADDRESS, headers={"Accept-Encoding": "br;q=0, gzip;q=0.5"})
    assert answer["Content-Encoding"] == "gzip"


def test_what_the_caller_has_costs_one_look_at_the_version(client: Client, made: list[str]) -> None:
    tag = client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})["ETag"]
    with CaptureQueriesContext(connections["open"]) as asked:
        answer = client.get(ADDRESS, headers={"If-None-Match": f'"other", W/{tag}'})
    beside_the_day = [query["sql"] for query in asked if "layers_mapday" not in query["sql"]]
    assert (answer.status_code, answer["ETag"], answer.content) == (304, tag, b"")
    assert len(beside_the_day) == 1 and "'inspection_sites', " in beside_the_day[0] and len(made) == 1


def test_an_empty_tile_is_kept_too(client: Client, made: list[str], stored: Path) -> None:
    answers = [client.get(NOWHERE, headers={"Accept-Encoding": "gzip"}) for _ in range(2)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(204, b"")}
    assert len(made) == 1 and _files(stored) == ["0.204"]


def test_an_empty_tile_with_filters_is_not_kept(client: Client, stored: Path) -> None:
    assert client.get(f"{NOWHERE}?site_kind=market").status_code == 204
    assert _files(stored) == []


@pytest.fixture
def officer(world: date, client: Client) -> Iterator[Client]:
    """A client that is signed in and may see everything."""
    user = get_user_model().objects.create_superuser("cache-officer", password="only-for-this-test")
    client.force_login(user)
    yield client
    user.delete()


def test_tiles_of_the_staff_are_never_stored(officer: Client, stored: Path, add_site: Callable) -> None:
    add_site(publish_state="internal", name="Chưa công bố")
    answer = officer.get(f"{ADDRESS}?scope=staff")
    assert "Chưa công bố".encode() in answer.content and answer["Cache-Control"] == "private, no-store"
    assert _files(stored) == []
    assert "Chưa công bố".encode() not in officer.get(ADDRESS).content


# Single flight, over threads and processes.

_PROCESS = """
import sys, time
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from tests.tiles.test_cache import _tile
from tiles import cache
make = cache.draw_tile
def make_slowly(*asked):
    print("made", flush=True)
    time.sleep(float(sys.argv[1]))
    return make(*asked)
cache.draw_tile = make_slowly
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(4) as pool:
    bodies = list(pool.map(lambda _: cache.public_tile(*_tile()).plain, range(int(sys.argv[2]))))
print("got", len(set(bodies)), len(bodies[0]) > 0)
"""


def _asker(stored: Path, *, seconds: float, requests: int) -> subprocess.Popen[str]:
    """A process that asks for one tile `requests` times at once, each making lasting some seconds, when told to."""
    environment = {**_environment(), "MAP_TILE_CACHE": str(stored), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _PROCESS, str(seconds), str(requests)]
    pipe = subprocess.PIPE
    asker = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert asker.stdout and asker.stdout.readline() == "ready\n", asker.stderr and asker.stderr.read()
    return asker


def test_64_cold_requests_at_once_over_all_processes_make_one_tile(stored: Path) -> None:
    askers = [_asker(stored, seconds=0.5, requests=16) for _ in range(4)]
    for asker in askers:
        asker.stdin.write("now\n")  # type: ignore[union-attr]
        asker.stdin.flush()  # type: ignore[union-attr]
    said = [line for asker in askers for line in asker.communicate(timeout=60)[0].splitlines()]
    assert sorted(said) == ["got 1 True"] * 4 + ["made"]


def test_those_who_asked_before_a_commit_make_one_tile_after_it(
    made: list[str], add_site: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    look = cache.version_of
    monkeypatch.setattr(cache, "version_of", lambda *asked: looked.append(look(*asked)) or looked[-1])

    def ask(_: int) -> str:
        try:
            return public_tile(*asked).version
        finally:
            connections["open"].close()

    asked = _tile()
    with ThreadPoolExecutor(8) as pool:
        with cache._alone(*asked[:2], asked[2]):
            answers = pool.map(ask, range(8))
            while len(looked) < 8:
                time.sleep(0.01)
            add_site(name="Trong lúc chờ")
        versions = set(answers)
    assert len(made) == 1 and len(versions) == 1 and not versions & set(looked[:8])


def test_who_waits_for_longer_than_a_tile_may_take_is_told_to_come_back(
    client: Client,
    stored: Path,
    settings,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.QUERY_LIMITS_MS = {**settings.QUERY_LIMITS_MS, "tile": 100}
    monkeypatch.setattr(cache, "WAIT_LONGER_S", 0.1)
    with cache._alone(*_tile()):
        with pytest.raises(Busy):
            public_tile(*_tile())
        answer = client.get("/tiles/inspection_sites/5/25/14.mvt")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "tile.busy", "5")
    assert public_tile(*_tile()).plain


def test_one_that_dies_while_making_blocks_nobody(stored: Path) -> None:
    dying = _asker(stored, seconds=600, requests=1)
    dying.stdin.write("now\n")  # type: ignore[union-attr]
    dying.stdin.flush()  # type: ignore[union-attr]
    assert dying.stdout.readline() == "made\n"  # type: ignore[union-attr]
    dying.kill()
    dying.communicate()
    assert public_tile(*_tile()).plain


def test_those_who_waited_for_a_tile_that_costs_too_much_are_refused_with_it(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def too_long(*asked: object) -> bytes:
        tried.append(asked)
        raise too_costly()

    monkeypatch.setattr(cache, "draw_tile", too_long)
    for _ in range(3):
        with pytest.raises(TooCostly):
            public_tile(*_tile())
    assert len(tried) == 1
    monkeypatch.setattr(cache, "REFUSED_FOR_S", 0)
    with pytest.raises(TooCostly):
        public_tile(*_tile())
    assert len(tried) == 2


def test_a_tile_that_cannot_be_stored_is_served_all_the_same(
    client: Client, stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("tiles.cache.tempfile.NamedTemporaryFile", full)
    assert client.get(ADDRESS).status_code == 200 and _files(stored) == []


# What is swept away.


def test_what_was_used_longest_ago_goes_until_the_rest_is_within_the_bound(
    client: Client,
    stored: Path,
    settings,  # type: ignore[no-untyped-def]
) -> None:
    settings.TILE_CACHE_MB = 1
    for x in range(3240, 3260):
        client.get(f"/tiles/inspection_sites/12/{x}/1803.mvt")
    tiles = sorted((path for path in stored.rglob("*") if path.suffix in (".gz", ".204")), key=lambda path: path.name)
    for age, path in enumerate(reversed(tiles)):
        path.write_bytes(b"x" * 100_000)
        os.utime(path, (time.time() - 1000 * age, time.time() - 1000 * age))
    kept_bytes = keep_within_bound()
    left = [path for path in tiles if path.exists()]
    assert 0.5 * 2**20 < kept_bytes <= 2**20 and left == tiles[-len(left) :]
    assert not any(not list(folder.iterdir()) for folder in stored.rglob("*") if folder.is_dir())


def test_tiles_with_filters_go_before_any_without(stored: Path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TILE_CACHE_MB = 1
    asked = [public_tile(*_tile()), *(public_tile(*_tile(site_kind=(kind,))) for kind in ("market", "gold_shop"))]
    files = [Path(f"{each.stem}.mvt.gz") for each in asked]
    for age, path in zip((9000, 100, 200), files, strict=True):
        path.write_bytes(b"x" * 400_000)
        os.utime(path, (time.time() - age, time.time() - age))
    keep_within_bound()
    assert [path.exists() for path in files] == [True, True, False]


def test_an_empty_file_and_a_folder_count_as_what_they_take(client: Client, stored: Path) -> None:
    client.get(NOWHERE)
    assert _files(stored) == ["0.204"]
    assert keep_within_bound() == 4 * LEAST_BYTES  # the file in its column, zoom and version


def test_tiles_of_another_day_go_with_the_next_sweep(client: Client, world: date, stored: Path) -> None:
    client.get(ADDRESS)
    remove_over()
    assert _files(stored) == ["225.mvt.gz"]
    try:
        MapDay.objects.update(day=world + timedelta(days=1))
        client.get(NOWHERE)
        remove_over()
        assert _files(stored) == ["0.204"]
    finally:
        MapDay.objects.update(day=world)


def test_the_tiles_of_a_closed_layer_and_of_another_program_go_with_the_next_sweep(
    client: Client, stored: Path
) -> None:
    client.get(ADDRESS)
    (version,) = (stored / "inspection_sites").iterdir()
    (stored / "closed_layer").mkdir()
    version.rename(stored / "closed_layer" / version.name)
    other = stored / "inspection_sites" / f"0000000000-{version.name.partition('-')[2]}"
    other.mkdir()
    (other / "1.mvt.gz").write_bytes(b"x")
    client.get(ADDRESS)
    remove_over()
    assert _files(stored) == ["225.mvt.gz"] and version.exists() and not other.exists()
