"""Who can do this: only those who may on the day, ranked, with the line that permits it; the fewest for all."""

from datetime import date

import pytest
from django.test import Client

from layers.competence.covering import MOST_TASKS
from layers.models import ScopeLine

HANOI = {"lon": 105.85, "lat": 21.03}


def find(client: Client, text: str, **parameters: object) -> dict:
    answer = client.get("/api/v1/find/", {"competence": text, **parameters})
    assert answer.status_code == 200, answer.content
    return answer.json()


def lines_in_force(place: int, day: date) -> list[ScopeLine]:
    lines = ScopeLine.objects.filter(place=place, publish_state="approved_public", valid_from__lte=day)
    return [
        line
        for line in lines.select_related("qualification")
        if not line.pending
        and (line.valid_until is None or line.valid_until >= day)
        and (line.withdrawn_on is None or line.withdrawn_on > day)
        and not (line.suspended_from and line.suspended_from <= day <= (line.suspended_until or date.max))
    ]


def test_verification_names_designated_bodies_only(client: Client, world: date) -> None:
    places = find(client, "kiểm định cân bàn", limit=100)["places"]
    assert places
    for place in places:
        assert {line["kind"] for line in place["lines"]} == {"designation"}
        held = lines_in_force(place["id"], world)
        assert any(
            line.activity == "device_verification"
            and line.qualification.kind == "designation"
            and "Cân bàn" in line.product
            for line in held
        )


def test_every_line_named_is_in_force_on_the_day(client: Client, world: date) -> None:
    for text in ("chì trong nước", "hiệu chuẩn cân 150 kg", "chứng nhận iso 9001"):
        for day in (world, date(2025, 6, 30)):
            for place in find(client, text, on=day.isoformat(), limit=100)["places"]:
                numbers = {line.qualification.number for line in lines_in_force(place["id"], day)}
                assert {line["number"] for line in place["lines"]} <= numbers


def test_the_range_is_kept(client: Client) -> None:
    heavy, light = (find(client, f"hiệu chuẩn cân ô tô {t} tấn")["numberMatched"] for t in (500, 50))
    assert heavy == 0 < light


def test_the_nearest_three_who_come_to_the_device_are_first_then_all_by_distance(client: Client) -> None:
    places = find(client, "hiệu chuẩn cân bàn", **HANOI, limit=100)["places"]
    first, rest = places[:3], places[3:]
    coming = sorted(place["distance_m"] for place in places if place["comes_to_you"])
    assert [place["distance_m"] for place in first] == coming[:3] and len(coming) > 3
    assert all(place["comes_first"] for place in first) and not any(place["comes_first"] for place in rest)
    assert (far := [place["distance_m"] for place in rest]) == sorted(far)


def test_places_that_cover_more_tasks_come_first_and_the_smallest_set_covers_all(client: Client) -> None:
    found = find(client, "chì trong nước; E. coli trong nước; kiểm định cân ô tô", **HANOI, limit=100)
    assert [task["places"] > 0 for task in found["tasks"]] == [True, True, True]
    counts = [len(place["covers"]) for place in found["places"]]
    assert counts == sorted(counts, reverse=True)
    assert {task for place in found["smallest_set"] for task in place["covers"]} == {0, 1, 2}
    assert len(found["smallest_set"]) <= 3
    if counts[0] == 3:
        assert len(found["smallest_set"]) == 1


def test_each_task_counts_what_the_filter_counts(client: Client) -> None:
    found = find(client, "chì trong nước; hiệu chuẩn áp kế 25 bar")
    for task in found["tasks"]:
        asked = {"competence": task["text"], "status": "active", "limit": 1}
        assert client.get("/api/v1/laboratories/", asked).json()["numberMatched"] == task["places"]


def test_other_filters_hold_and_leave_out_layers_that_lack_them(client: Client) -> None:
    places = find(client, "kiểm định cân bàn", province="01", device_type="table_platform_hanging_scale")["places"]
    assert places and {place["province"] for place in places} == {"01"}


def test_verification_and_calibration_in_one_breath_are_two_tasks(client: Client) -> None:
    found = find(client, "kiểm định và hiệu chuẩn cân bàn", limit=100)
    assert len(found["tasks"]) == 2
    for place in found["places"]:
        kinds = {line["kind"] for line in place["lines"] if line["task"] == 0}
        assert kinds <= {"designation"}


def test_from_a_viewpoint_distances_are_told_and_not_who_comes_there(client: Client) -> None:
    places = find(client, "kiểm định cân bàn", **HANOI, viewpoint="true", limit=100)["places"]
    assert [place["distance_m"] for place in places] == sorted(place["distance_m"] for place in places)
    assert not any(place["comes_to_you"] for place in places)


def test_a_slip_is_understood_and_told(client: Client) -> None:
    (task,) = find(client, "chloramfenicol tom")["tasks"]
    assert task["places"] and "chloramphenicol" in task["understood"]


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({}, "competence"),
        ({"competence": "trong"}, "competence"),
        ({"competence": ";;"}, "competence"),
        ({"competence": "; ".join(f"chì {n}" for n in range(MOST_TASKS + 1))}, "competence"),
        ({"competence": "chì" * 100}, "competence"),
        ({"competence": "chì", "lon": "1"}, "lat"),
        ({"competence": "chì", "on": "2026-02-30"}, "on"),
        ({"competence": "chì", "province": "99"}, "province"),
        ({"competence": "chì", "limit": "x"}, "limit"),
        ({"competence": "chì", "viewpoint": "maybe"}, "viewpoint"),
        ({"competence": "chì", "colour": "red"}, "colour"),
    ],
)
def test_bad_parameters_are_refused_by_name(client: Client, parameters: dict[str, str], named: str) -> None:
    answer = client.get("/api/v1/find/", parameters)
    assert (answer.status_code, answer.json()["parameter"]) == (400, named)
