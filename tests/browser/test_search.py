"""Searching on the map page leads to what was looked for, whole and readable."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from geodata.archipelagos import ARCHIPELAGOS, Archipelago
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]

IN_VIEW = """([west, south, east, north]) => {
    const map = document.querySelector("#map").map;
    const { clientWidth, clientHeight } = map.getContainer();
    const { top, right, bottom, left } = map.getPadding();
    const [a, b] = [map.project([west, north]), map.project([east, south])];
    return !map.isMoving() && a.x >= left && a.y >= top && b.x <= clientWidth - right && b.y <= clientHeight - bottom;
}"""


@pytest.mark.parametrize("archipelago", ARCHIPELAGOS, ids=lambda one: one.commune_code)
@pytest.mark.parametrize(("lang", "phone"), [("vi", True), ("en", False)])
def test_an_archipelago_that_was_searched_stands_whole_in_view_with_its_label(
    visit: Open, archipelago: Archipelago, lang: str, phone: bool
) -> None:
    """From a view far away and near, so that the search alone brings it there."""
    shown = visit(f"/?lang={lang}&at=12/21.03/105.85", phone=phone)
    shown.map_is_drawn()
    page = shown.page
    label = archipelago.label.vi if lang == "vi" else archipelago.label.en
    page.get_by_role("combobox").first.fill(label.split(" (")[0])
    page.get_by_role("option").first.click()
    page.wait_for_function(IN_VIEW, arg=list(archipelago.envelope.bounds))
    shown.map_is_drawn()
    page.wait_for_function(
        "() => document.querySelector('#map').map.areTilesLoaded() && !document.querySelector('#map').map.isMoving()"
    )
    assert archipelago.label.vi in {one["name_vi"] for one in shown.drawn("base-label-archipelago")}


def test_a_place_chosen_before_the_map_is_there_is_gone_to(browser: Browser, server: str) -> None:
    context, held = browser.new_context(reduced_motion="reduce"), []
    page = context.new_page()
    page.route("**/style.json*", lambda route: held.append(route))
    page.goto(server)
    page.get_by_role("combobox").first.fill("ca mau")
    page.get_by_role("option", name="Cà Mau").first.click()
    page.wait_for_url("**at=**")
    held[0].continue_()
    page.locator("#map[data-complete]").wait_for(state="attached", timeout=60_000)
    west, south, east, north = page.evaluate("document.querySelector('#map').map.getBounds().toArray().flat()")
    assert west < 105.15 < east and south < 9.18 < north and east - west < 4
    context.close()
