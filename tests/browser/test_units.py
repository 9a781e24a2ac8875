"""A province or commune that is chosen is gone to, and "back" returns."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]

HANOI = (105.85, 21.03)
FAR_AWAY = "at=9/10.77/106.7"
CENTRE = "(() => { const { lng, lat } = document.querySelector('#map').map.getCenter(); return [lng, lat]; })()"


def choose(shown: Visit, code: str, title: str) -> None:
    """Ticks a value in the filters of the layer shown."""
    group = shown.page.get_by_role("group", name=title)
    group.locator("legend button").click()
    group.locator(f"li[data-code='{code}'] input").click()


def is_at(shown: Visit, lon: float, lat: float) -> None:
    shown.page.wait_for_function(
        f"([lon, lat]) => {{ const [x, y] = {CENTRE}; return Math.hypot(x - lon, y - lat) < 0.5; }}",
        arg=[lon, lat],
        timeout=20_000,
    )


def test_a_province_out_of_view_is_gone_to_and_back_returns(visit: Open) -> None:
    shown = visit(f"/?layers=laboratories&{FAR_AWAY}")
    shown.map_is_drawn()
    shown.page.click("#tab-filters")
    choose(shown, "01", "Tỉnh, thành phố")
    is_at(shown, *HANOI)
    shown.page.wait_for_url("**province=01**")
    shown.page.go_back()
    is_at(shown, 106.7, 10.77)
    assert "province" not in shown.page.url


def test_a_province_that_is_all_in_view_leaves_the_view_as_it_is(visit: Open) -> None:
    shown = visit("/?layers=laboratories&at=7/21/105.8")
    shown.map_is_drawn()
    shown.page.click("#tab-filters")
    before = shown.page.evaluate(CENTRE)
    with shown.page.expect_response("**/area.json?province=01"):
        choose(shown, "01", "Tỉnh, thành phố")
    shown.map_is_drawn()
    assert shown.page.evaluate(CENTRE) == before


def test_a_commune_of_the_province_is_gone_to(visit: Open) -> None:
    shown = visit(f"/?layers=measuring_devices&province=01&{FAR_AWAY}")
    shown.map_is_drawn()
    shown.page.click("#tab-filters")
    shown.page.get_by_role("group", name="Xã, phường, đặc khu").locator("li input").first.click()
    shown.page.wait_for_url("**commune=**")
    is_at(shown, *HANOI)
    assert shown.page.evaluate("document.querySelector('#map').map.getZoom()") > 10


def test_back_to_an_address_that_named_no_view_leads_where_it_opened(visit: Open) -> None:
    shown = visit("/?layers=laboratories&province=01")
    shown.map_is_drawn()
    is_at(shown, *HANOI)
    shown.page.click("#tab-filters")
    choose(shown, "79", "Tỉnh, thành phố")
    shown.page.wait_for_function(f"() => {CENTRE}[1] < 18", timeout=20_000)
    shown.page.go_back()
    is_at(shown, *HANOI)


def test_an_answer_that_comes_after_back_takes_nobody_along(visit: Open) -> None:
    shown = visit(f"/?layers=laboratories&{FAR_AWAY}")
    shown.map_is_drawn()
    page, held = shown.page, []
    page.route("**/area.json?province=01", lambda route: held.append(route))
    page.click("#tab-filters")
    choose(shown, "01", "Tỉnh, thành phố")
    page.wait_for_url("**province=01**")
    page.go_back()
    page.wait_for_url(lambda url: "province" not in url)
    for route in held:
        with suppress(Error):  # the page asks no longer
            route.fulfill(json={"bbox": [105.3, 20.6, 106.1, 21.4]})
    page.wait_for_timeout(800)
    is_at(shown, 106.7, 10.77)
    assert len(held) == 1 and FAR_AWAY in page.url


def test_back_to_a_circle_leads_to_it(visit: Open) -> None:
    shown = visit("/?layers=laboratories&within=105.85,21.03,20000")
    shown.map_is_drawn()
    is_at(shown, *HANOI)
    shown.page.get_by_role("button", name="Bỏ lọc: Quanh điểm đã chọn").click()
    shown.page.wait_for_url(lambda url: "within" not in url)
    shown.page.locator("#controls [data-action=country]").click()
    shown.page.wait_for_function(f"() => {CENTRE}[1] < 18", timeout=20_000)
    shown.page.go_back()
    is_at(shown, *HANOI)
