"""Where things stand on the map page: nothing that must be read is covered by something else."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db.models import Count
from playwright.sync_api import expect

from geodata.models import AdministrativeUnit, Level
from layers.models import ScopeLine
from layers.query import FeatureQuery, select
from layers.registry import get
from tests.browser.conftest import Visit
from tests.conftest import DAY

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]

BOXES = """selectors => selectors.map((selector) => {
    const { left, top, right, bottom } = document.querySelector(selector).getBoundingClientRect();
    return [left, top, right, bottom];
})"""


def boxes(shown: Visit, *selectors: str) -> list[list[float]]:
    return shown.page.evaluate(BOXES, list(selectors))


def overlap(one: list[float], other: list[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def open_legend(shown: Visit) -> None:
    fold = shown.page.locator(".legend-fold")
    if fold.get_attribute("aria-expanded") == "false":
        fold.click()


@pytest.mark.parametrize(
    ("width", "lang"), [(1024, "vi"), (1024, "en"), (1280, "vi"), (1366, "en"), (1440, "vi"), (1920, "en")]
)
def test_the_legend_never_covers_who_is_credited(visit: Open, width: int, lang: str) -> None:
    shown = visit(f"/?lang={lang}")
    shown.page.set_viewport_size({"width": width, "height": 800})
    shown.page.wait_for_selector("#attribution:not(:empty)")
    open_legend(shown)
    legend, attribution, stage = boxes(shown, "#legend", "#attribution", ".stage")
    assert not overlap(legend, attribution)
    assert stage[0] <= attribution[0] and attribution[2] <= stage[2] and attribution[3] <= stage[3]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_phone_has_a_legend_that_covers_neither_credits_nor_controls(visit: Open, lang: str) -> None:
    shown = visit(f"/?lang={lang}&layers=measuring_devices,laboratories", phone=True)
    shown.page.wait_for_selector("#attribution:not(:empty)")
    open_legend(shown)
    words = "Còn hiệu lực" if lang == "vi" else "Valid"
    assert shown.page.locator("#legend-body").get_by_text(words).first.is_visible()
    legend, attribution, zoom, panel = boxes(shown, "#legend", "#attribution", "#controls .pair", "#panel")
    assert not any(overlap(legend, other) for other in (attribution, zoom, panel))
    assert not any(overlap(attribution, other) for other in (zoom, panel))


def southern_tip() -> tuple[float, float]:
    """The southernmost point of the mainland: of the largest part of the province of Cà Mau (lon, lat)."""
    province = AdministrativeUnit.objects.using("open").by_code(Level.PROVINCE, "96")
    assert province is not None and province.geom is not None
    mainland = max(province.geom, key=lambda part: part.area)
    return min(mainland.exterior_ring.coords, key=lambda point: point[1])


@pytest.mark.parametrize(
    ("lang", "size"),
    [
        ("vi", (390, 844)),
        ("en", (390, 664)),
        ("vi", (390, 780)),
        ("en", (360, 640)),
        ("vi", (320, 568)),
        ("en", (320, 568)),
        ("vi", (820, 1180)),
        ("en", (1440, 900)),
    ],
)
def test_nothing_covers_the_southern_tip_of_the_country_in_the_first_view(
    visit: Open, size: tuple[int, int], lang: str, world: date
) -> None:
    width, height = size
    shown = visit(f"/?lang={lang}", phone=width < 820, size={"width": width, "height": height})
    shown.map_is_drawn()
    shown.page.wait_for_selector("#attribution:not(:empty)")
    on_top = shown.page.evaluate(
        """tip => {
            const map = document.querySelector("#map").map;
            const { left, top } = map.getContainer().getBoundingClientRect();
            const { x, y } = map.project(tip);
            return document.elementsFromPoint(left + x, top + y)[0].closest("canvas, button, section, div").className;
        }""",
        southern_tip(),
    )
    assert on_top.startswith("maplibregl-canvas")


def longest_scope() -> int:
    """The laboratory with the most scope lines that the public sees."""
    places = select(get("laboratories"), FeatureQuery(day=DAY), fields=()).values("pk")
    lines = ScopeLine.objects.using("open").filter(place__in=places)
    return lines.values_list("place").annotate(lines=Count("pk")).order_by("-lines")[0][0]


def test_a_table_of_scope_is_whole_on_a_usual_screen(visit: Open, world: date) -> None:
    shown = visit(f"/laboratories/{longest_scope()}")
    table = shown.page.locator(".table-scroll").first
    assert table.evaluate("element => element.scrollWidth - element.clientWidth") <= 0


def test_state_and_last_day_of_a_scope_line_are_in_sight_on_a_phone(visit: Open, world: date) -> None:
    shown = visit(f"/laboratories/{longest_scope()}", phone=True)
    for part in ("td[data-title='Tình trạng']", ".scope-group .hint"):
        box = shown.page.locator(f"tbody {part}").first.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_filters_of_one_of_two_layers_say_what_they_leave_alone(visit: Open) -> None:
    shown = visit("/?layers=laboratories,certification_bodies&laboratories.status=suspended")
    shown.page.locator("#summary").get_by_text("không lọc: Tổ chức chứng nhận, giám định").wait_for(timeout=20_000)


def test_an_empty_country_is_not_blamed_on_the_view(visit: Open) -> None:
    shown = visit("/?layers=laboratories&scheme=VICAS&status=suspended")
    shown.page.get_by_role("tab", name="Danh sách").click()
    shown.page.locator("#panel-list").get_by_text("Không có mục nào khớp trên cả nước").wait_for(timeout=20_000)


def test_escape_leads_back_to_the_card_of_the_record(visit: Open) -> None:
    shown = visit("/?layers=laboratories")
    shown.map_is_drawn()
    page = shown.page
    page.locator("#map canvas").focus()
    page.keyboard.press("Enter")
    page.locator(".card-title").nth(3).click()
    page.locator("#record .record-title").wait_for(timeout=20_000)
    record = page.evaluate("new URLSearchParams(location.search).get('select')")
    shown.map_is_drawn()
    page.wait_for_timeout(1500)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.record") == record


def test_a_record_that_is_not_there_does_not_offer_to_try_again(visit: Open) -> None:
    shown = visit("/?select=laboratories/999999999")
    shown.page.locator("#record .error-box").wait_for(timeout=20_000)
    assert shown.page.locator("#record .error-box button").count() == 0


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_other_language_is_one_press_away_on_a_phone_whatever_tab_is_open(visit: Open, lang: str) -> None:
    other = "EN" if lang == "vi" else "VI"
    shown = visit(f"/?lang={lang}", phone=True)
    shown.page.locator("#tab-list").click()
    shown.page.locator(".narrow-language", has_text=other).click()
    shown.page.wait_for_function("lang => document.documentElement.lang !== lang", arg=lang)


def test_the_credits_name_the_day_of_the_state_that_is_shown(visit: Open) -> None:
    shown = visit("/?on=2024-01-01")
    shown.page.wait_for_selector("#attribution:not(:empty)")
    words = shown.page.inner_text("#attribution")
    assert "01/01/2024" in words and "Cập nhật" not in words


def test_a_filter_offers_no_value_that_the_layer_never_has(visit: Open) -> None:
    shown = visit("/?layers=laboratories")
    shown.page.get_by_role("tab", name="Bộ lọc").click()
    schemes = shown.page.locator("#panel-filters")
    schemes.get_by_text("VILAS – phòng thử nghiệm và hiệu chuẩn").wait_for(timeout=20_000)
    expect(schemes.get_by_text("VICAS")).to_have_count(0)
