"""The scope on the page of a place: every line within reach, its own filter, without JavaScript."""

import re

import pytest
from django.test import Client

from layers.models import DeviceType
from mapapp.record import scope
from tests.mapapp.pages import Page, page
from tests.mapapp.record_rows import a_fact, a_laboratory, days, line_at, shown
from tests.services.verify_rows import Save


def products(found: Page) -> list[str]:
    return re.findall(r'data-title="Sản phẩm, đối tượng">([^<]*)<', found.source)


@pytest.fixture
def laboratory(committed: Save):  # type: ignore[no-untyped-def]
    """Three lines in force under a designation, one suspended under a registration."""
    place = a_laboratory(committed)
    designation = a_fact(committed, place, "QĐ 10/A")
    registration = a_fact(committed, place, "ĐK 10", kind="registration", valid_until=None)
    line_at(committed, place, designation, "Nước mắm", test="Hàm lượng histamin", loq=0.5, unit="mg/kg")
    line_at(committed, place, designation, "Nước uống", test="Chì", range_text="0,01–5 mg/L")
    line_at(committed, place, designation, "Thịt bò", test="E. coli")
    line_at(committed, place, registration, "Nước thải", test="Chì", suspended_from=days(-1))
    return place


def test_all_lines_are_there_by_legal_fact_in_the_law_s_order(client: Client, laboratory) -> None:  # type: ignore[no-untyped-def]
    found = shown(client, laboratory)
    assert products(found) == ["Nước thải", "Nước mắm", "Nước uống", "Thịt bò"]
    assert "4 trong 4 dòng" in found.text
    assert found.source.count('class="scope-group"') == 2


def test_numbers_stand_at_the_right_with_their_unit(client: Client, laboratory) -> None:  # type: ignore[no-untyped-def]
    source = shown(client, laboratory).source
    assert '<td data-title="LOQ" class="number">0,5 mg/kg</td>' in source
    assert '<td data-title="Phạm vi đo" class="number">0,01–5 mg/L</td>' in source


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("lines=nước mắm", ["Nước mắm"]),
        ("lines=nuoc mam", ["Nước mắm"]),
        ("lines=chì", ["Nước thải", "Nước uống"]),
        ("lines=chì&line_kind=designation", ["Nước uống"]),
        ("lines=chì; thịt bò", ["Nước thải", "Nước uống", "Thịt bò"]),
        ("line_status=suspended", ["Nước thải"]),
        ("line_kind=registration,designation&line_status=active", ["Nước mắm", "Nước uống", "Thịt bò"]),
        ("lines=", ["Nước thải", "Nước mắm", "Nước uống", "Thịt bò"]),
        ("lines=vàng", []),
    ],
)
def test_its_own_filter_narrows_it(client: Client, laboratory, asked: str, expected: list[str]) -> None:  # type: ignore[no-untyped-def]
    found = shown(client, laboratory, f"?{asked}")
    assert products(found) == expected
    assert f"{len(expected)} trong 4 dòng" in found.text


def test_links_of_the_filter_tell_how_many_lines_they_leave(client: Client, laboratory) -> None:  # type: ignore[no-untyped-def]
    found = shown(client, laboratory, "?lines=chì&on=2026-11-22")
    links = [link for link in found.links if "line_kind=" in link or "line_status=" in link]
    assert len(links) == 4
    for link in links:
        assert "on=2026-11-22" in link and link.endswith("#scope")
        assert len(products(page(client, link))) == 1
    inputs = {attrs.get("name"): attrs.get("value") for attrs in found.all("input")}
    assert (inputs["lines"], inputs["on"]) == ("chì", "2026-11-22")


def test_reading_one_scope_finds_also_what_a_fact_does_not_permit(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    fact = a_fact(committed, place, "ĐK 11", kind="registration", valid_until=None)
    scale = DeviceType.objects.get(code="truck_scale")
    line_at(committed, place, fact, "Cân ô tô", activity="device_verification", device_type=scale)
    assert products(shown(client, place, "?lines=kiểm định cân ô tô")) == ["Cân ô tô"]
    assert (
        client.get("/api/v1/laboratories/?competence=kiểm định cân ô tô&q=Phòng thử nghiệm Số Một").json()[
            "numberMatched"
        ]
        == 0
    )


def test_every_line_is_reached_page_by_page(client: Client, committed: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope, "PAGE_LINES", 4)
    place = a_laboratory(committed)
    fact = a_fact(committed, place, "QĐ 12/A")
    for number in range(10):
        line_at(committed, place, fact, f"Mẫu {number}")
    seen, address = [], f"/laboratories/{place.pk}"
    while address:
        found = page(client, address)
        assert "10 trong 10 dòng" in found.text
        seen += products(found)
        address = next((attrs["href"] for attrs in found.all("a", rel="next")), "")
    assert seen == [f"Mẫu {number}" for number in range(10)]


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ("line_kind=licence", "line_kind"),
        ("line_status=reduced", "line_status"),
        ("lines=...", "lines"),
        (f"lines={'a' * 201}", "lines"),
        ("line_page=0", "line_page"),
        ("line_page=2", "line_page"),
        ("line_page=x", "line_page"),
        ("lines=a&lines=b", "lines"),
        ("scope=lead", "scope"),
        ("status=active", "status"),
    ],
)
def test_what_means_nothing_is_refused_by_name(client: Client, laboratory, asked: str, parameter: str) -> None:  # type: ignore[no-untyped-def]
    for language in ("vi", "en"):
        found = page(client, f"/laboratories/{laboratory.pk}?{asked}&lang={language}", status=400)
        assert parameter in found.text


def test_only_pages_of_places_have_that_filter(client: Client, laboratory) -> None:  # type: ignore[no-untyped-def]
    device = client.get("/api/v1/measuring_devices/?limit=1").json()["features"][0]["id"]
    page(client, f"/measuring_devices/{device}?lines=cân", status=400)
    assert client.get(f"/laboratories/{laboratory.pk}.json?lines=cân").status_code == 400
