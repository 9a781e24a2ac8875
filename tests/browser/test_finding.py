"""People find who can do a thing, near them and by law, in three clicks; what they chose can be undone and shared."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]

HANOI = "/?at=10/21.03/105.85"
# By law only a designation permits verification; who comes to the province is named first, then the nearer.
DESIGNATED = """
    SELECT p.name FROM layers_placeofactivity p
    JOIN layers_organisation o ON o.id = p.organisation_id AND o.publish_state = 'approved_public'
    WHERE p.publish_state = 'approved_public' AND EXISTS (
        SELECT FROM layers_scopeline l JOIN layers_qualification q ON q.id = l.qualification_id
        JOIN layers_devicetype t ON t.id = l.device_type_id
        WHERE l.place_id = p.id AND t.code = %(type)s AND q.kind = 'designation' AND NOT l.pending
          AND l.activity = 'device_verification'
          AND l.publish_state = 'approved_public' AND q.publish_state = 'approved_public'
          AND l.valid_from <= %(day)s AND l.valid_until >= %(day)s
          AND coalesce(l.withdrawn_on, 'infinity') > %(day)s
          AND (l.suspended_from IS NULL OR l.suspended_from > %(day)s OR l.suspended_until < %(day)s))
    ORDER BY NOT (p.on_site_service AND (p.province_id = %(province)s OR %(province)s = ANY(p.service_provinces))),
        ST_Distance(p.geom::geography, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography)
"""


def designated(device_type: str, day: date, lon: float, lat: float, province: int) -> list[str]:
    """Names of the bodies that may verify the type on the day, in the order they are to be named in."""
    asked = {"type": device_type, "day": day, "lon": lon, "lat": lat, "province": province}
    with connection.cursor() as cursor:
        cursor.execute(DESIGNATED, asked)
        return [name for (name,) in cursor.fetchall()]


def type_into_search(page: Page, text: str) -> None:
    page.get_by_role("combobox").first.fill(text)
    page.get_by_role("option").first.wait_for()


def test_the_nearest_designated_body_with_directions_is_three_clicks_away(visit: Open, world: date) -> None:
    shown = visit(HANOI)
    shown.map_is_drawn()
    page, clicks = shown.page, 0
    centre = page.evaluate("(({lng, lat}) => [lng, lat])(document.querySelector('#map').map.getCenter())")
    type_into_search(page, "kiểm định cột bơm xăng")
    page.get_by_role("option").first.click()
    clicks += 1
    card = page.locator("#panel-list .card").first
    expect(card).to_contain_text("Chỉ định")
    card.locator(".directions summary").click()
    clicks += 1
    expect(card.locator("a[href^='geo:']")).to_be_visible()
    names = page.locator("#panel-list .card-title").all_inner_texts()
    expected = designated("fuel_dispenser", world, *centre, province=1)
    assert names == expected[: len(names)] and clicks <= 3
    assert not shown.foreign and not shown.complaints


def test_who_may_only_calibrate_is_never_named_for_verification(visit: Open, world: date) -> None:
    page = visit(HANOI).page
    type_into_search(page, "cân bàn")
    page.get_by_role("group", name="Cần việc nào?").get_by_role("option").first.click()
    page.locator("#panel-list .card-line strong").first.wait_for()
    lines = page.locator("#panel-list .card-line strong").all_inner_texts()
    assert lines and all(line.startswith("Chỉ định") for line in lines)


def test_back_undoes_what_was_chosen(visit: Open) -> None:
    shown = visit(HANOI)
    shown.map_is_drawn()
    page = shown.page
    type_into_search(page, "chì trong nước")
    page.get_by_role("option").first.click()
    page.wait_for_url("**competence=**")
    page.go_back()
    page.wait_for_function("() => !location.search.includes('competence')")
    expect(page.locator("#summary")).not_to_contain_text("Làm được")


def test_the_page_of_a_link_shows_the_same_list_and_the_same_marks(visit: Open, server: str) -> None:
    shown = visit("/?layers=laboratories&competence=chì nước&status=active&at=5/16/107")
    shown.map_is_drawn()
    page = shown.page
    asked = f"{server}/api/v1/laboratories/?competence=chì nước&status=active&limit=1"
    total = page.request.get(asked).json()["numberMatched"]
    expect(page.locator("#summary")).to_contain_text(str(total))
    page.get_by_role("tab", name="Danh sách").click()
    # The middle of half the country is no place that anybody means: no distance is told from there.
    expect(page.locator(".list-head")).to_contain_text("cho biết vị trí để xếp theo khoảng cách")


def test_the_search_is_used_by_the_keyboard_alone(visit: Open) -> None:
    page = visit(HANOI).page
    page.get_by_role("combobox").first.focus()
    page.keyboard.type("hieu chuan ap ke 25 bar")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-list .card").first).to_contain_text("km")


def test_where_one_stands_the_nearest_places_are_listed_with_their_devices(browser, server: str, world: date) -> None:  # type: ignore[no-untyped-def]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.name, ST_X(s.geom), ST_Y(s.geom) FROM layers_inspectionsite s JOIN layers_measuringdevice d"
            " ON d.site_id = s.id AND d.publish_state = 'approved_public' WHERE s.publish_state = 'approved_public'"
            " AND s.geom_accuracy = 'surveyed' GROUP BY s.id ORDER BY count(*) DESC LIMIT 1"
        )
        name, lon, lat = cursor.fetchone()
    context = browser.new_context(
        permissions=["geolocation"], geolocation={"longitude": lon, "latitude": lat}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(server + "/")
    page.get_by_role("button", name="Nơi tôi đang đứng").click()
    first = page.locator("#panel-list .card-title").first
    expect(first).to_have_text(name)
    first.click()
    record = page.locator("#record")
    expect(record).to_contain_text("Phương tiện đo tại đây")
    expect(record).to_contain_text("Tổ chức kiểm định")
    expect(record.locator("a[href^='/report']").first).to_be_visible()
    context.close()


def test_without_a_position_the_way_by_typing_is_told(visit: Open) -> None:
    page = visit("/").page
    page.get_by_role("button", name="Nơi tôi đang đứng").click()
    expect(page.locator("#notice")).to_contain_text("ô tìm kiếm")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_page_that_finds_needs_no_script(browser, server: str, lang: str, phone: bool) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390 if phone else 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{server}/find?lang={lang}")
    page.locator("#competence").fill("chì trong nước; E. coli trong nước")
    page.locator(".find-form button[type=submit]").click()
    expect(page.locator(".found-place").first).to_be_visible()
    context.close()


def test_headings_between_places_are_not_counted_as_places(browser, server: str, world: date) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(permissions=["geolocation"], geolocation={"longitude": 105.85, "latitude": 21.03})
    page = context.new_page()
    page.goto(f"{server}/?layers=laboratories&competence=hiệu chuẩn cân bàn&status=active&at=11/21.03/105.85")
    page.get_by_role("tab", name="Danh sách").click()
    page.get_by_role("button", name="Gần tôi trước").click()
    expect(page.locator(".card-group")).to_have_count(2, timeout=20_000)
    expect(page.locator(".list-head")).to_contain_text("20 trong ")
    assert page.locator("#panel-list .card").count() == 20
    context.close()
