"""What takes long shows that it goes on, and can be stopped."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]

TILES = re.compile(r"/tiles/laboratories/.*\.mvt")


def waiting(visit: Open, pattern: re.Pattern[str]) -> tuple[Visit, list[Route]]:
    """A page with nothing on the map that will wait for ever for what it asks next; the requests that wait."""
    shown = visit("/?layers=")
    shown.page.wait_for_selector("html[data-map=ready]")
    waits: list[Route] = []
    shown.page.route(pattern, lambda route: waits.append(route))
    return shown, waits


def switch_on(page: Page) -> None:
    page.locator("#layers .switch").first.click()


def test_after_400_ms_a_bar_shows_and_after_two_seconds_a_way_to_stop(visit: Open) -> None:
    shown, _ = waiting(visit, TILES)
    switch_on(shown.page)
    shown.page.locator("#loading").wait_for(timeout=1500)
    assert shown.page.locator("#stop-loading").is_hidden()
    shown.page.get_by_role("button", name="Dừng tải").wait_for(timeout=4000)


@pytest.mark.parametrize("pattern", [TILES, re.compile("/versions")], ids=["tiles", "versions"])
def test_what_was_stopped_is_said_and_can_be_had_after_all(visit: Open, pattern: re.Pattern[str]) -> None:
    shown, waits = waiting(visit, pattern)
    page = shown.page
    switch_on(page)
    page.get_by_role("button", name="Dừng tải").click()
    page.locator("#notice", has_text="Đã dừng tải").wait_for()
    assert page.locator("#loading").is_hidden() and page.locator("#stop-loading").is_hidden()
    assert page.evaluate("document.activeElement.id") == "content"
    assert page.locator("#map[data-complete]").count() == 0 and page.locator("#empty-view").is_hidden()
    page.unroute(pattern)
    page.locator("#notice").get_by_role("button", name="Thử lại").click()
    shown.map_is_drawn()
    assert page.locator("#notice").is_hidden()
    assert waits and shown.drawn("rings-laboratories", "points-laboratories")


def test_a_list_that_was_stopped_offers_to_try_again(visit: Open) -> None:
    shown, _ = waiting(visit, re.compile(r"/api/v1/laboratories/\?"))
    switch_on(shown.page)
    shown.page.click("#tab-list")
    shown.page.get_by_role("button", name="Dừng tải").click()
    box = shown.page.locator("#panel-list .error-box", has_text="Đã dừng tải")
    shown.page.unroute_all(behavior="ignoreErrors")
    box.get_by_role("button", name="Thử lại").click()
    shown.page.locator("#panel-list .card-title").first.wait_for(timeout=20_000)


def test_an_answer_in_time_shows_no_way_to_stop(visit: Open) -> None:
    shown = visit("/?layers=")
    shown.page.wait_for_selector("html[data-map=ready]")
    shown.page.locator("#loading").wait_for(state="hidden")
    shown.page.wait_for_timeout(2500)
    assert shown.page.locator("#stop-loading").is_hidden()
