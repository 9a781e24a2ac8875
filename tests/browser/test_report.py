"""Reporting as people do it: by phone, by keyboard, without JavaScript; and what the page itself adds."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from layers.models import MeasuringDevice, Photo, Ticket
from layers.registers.base import PUBLIC
from layers.registers.handling import handle
from layers.registers.photo_files import path_of
from tests.browser.axe import barriers
from tests.browser.conftest import PHONE, Visit
from tests.reports import GPS_MARK, SECRET_WORDS, telling_picture

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("reports")]
AS_OLD_AS_A_FORM_MUST_BE_MS = 3200


@pytest.fixture
def plain(browser: Browser, server: str) -> Iterator[Callable[[str], Page]]:
    """Opens an address on a phone whose browser runs no scripts and keeps no cookies."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)

    def open_(address: str) -> Page:
        page = context.new_page()
        page.goto(server + address)
        return page

    yield open_
    assert context.cookies() == []
    context.close()


def send(page: Page) -> None:
    page.wait_for_timeout(AS_OLD_AS_A_FORM_MUST_BE_MS)
    press(page, page.get_by_role("button", name=re.compile("^(Gửi phản ánh|Send the report)$")).click)


def press(page: Page, action: Callable[[], object]) -> None:
    with page.expect_navigation():
        action()


