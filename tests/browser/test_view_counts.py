"""The two numbers beside each value of a filter: in view, and in the whole country."""

import json
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]

DEVICES, LABORATORIES = "measuring_devices", "laboratories"
RED_RIVER = "at=8.5/20.9/106"
NATIONAL = "at=5.6/20.5/106"


def facets(server: str, layer: str, query: str = "") -> dict[str, dict[str, int]]:
    """The counts that the API gives, {filter: {code: rows}}."""
    with urllib.request.urlopen(f"{server}/api/v1/{layer}/facets/?{query}") as answer:  # noqa: S310 - our own server
        found = json.load(answer)["facets"]
    return {name: {one["code"]: one["count"] for one in options} for name, options in found.items()}


def facet_requests(page: Page) -> list[str]:
    """The counts of what is in view that the page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: re.search("/facets/.*bbox=", request.url) and asked.append(request.url))
    return asked


def open_filters(shown: Visit) -> Page:
    shown.map_is_drawn()
    shown.page.click("#tab-filters")
    return shown.page


def counted(page: Page) -> None:
    """Waits until the numbers of the view are there."""
    page.locator("#panel-filters[aria-busy=false] .number strong").first.wait_for(timeout=20_000)


def number(page: Page, code: str, part: str = "[aria-hidden]") -> str:
    return page.locator(f"#panel-filters li[data-code='{code}'] .number {part}").inner_text().replace(".", "")


def box(page: Page) -> str:
    """The bbox in view as the page asks with it."""
    bounds = page.evaluate(
        """() => {
            const map = document.querySelector("#map").map;
            const { clientWidth, clientHeight } = map.getContainer();
            const [a, b] = [map.unproject([0, clientHeight]), map.unproject([clientWidth, 0])];
            return [a.lng, a.lat, b.lng, b.lat].map((value) => Number(value.toFixed(5)));
        }"""
    )
    return ",".join(map(str, bounds))


@pytest.mark.parametrize(("layer", "name"), [(DEVICES, "status"), (LABORATORIES, "field")])
def test_each_value_has_its_number_in_view_beside_that_of_the_country(
    visit: Open, server: str, layer: str, name: str
) -> None:
    page = open_filters(visit(f"/?layers={layer}&{RED_RIVER}"))
    counted(page)
    here, all_ = facets(server, layer, f"bbox={box(page)}")[name], facets(server, layer)[name]
    shown = page.locator("#panel-filters li[data-code]").evaluate_all("rows => rows.map((row) => row.dataset.code)")
    compared = [code for code in shown if code in all_]
    assert compared and any(here.get(code) for code in compared)
    for code in compared:
        assert number(page, code) == f"{here.get(code, 0)} / {all_[code]}"


def test_the_numbers_say_which_is_which_to_eyes_and_ears(visit: Open) -> None:
    page = open_filters(visit(f"/?layers={DEVICES}&{RED_RIVER}"))
    counted(page)
    assert page.locator(".counts-head").inner_text() == "trong khung nhìn / cả nước"
    (seen, all_) = number(page, "overdue").split(" / ")
    words = f"{seen} trong khung nhìn, {all_} trên cả nước"
    label = page.locator("#panel-filters li[data-code=overdue]")
    assert label.locator(".visually-hidden").inner_text().replace(".", "") == words
    assert label.locator(".number").get_attribute("title").replace(".", "") == words  # type: ignore[union-attr]
    assert label.get_by_role("checkbox", name=words).count() == 1


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_with_the_whole_country_in_view_there_is_one_number_and_no_further_request(visit: Open, phone: bool) -> None:
    shown = visit(f"/?layers={DEVICES}", phone=phone)
    shown.map_is_drawn()
    asked = facet_requests(shown.page)
    page = open_filters(shown)
    page.wait_for_timeout(1500)
    assert page.locator("#panel-filters .number strong").count() == 0
    assert page.locator(".counts-head").is_hidden()
    assert asked == []


def test_what_the_tiles_tell_of_the_view_is_not_asked_for(visit: Open, server: str) -> None:
    shown = visit(f"/?layers={DEVICES}&{NATIONAL}")
    shown.map_is_drawn()
    asked = facet_requests(shown.page)
    page = open_filters(shown)
    counted(page)
    assert asked and not any(re.search(r"only=[^&]*status", url) for url in asked)
    here = facets(server, DEVICES, f"bbox={box(page)}")["status"]
    assert number(page, "overdue").split(" / ")[0] == str(here["overdue"])


def test_a_walk_over_the_map_asks_once_when_it_ends(visit: Open) -> None:
    page = open_filters(visit(f"/?layers={DEVICES}&{RED_RIVER}"))
    counted(page)
    asked = facet_requests(page)
    with page.expect_response("**/facets/**"):
        page.evaluate("for (let step = 0; step < 5; step++) document.querySelector('#map').map.panBy([40, 0])")
    counted(page)
    page.wait_for_timeout(1000)
    assert len(asked) == 1


def test_nobody_asks_while_the_filters_are_not_open(visit: Open) -> None:
    shown = visit(f"/?layers={DEVICES}&{RED_RIVER}")
    shown.map_is_drawn()
    asked = facet_requests(shown.page)
    shown.page.evaluate("document.querySelector('#map').map.panBy([80, 0])")
    shown.map_is_drawn()
    shown.page.wait_for_timeout(1000)
    assert asked == []


def test_where_the_view_cannot_be_counted_the_numbers_of_the_country_stay_and_it_is_said(visit: Open) -> None:
    shown = visit(f"/?layers={DEVICES}&{RED_RIVER}")
    shown.map_is_drawn()
    refused: list[Route] = []

    def refuse(route: Route) -> None:
        refused.append(route)
        route.fulfill(status=422, body='{"title": "Chưa trả lời được"}')

    shown.page.route(re.compile(r"/facets/.*bbox="), refuse)
    page = open_filters(shown)
    page.get_by_text("số đứng một mình là của cả nước").wait_for(timeout=20_000)
    province = "#panel-filters li[data-code='01'] .number"
    assert page.locator(province).inner_text().replace(".", "").isdigit()
    page.evaluate("document.querySelector('#map').map.zoomTo(8)")
    page.wait_for_timeout(1000)
    page.locator("#panel-filters[aria-busy=false]").wait_for(state="attached")
    assert len(refused) == 1, "a view that holds one that was too costly is not asked for"


def test_communes_of_a_province_have_english_names_in_the_english_page(visit: Open) -> None:
    page = open_filters(visit("/?layers=measuring_devices&province=01&lang=en"))
    communes = page.get_by_role("group", name="Commune")
    communes.locator("li").first.wait_for(timeout=20_000)
    names = communes.locator(".option-label").all_inner_texts()
    assert names and all(name.isascii() for name in names)
