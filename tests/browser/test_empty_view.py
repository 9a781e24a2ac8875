"""What stands on the map when nothing does."""

from collections.abc import Callable

import pytest

from tests.browser.axe import barriers
from tests.browser.conftest import Visit
from tests.browser.test_layout import boxes, overlap

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]

SEA = "at=9/14/112.5"
EMPTY = "#empty-view:not([hidden])"
NOTE_SPOKEN = """() => {
    window.spoken = [];
    const region = document.querySelector("#spoken");
    new MutationObserver(() => region.textContent && window.spoken.push(region.textContent))
        .observe(region, { childList: true });
}"""


@pytest.mark.parametrize(
    ("lang", "words"),
    [("vi", "Không có mục nào trong khung nhìn."), ("en", "Nothing in view.")],
    ids=["vi", "en"],
)
def test_a_view_without_anything_says_so_and_leads_to_the_country(visit: Open, lang: str, words: str) -> None:
    shown = visit(f"/?layers=laboratories&lang={lang}&{SEA}")
    shown.page.locator(EMPTY).get_by_text(words).wait_for(timeout=60_000)
    shown.page.locator(f"{EMPTY} button").click()
    shown.map_is_drawn()
    shown.page.locator("#empty-view").wait_for(state="hidden", timeout=60_000)
    assert shown.drawn("rings-laboratories", "points-laboratories")
    assert shown.page.evaluate("document.activeElement.className").startswith("maplibregl-canvas")


def test_filters_that_leave_nothing_in_view_can_be_cleared_there(visit: Open) -> None:
    shown = visit("/?layers=laboratories&province=79&at=9/21/105.8")
    message = shown.page.locator(EMPTY)
    message.get_by_text("Không có mục nào khớp bộ lọc trong khung nhìn.").wait_for(timeout=60_000)
    assert message.get_by_role("button").all_inner_texts() == ["Xem cả nước", "Xóa lọc"]
    message.get_by_role("button", name="Xóa lọc").click()
    shown.page.locator("#empty-view").wait_for(state="hidden", timeout=60_000)
    assert "province" not in shown.page.url
    assert shown.drawn("rings-laboratories", "points-laboratories")


def test_filters_that_leave_nothing_in_the_country_are_not_blamed_on_the_view(visit: Open) -> None:
    shown = visit("/?layers=laboratories&scheme=VICAS&status=suspended")
    message = shown.page.locator(EMPTY)
    message.get_by_text("Không có mục nào khớp trên cả nước.").wait_for(timeout=60_000)
    assert message.get_by_role("button").all_inner_texts() == ["Xóa lọc"]


def test_it_is_spoken_once_and_not_again_on_the_next_empty_view(visit: Open) -> None:
    shown = visit("/?layers=laboratories&at=8/16/107")
    shown.map_is_drawn()
    page = shown.page
    page.evaluate(NOTE_SPOKEN)
    for lon in (112.5, 112.9, 113.4):
        page.evaluate("lon => void document.querySelector('#map').map.jumpTo({ center: [lon, 14], zoom: 9 })", lon)
        page.locator(EMPTY).wait_for(timeout=60_000)
        shown.map_is_drawn()
        page.wait_for_timeout(500)
    assert page.evaluate("spoken") == ["Không có mục nào trong khung nhìn."]


def test_what_a_filter_leaves_is_told_once(visit: Open) -> None:
    shown = visit("/?layers=laboratories&scheme=VICAS&lang=en")
    shown.map_is_drawn()
    page = shown.page
    page.evaluate(NOTE_SPOKEN)
    page.click("#tab-filters")
    page.locator("#panel-filters li[data-code=suspended] input").check()
    page.locator(EMPTY).wait_for(timeout=60_000)
    page.wait_for_timeout(500)
    assert page.evaluate("spoken") == ["0 laboratories"]


def test_no_message_while_marks_or_areas_are_in_view_or_nothing_is_switched_on(visit: Open) -> None:
    for address in ("/", f"/?layers=laboratories,provinces&{SEA}", f"/?layers=&{SEA}"):
        shown = visit(address)
        shown.map_is_drawn()
        shown.page.wait_for_timeout(800)
        assert shown.page.locator("#empty-view").is_hidden(), address


@pytest.mark.parametrize(
    ("size", "lang"),
    [
        ((390, 844), "vi"),
        ((360, 640), "en"),
        ((320, 568), "vi"),
        ((320, 568), "en"),
        ((820, 1180), "vi"),
        ((1440, 900), "en"),
    ],
)
def test_it_covers_neither_controls_nor_legend_nor_sheet(visit: Open, size: tuple[int, int], lang: str) -> None:
    viewport = {"width": size[0], "height": size[1]}
    shown = visit(f"/?layers=laboratories&province=79&lang={lang}&at=9/21/105.8", phone=size[0] < 820, size=viewport)
    shown.page.locator(EMPTY).wait_for(timeout=60_000)
    message, *others = boxes(
        shown, EMPTY, "#controls .pair", "#controls [data-action=share]", "#legend", "#attribution", "#panel"
    )
    assert not any(overlap(message, other) for other in others)
    assert message[0] >= 0 and message[2] <= size[0]


@pytest.mark.parametrize(("lang", "dark"), [("vi", False), ("en", True)])
def test_message_and_filters_with_two_numbers_keep_nobody_out(visit: Open, lang: str, dark: bool) -> None:
    shown = visit(f"/?layers=laboratories&province=79&lang={lang}&at=9/21/105.8", dark=dark)
    shown.page.click("#tab-filters")
    shown.page.locator(EMPTY).wait_for(timeout=60_000)
    shown.page.locator("#panel-filters[aria-busy=false] .number strong").first.wait_for(timeout=20_000)
    assert barriers(shown.page) == []