def number_on(page: Page) -> str:
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận phản ánh")
    return page.locator("#number").inner_text()


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_on_a_phone_a_record_is_reported_and_followed(visit: Callable[..., Visit], tmp_path: Path):
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC)[0]
    opened = visit(f"/measuring_devices/{device.pk}", phone=True)
    page = opened.page
    press(page, page.get_by_role("link", name="Báo thông tin chưa đúng").first.click)
    assert fits(page)
    expect(page.get_by_label("Thông tin trên bản đồ chưa đúng")).to_be_checked()
    page.get_by_label("Lĩnh vực").select_option("scales")
    page.get_by_label("Nội dung").fill(SECRET_WORDS)
    shot = tmp_path / "shot.jpg"
    shot.write_bytes(telling_picture())
    page.get_by_label(re.compile("^Ảnh")).set_input_files(shot)
    send(page)
    number = number_on(page)
    assert fits(page)
    assert GPS_MARK not in path_of(Photo.objects.get().name).read_bytes()

    press(page, page.get_by_role("link", name="Xem tình trạng").click)
    page.get_by_label("Số phản ánh").fill(number.lower().replace("-", " ").replace("0", "o"))
    press(page, lambda: page.keyboard.press("Enter"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    assert SECRET_WORDS not in page.content() and number not in page.url
    assert opened.complaints == [] and opened.foreign == []


def test_a_handled_report_is_voted_on_from_the_same_page(visit: Callable[..., Visit]):
    page = visit("/report", phone=True).page
    page.get_by_label("Việc khác").check()
    page.get_by_label("Lĩnh vực").select_option("other")
    page.get_by_label("Nội dung").fill(SECRET_WORDS)
    page.get_by_label("Tỉnh, thành phố").select_option("48")
    send(page)
    number = number_on(page)
    handle(Ticket.objects.get(), "handled", "Đã xem lại.")
    press(page, page.get_by_role("link", name="Xem tình trạng").click)
    page.get_by_label("Số phản ánh").fill(number)
    press(page, page.get_by_role("button", name="Xem").click)
    page.get_by_label("Rất hài lòng", exact=True).check()
    press(page, page.get_by_role("button", name="Gửi đánh giá").click)
    expect(page.get_by_role("status")).to_contain_text("Cảm ơn")
    expect(page.get_by_role("button", name="Gửi đánh giá")).to_have_count(0)


def test_by_keyboard_alone_faults_are_reached_and_mended(visit: Callable[..., Visit]):
    page = visit("/report?lang=en").page
    page.get_by_role("button", name="Send the report").focus()
    press(page, lambda: page.keyboard.press("Enter"))
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(4)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#f-kind-wrong_record")
    page.get_by_label("Something on the map is wrong").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Scales")
    page.keyboard.press("Tab")
    page.keyboard.type("The scale shows 100 g less.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Hanoi")
    page.wait_for_timeout(AS_OLD_AS_A_FORM_MUST_BE_MS)
    page.get_by_role("button", name="Send the report").focus()
    press(page, lambda: page.keyboard.press("Enter"))
    expect(page.get_by_role("heading", level=1)).to_have_text("The report is received")
    assert Ticket.objects.get().province.code == "01"


def test_the_field_for_programs_is_out_of_reach(visit: Callable[..., Visit]):
    page = visit("/report").page
    reached = set()
    page.locator("#f-text").focus()
    for _ in range(25):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    assert "f-contact" in reached and "f-website" not in reached


def test_without_javascript_and_cookies_all_of_it_works(plain: Callable[[str], Page]):
    page = plain("/report")
    assert page.locator("#locate").is_hidden()
    page.get_by_label("Phương tiện đo cần được xem lại").check()
    page.get_by_label("Lĩnh vực").select_option("fuel")
    page.get_by_label("Nội dung").fill(SECRET_WORDS)
    page.get_by_label("Tỉnh, thành phố").select_option("01")
    page.get_by_label(re.compile("^Xã, phường")).fill("ba đình")
    press(page, page.get_by_role("button", name="Tìm").click)
    expect(page.get_by_label("Phường Ba Đình")).to_be_checked()
    expect(page.get_by_label("Nội dung")).to_have_value(SECRET_WORDS)
    send(page)
    number = number_on(page)
    press(page, lambda: page.reload())
    assert number_on(page) == number and Ticket.objects.count() == 1
    assert Ticket.objects.get().commune.full_name_vi == "Phường Ba Đình"


def test_without_javascript_a_record_s_page_takes_a_vote(plain: Callable[[str], Page]):
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC)[0]
    page = plain(f"/measuring_devices/{device.pk}")
    press(page, page.get_by_role("button", name="Có", exact=True).click)
    expect(page.get_by_role("heading", level=1)).to_have_text("Cảm ơn")
    press(page, page.get_by_role("link", name="Về hồ sơ").click)
    assert page.url.endswith(f"/measuring_devices/{device.pk}")


def test_the_device_s_own_position_fills_the_fields(browser: Browser, server: str):
    context = browser.new_context(
        geolocation={"latitude": 21.03, "longitude": 105.85, "accuracy": 12}, permissions=["geolocation"]
    )
    page = context.new_page()
    page.goto(f"{server}/report")
    page.get_by_text("Vị trí chính xác").click()
    page.get_by_role("button", name="Dùng vị trí hiện tại").click()
    expect(page.locator("#located")).to_contain_text("12 m")
    expect(page.get_by_label("Vĩ độ")).to_have_value("21.030000")
    context.close()


def test_without_a_position_the_typed_way_is_offered(browser: Browser, server: str):
    context = browser.new_context(permissions=[])
    page = context.new_page()
    page.goto(f"{server}/report")
    page.get_by_text("Vị trí chính xác").click()
    page.get_by_role("button", name="Dùng vị trí hiện tại").click()
    expect(page.locator("#located")).to_contain_text("chọn tỉnh")
    context.close()


def test_too_many_photos_are_told_before_sending(visit: Callable[..., Visit], tmp_path: Path):
    page = visit("/report").page
    files = [tmp_path / f"{n}.jpg" for n in range(5)]
    for file in files:
        file.write_bytes(telling_picture())
    page.get_by_label(re.compile("^Ảnh")).set_input_files(files)
    expect(page.locator("#chosen-photos")).to_have_text("Nhiều nhất 4 ảnh.")


@pytest.mark.parametrize("address", ["/report", "/report/status", "/satisfaction"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_fit_a_phone_and_break_no_rule_of_the_browser(visit: Callable[..., Visit], address: str, dark: bool):
    opened = visit(address, phone=True, dark=dark)
    assert fits(opened.page)
    assert opened.complaints == [] and opened.foreign == []


@pytest.mark.parametrize("address", ["/report", "/report/status"])
def test_what_is_pressed_is_large_enough_for_a_finger(visit: Callable[..., Visit], address: str):
    page = visit(address, phone=True).page
    small = page.evaluate(
        """() => [...document.querySelectorAll("form :is(.button, select, textarea, .choice, input[type=text])")]
            .filter((one) => one.offsetParent && !one.closest(".not-for-people"))
            .filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"""
    )
    assert small == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("address", ["/report", "/report?at=21.03,105.85&lang=en", "/report/status", "/satisfaction"])
def test_axe_finds_nothing_that_keeps_anybody_out(visit: Callable[..., Visit], address: str, dark: bool):
    page = visit(address, phone=True, dark=dark).page
    assert barriers(page) == []
    if address == "/report":
        press(page, page.get_by_role("button", name="Gửi phản ánh").click)
        assert barriers(page) == []
