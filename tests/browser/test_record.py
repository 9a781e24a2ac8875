"""The page of a record as people meet it: on a phone, without JavaScript, on paper, through a screen reader's eyes."""

from collections.abc import Callable, Iterator

import pytest
from django.db.models import Count
from playwright.sync_api import Browser, Page, expect

from layers.models import MeasuringDevice, PlaceOfActivity
from layers.registers.base import PUBLIC
from layers.registers.qualifications import LABORATORY_ACTIVITIES
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_report import barriers, fits

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("world")]


@pytest.fixture
def laboratory(world: object) -> str:
    """The address of a laboratory with many lines under several kinds of facts."""
    lines = {"lines__activity__in": LABORATORY_ACTIVITIES, "lines__publish_state": PUBLIC}
    places = PlaceOfActivity.objects.filter(publish_state=PUBLIC, organisation__publish_state=PUBLIC, **lines)
    kinds = Count("lines__qualification__kind", distinct=True)
    return f"/laboratories/{places.annotate(kinds=kinds, n=Count('lines')).order_by('-kinds', '-n', 'pk')[0].pk}"


@pytest.fixture
def plain(browser: Browser, server: str) -> Iterator[Callable[[str], Page]]:
    """Opens an address on a phone whose browser runs no scripts."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)

    def open_(address: str) -> Page:
        page = context.new_page()
        page.goto(server + address)
        return page

    yield open_
    context.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_it_fits_and_breaks_no_rule_of_the_browser(
    visit: Callable[..., Visit], laboratory: str, phone: bool, dark: bool
) -> None:
    opened = visit(laboratory, phone=phone, dark=dark)
    opened.page.wait_for_load_state()
    assert fits(opened.page)
    assert opened.complaints == [] and opened.foreign == []
    assert barriers(opened.page) == []


@pytest.mark.parametrize("query", ["?lang=en&lines=qqqq", "?on=2026-01-15&line_kind=registration"])
def test_axe_finds_nothing_on_a_filtered_scope(visit: Callable[..., Visit], laboratory: str, query: str) -> None:
    assert barriers(visit(laboratory + query, phone=True).page) == []


def test_a_device_s_page_keeps_nobody_out(visit: Callable[..., Visit], world: object) -> None:
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC, device_type__code="fuel_dispenser")[0]
    opened = visit(f"/measuring_devices/{device.pk}", phone=True)
    assert fits(opened.page) and barriers(opened.page) == []
    assert opened.complaints == []


def test_without_javascript_the_scope_is_filtered(plain: Callable[[str], Page], laboratory: str) -> None:
    page = plain(laboratory)
    expect(page.locator("#cite-copy")).to_be_hidden()
    page.get_by_label("Tìm trong phạm vi").fill("khong co dong nay")
    with page.expect_navigation():
        page.get_by_role("button", name="Lọc").click()
    assert page.url.endswith("#scope") and "lines=khong" in page.url
    expect(page.get_by_text("Không có dòng nào của địa điểm này nói điều đó.")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Xem tất cả các dòng", exact=True).click()
    total = page.locator(".scope-table tbody tr:not(.scope-group)").count()
    assert total > 1
    with page.expect_navigation():
        page.locator(".scope-choice a").first.click()
    assert 0 < page.locator(".scope-table tbody tr:not(.scope-group)").count() <= total
    expect(page.locator(".scope-choice [aria-current=true]")).to_have_count(1)


def test_on_a_phone_lines_are_cards(visit: Callable[..., Visit], laboratory: str) -> None:
    page = visit(laboratory, phone=True).page
    expect(page.locator(".scope-table thead")).to_be_hidden()
    card = page.locator(".scope-table tbody tr:not(.scope-group) td").first
    assert card.evaluate("one => getComputedStyle(one, '::before').content") != "none"


def test_the_citation_is_copied(browser: Browser, server: str, laboratory: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(server + laboratory)
    page.get_by_role("button", name="Chép dòng trích dẫn").click()
    expect(page.locator("#cite-status")).to_have_text("Đã chép.")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#cite-line").inner_text()
    context.close()


def test_on_paper_facts_and_source_stay_and_controls_go(visit: Callable[..., Visit], laboratory: str) -> None:
    page = visit(laboratory).page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    assert fits(page)
    for gone in (".actions", ".scope-filter", ".scope-choice", ".footer", ".trail", ".alternatives", "#theme"):
        for one in page.locator(gone).all():
            expect(one).to_be_hidden()
    for kept in ("h1", ".facts", ".legal-kind", ".validity", ".scope-table", ".small-map", "#cite-line"):
        expect(page.locator(kept).first).to_be_visible()
    assert len(page.screenshot(full_page=True)) > 20_000
