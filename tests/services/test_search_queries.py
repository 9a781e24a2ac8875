"""Three hundred written queries and a thousand spoilt ones find what was wanted among the first five results."""

import csv
import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from layers.competence.asking import within
from layers.competence.reading import Competence
from layers.models import ScopeLine
from layers.registers.qualification_status import begun, in_force
from layers.registers.qualifications import ACTIVITIES
from tests.data.spoilt import spoilt

QUERIES = Path(__file__).parent.parent / "data" / "search_queries.csv"
KINDS = {
    "unit": {"provinces", "communes"},
    "former": {"former_unit"},
    "name": {"laboratories", "certification_bodies", "inspection_sites"},
    "scope": {"scope"},
}
WRITTEN_FOUND, SPOILT_FOUND = 0.95, 0.98
SAMPLE, ALL = 150, 1000
COUNTED = (
    *("chì trong nước", "hiệu chuẩn cân 150 kg", "kiểm định cột bơm xăng", "chứng nhận iso 9001", "cân bàn"),
    *("kiểm định cân ô tô 60 tấn", "chloramfenicol tom", "kiểm định và hiệu chuẩn cân bàn", "đường trong máu", "gạo"),
)

Found = Callable[[str], list[dict]]


def queries() -> list[dict[str, str]]:
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def found(client: Client) -> Found:
    return lambda text: client.get("/api/v1/search/", {"q": text}).json()["results"]


def answers(result: dict, wanted: dict[str, str]) -> bool:
    said = f"{result['title']} · {result['subtitle']}"
    return result["kind"] in KINDS[wanted["kind"]] and all(part in said for part in wanted["wanted"].split(";"))


@pytest.fixture(scope="module")
def offered(django_db_setup: None, django_db_blocker) -> set[str]:  # type: ignore[no-untyped-def]
    """Everything that some place may do on the day, as results say it: demo data draw what each body can do."""
    with django_db_blocker.unblock():
        return set(_offered())


def _offered() -> Iterator[str]:
    day = date(2026, 11, 22)
    lines = ScopeLine.objects.filter(begun(day), in_force(day), within(Competence()))
    lines = lines.filter(publish_state="approved_public", qualification__publish_state="approved_public")
    labels = {one.code: one.label.vi for one in ACTIVITIES.items}
    for activity, product, test, method in lines.values_list("activity", "product", "test", "method").distinct():
        yield f"{test} {product} · {labels[activity]} · {method}"


def exists(wanted: dict[str, str], offered: set[str]) -> bool:
    """Whether there is anything to find: all but scope lines always are."""
    parts = wanted["wanted"].split(";")
    return wanted["kind"] != "scope" or any(all(part in said for part in parts) for said in offered)


def test_written_queries_find_what_was_wanted_among_five(found: Found, offered: set[str]) -> None:
    find_written(found, offered, every=3)


@pytest.mark.soak
def test_three_hundred_written_queries_find_what_was_wanted_among_five(found: Found, offered: set[str]) -> None:
    find_written(found, offered, every=1)


def find_written(found: Found, offered: set[str], *, every: int) -> None:
    asked = [one for one in queries() if exists(one, offered)]
    assert len(queries()) >= 300 and len(asked) >= 0.9 * len(queries())
    wanted = asked[::every]
    missed = [one["query"] for one in wanted if not any(answers(result, one) for result in found(one["query"])[:5])]
    print(f"{len(wanted) - len(missed)} of {len(wanted)} written queries")
    assert len(missed) <= (1 - WRITTEN_FOUND) * len(wanted), missed


def spoilt_queries(offered: set[str], *, count: int, seed: int) -> Iterator[tuple[dict[str, str], str]]:
    chance = random.Random(seed)
    asked = [one for one in queries() if exists(one, offered)]
    for _ in range(count):
        wanted = chance.choice(asked)
        yield wanted, spoilt(wanted["query"], chance)[1]


def missed_of(found: Found, asked: Iterator[tuple[dict[str, str], str]]) -> list[str]:
    return [text for wanted, text in asked if not any(answers(result, wanted) for result in found(text)[:5])]


def test_spoilt_queries_find_it_as_well(found: Found, offered: set[str]) -> None:
    missed = missed_of(found, spoilt_queries(offered, count=SAMPLE, seed=4))
    assert len(missed) <= (1 - SPOILT_FOUND) * SAMPLE, missed


@pytest.mark.soak
def test_a_thousand_spoilt_queries_find_it_as_well(found: Found, offered: set[str]) -> None:
    missed = missed_of(found, spoilt_queries(offered, count=ALL, seed=2026))
    print(f"{ALL - len(missed)} of {ALL} spoilt queries")
    assert len(missed) <= (1 - SPOILT_FOUND) * ALL, missed


def test_every_number_of_places_is_what_the_filters_of_the_result_give(client: Client, found: Found) -> None:
    for text in COUNTED:
        results = [one for one in found(text) if one["kind"] == "scope"]
        assert results, text
        for one in results:
            counted = client.get(f"/api/v1/{one['layer']}/", {**one["filters"], "limit": 1}).json()["numberMatched"]
            assert counted == one["places"] > 0, (text, one)


def test_nothing_is_offered_that_nobody_may_do_on_the_day(client: Client, found: Found) -> None:
    for wanted in queries()[::7]:
        for one in found(wanted["query"]):
            if one["kind"] == "scope":
                places = client.get(f"/api/v1/{one['layer']}/", {**one["filters"], "limit": 1}).json()["features"]
                assert places, (wanted["query"], one["title"])


def test_a_device_without_an_activity_asks_back_what_is_to_be_done(client: Client) -> None:
    choices = client.get("/api/v1/search/", {"q": "cân bàn"}).json()["choices"]
    assert [one["activity"] for one in choices] == ["device_verification", "calibration"]
    assert choices[0]["filters"]["qualification"] == "designation"
    assert client.get("/api/v1/search/", {"q": "hiệu chuẩn cân bàn"}).json()["choices"] == []


def test_a_choice_and_the_results_under_it_ask_in_the_same_words(client: Client) -> None:
    answer = client.get("/api/v1/search/", {"q": "cân bàn", "limit": 20}).json()
    (choice,) = [one for one in answer["choices"] if one["activity"] == "device_verification"]
    typed = [one for one in answer["results"] if "device_type" in one.get("filters", {})]
    assert typed
    for one in typed:
        assert {**one["filters"]} == {**choice["filters"], "device_type": one["filters"]["device_type"]}
        assert 0 < one["places"] <= choice["places"]


@pytest.mark.parametrize("text", ["cân b", "kiểm định cân bà", "đồng hồ nướ", "chì nướ", "can ban hieu chu"])
def test_a_word_still_being_typed_is_asked_for_as_begun(client: Client, found: Found, text: str) -> None:
    results = [one for one in found(text) if one["kind"] == "scope"]
    assert results
    for one in results:
        counted = client.get(f"/api/v1/{one['layer']}/", {**one["filters"], "limit": 1}).json()["numberMatched"]
        assert counted == one["places"] > 0, one


@pytest.mark.parametrize(
    ("text", "asked"),
    [("chì", True), ("histam", True), ("dầu", True), ("his", False), ("chì trong nướ", False), ("do", False)],
)
def test_the_question_itself_is_offered_once_its_last_word_says_something(found: Found, text: str, asked: bool) -> None:
    scopes = [one for one in found(text) if one["kind"] == "scope"]
    assert scopes and ("mọi dòng phạm vi khớp" in {one["subtitle"] for one in scopes}) is asked


def test_results_say_how_far_they_are_and_the_nearer_of_equals_comes_first(client: Client) -> None:
    asked = {"q": "cửa hàng xăng dầu minh họa", "lon": 105.85, "lat": 21.03}
    sites = [one for one in client.get("/api/v1/search/", asked).json()["results"] if one["kind"] == "inspection_sites"]
    assert sites and [one["distance_m"] for one in sites] == sorted(one["distance_m"] for one in sites)
    assert all(
        "distance_m" in one for one in client.get("/api/v1/search/", {**asked, "q": "chì nước"}).json()["results"]
    )


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"lon": "105"}, "lat"),
        ({"lat": "21"}, "lon"),
        ({"lon": "200", "lat": "1"}, "lon"),
        ({"lon": "1", "lat": "x"}, "lat"),
    ],
)
def test_a_position_that_is_none_is_refused_by_name(client: Client, parameters: dict[str, str], named: str) -> None:
    answer = client.get("/api/v1/search/", {"q": "chì", **parameters})
    assert (answer.status_code, answer.json()["parameter"]) == (400, named)
