"""Sharing as people do it: two clicks, by keyboard, embedded, printed, without WebGL 2 and without scripts."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from geodata.archipelagos import COUNTRY_VIEW
from tests.browser.conftest import PHONE, Visit

pytestmark = pytest.mark.browser
HANOI = "at=11/21.03/105.85"
NO_WEBGL_2 = """
const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind === "webgl2" ? null : real.call(this, kind, ...rest);
};
"""
# An old browser does not know it; one without a graphics driver knows it and fails.
UNKNOWN = "delete window.WebGL2RenderingContext;"

SAVES_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true, effectiveType: '4g' } });"


@pytest.fixture
def bare(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Opens an address in a browser without scripts, or without WebGL 2."""
    contexts = []

    def open_(address: str, *, scripts: bool = True, phone: bool = False, known: bool = False) -> Page:
        size = PHONE if phone else {"width": 1440, "height": 900}
        contexts.append(context := browser.new_context(viewport=size, java_script_enabled=scripts))
        if scripts:
            context.add_init_script(NO_WEBGL_2 + ("" if known else UNKNOWN))
        page = context.new_page()
        page.goto(server + address)
        return page

    yield open_
    for context in contexts:
        context.close()


def test_two_clicks_copy_the_link_to_exactly_this(visit: Callable[..., Visit], server: str):
    opened = visit(f"/?{HANOI}&layers=laboratories&status=active")
    page = opened.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.map_is_drawn()
    page.get_by_role("button", name="Chia sẻ bản đồ này").click()
    page.get_by_role("button", name="Chép đường dẫn").click()
    expect(page.locator("#share-status")).to_have_text("Đã chép đường dẫn của bản đồ này.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{server}/?{HANOI}&layers=laboratories&status=active"
    assert opened.complaints == [] and opened.foreign == []


def test_the_dialog_is_used_by_keyboard_and_gives_the_focus_back(visit: Callable[..., Visit]):
    opened = visit("/?lang=en")
    page = opened.page
    opened.map_is_drawn()
    button = page.get_by_role("button", name="Share this map")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Share this map")
    expect(dialog).to_be_visible()
    expect(page.get_by_role("button", name="Copy the link")).to_be_focused()
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"share-print", "share-picture", "share-data", "share-qgis", "SUMMARY"} <= reached
    assert page.evaluate("document.querySelector('#share').contains(document.activeElement) || document.hasFocus()")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_the_code_to_embed_is_of_the_state_and_the_size(visit: Callable[..., Visit], server: str):
    opened = visit(f"/?{HANOI}&lang=en", phone=True)
    page = opened.page
    opened.map_is_drawn()
    page.get_by_role("button", name="Share this map").click()
    page.get_by_text("Put the map on another page").click()
    page.get_by_label("400 × 300").check()
    code = page.get_by_label("Code to paste into the page").input_value()
    assert f'src="{server}/embed?{HANOI}&amp;lang=en"' in code and 'width="400" height="300"' in code
    expect(page.locator("#share-preview img")).to_have_js_property("naturalWidth", 400)
    assert page.evaluate("document.querySelector('#share').scrollWidth <= document.querySelector('#share').clientWidth")
    assert opened.complaints == [] and opened.foreign == []


def test_links_of_the_dialog_carry_the_state(visit: Callable[..., Visit]):
    opened = visit("/?layers=laboratories&status=active&province=01")
    opened.map_is_drawn()
    page = opened.page
    page.get_by_role("button", name="Chia sẻ bản đồ này").click()
    asked = "layers=laboratories&province=01&status=active"
    expect(page.locator("#share-print")).to_have_attribute("href", f"/print?{asked}")
    expect(page.locator("#share-picture")).to_have_attribute("href", f"/picture.svg?{asked}")
    expect(page.locator("#share-data")).to_have_attribute("href", "/data/?layer=laboratories&province=01&status=active")
    expect(page.locator("#share-qgis")).to_have_attribute("href", f"/qgis/map.qgs?{asked}")


def test_the_picture_gives_way_to_the_map(visit: Callable[..., Visit]):
    opened = visit("/")
    assert opened.page.locator("#first-paint img").count() == 1
    opened.map_is_drawn()
    expect(opened.page.locator("#first-paint")).to_have_count(0)
    expect(opened.page.locator("#still")).to_be_hidden()


def test_where_the_map_fails_the_picture_stays(visit: Callable[..., Visit], browser: Browser, server: str):
    page = browser.new_context().new_page()
    page.route("**/style.json*", lambda route: route.abort())
    page.goto(f"{server}/")
    image = page.locator("#still img")
    expect(image).to_be_visible()
    expect(image).not_to_have_js_property("naturalWidth", 0)
    page.context.close()


@pytest.mark.parametrize("phone", [False, True])
def test_without_webgl_2_there_are_picture_list_and_links(bare: Callable[..., Page], phone: bool):
    page = bare(f"/?{HANOI}&lang=en", phone=phone)
    image = page.locator("#still img")
    expect(image).to_be_visible()
    expect(page.locator("#still img")).not_to_have_js_property("naturalWidth", 0)
    expect(page.get_by_role("tab", name="List")).to_have_attribute("aria-selected", "true")
    with page.expect_navigation():
        page.get_by_role("link", name="Zoom in").click()
    assert "at=12/21.03/105.85" in page.url
    expect(page.locator("#still img")).not_to_have_js_property("naturalWidth", 0)
    assert "at=12" in (page.locator("#still img").get_attribute("src") or "")


@pytest.mark.parametrize("address", ["/", "/embed"])
def test_where_webgl_2_fails_the_picture_stands_for_the_map(bare: Callable[..., Page], address: str):
    page = bare(f"{address}?{HANOI}", known=True)
    expect(page.locator("#still img")).to_be_visible(timeout=30_000)
    expect(page.locator("#still img")).not_to_have_js_property("naturalWidth", 0)


@pytest.mark.parametrize(("address", "name"), [("/?lang=en", "Open the live map"), ("/embed", "Mở bản đồ động")])
def test_who_saves_data_gets_the_map_on_request(browser: Browser, server: str, address: str, name: str):
    context = browser.new_context(extra_http_headers={"Save-Data": "on"})
    context.add_init_script(SAVES_DATA)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server + address)
    picture = page.locator("#still img")
    expect(picture).not_to_have_js_property("naturalWidth", 0, timeout=30_000)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "maplibre" in url]
    page.get_by_role("button", name=name).click()
    page.wait_for_selector("#map[data-complete]", state="attached", timeout=60_000)
    expect(picture).to_be_hidden()
    expect(page.locator("#first-paint")).to_have_count(0)
    context.close()


def test_without_webgl_2_the_list_is_of_what_the_address_shows(bare: Callable[..., Page]):
    page = bare("/?at=13/21.03/105.85&lang=en&layers=laboratories&status=active&competence=kiểm định cân bàn")
    nearest = page.locator("#panel-list .card-near").first
    expect(nearest).to_have_text(re.compile(r"^[\d.]+ (m|km)"))
    with page.expect_response("**/api/v1/find/**") as asked:
        page.reload()
    assert "lon=105.85000&lat=21.03000" in asked.value.url


@pytest.mark.parametrize("phone", [False, True])
def test_without_webgl_2_a_link_to_a_place_lists_what_is_there(bare: Callable[..., Page], phone: bool):
    page = bare(f"/?{HANOI}&lang=en&layers=laboratories", phone=phone)
    expect(page.locator("#panel-list .card").nth(4)).to_be_visible()


def test_without_webgl_2_the_list_lets_go_of_a_province_with_its_chip(bare: Callable[..., Page]):
    page = bare("/?lang=en&layers=laboratories&province=01")
    expect(page.locator("#panel-list .card").first).to_contain_text("Hà Nội")
    with page.expect_response("**/api/v1/laboratories/?*") as asked:
        page.locator("#summary .chip").first.click()
    west, _, east, _ = map(float, re.search(r"bbox=([\d.,-]+)", asked.value.url)[1].split(","))  # type: ignore[index]
    assert east - west > 8


def test_without_webgl_2_a_place_that_was_searched_is_shown_and_listed(bare: Callable[..., Page]):
    page = bare("/?lang=en&layers=laboratories")
    page.get_by_role("combobox").first.fill("ca mau")
    page.get_by_role("option", name="Cà Mau").first.click()
    expect(page.locator("#still img")).to_have_attribute("src", re.compile(r"at=[\d.]+/9\.\d+/10[45]\."))
    expect(page.locator("#panel-list .card").first).to_contain_text("Cà Mau")


def test_without_webgl_2_the_picture_follows_the_filters(bare: Callable[..., Page]):
    page = bare("/?lang=en&layers=laboratories")
    page.get_by_role("tab", name="Filters").click()
    page.get_by_label(re.compile("^Active")).first.check()
    expect(page.locator("#still img")).to_have_attribute("src", re.compile("status=active"))
    expect(page.get_by_role("link", name="Zoom in")).to_have_attribute("href", re.compile("status=active"))


@pytest.mark.parametrize("phone", [False, True])
def test_without_scripts_there_are_picture_lists_and_links(bare: Callable[..., Page], phone: bool):
    page = bare(f"/?{HANOI}", scripts=False, phone=phone)
    expect(page.locator("#still img")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Lên bắc").click()
    assert "at=11/" in page.url and HANOI not in page.url
    with page.expect_navigation():
        page.get_by_role("link", name="Phòng thử nghiệm, hiệu chuẩn, kiểm định").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_without_scripts_the_sheet_is_complete(bare: Callable[..., Page]):
    page = bare(f"/print?{HANOI}&lang=en", scripts=False)
    expect(page.get_by_role("img").first).to_be_visible()
    expect(page.get_by_text("Print with the browser’s own command")).to_be_visible()
    expect(page.locator("#print")).to_be_hidden()


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_the_sheet_fits_one_page(bare: Callable[..., Page], orientation: str):
    page = bare(f"/print?{HANOI}&orientation={orientation}")
    expect(page.locator("figure img")).not_to_have_js_property("naturalWidth", 0)
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", paper)) == 1
    width, height = map(float, re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)[0])
    assert (width > height) == (orientation == "landscape")


class _Outside(BaseHTTPRequestHandler):
    """A page of another origin with a frame in it."""

    def __init__(self, framed: str, *args: object) -> None:
        self.framed = framed
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f'<iframe src="{self.framed}" width="640" height="480"></iframe>'.encode())

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def outside() -> Iterator[Callable[[str], str]]:
    """The address of a page of another origin that frames the given one."""
    servers: list[HTTPServer] = []

    def frame(address: str) -> str:
        made = HTTPServer(("127.0.0.1", 0), partial(_Outside, address))
        servers.append(made)
        Thread(target=made.serve_forever, daemon=True).start()
        return f"http://localhost:{made.server_port}/"

    yield frame
    for made in servers:
        made.shutdown()
        made.server_close()


def test_another_site_may_frame_the_embedded_map(browser: Browser, server: str, outside: Callable[[str], str]):
    context = browser.new_context()
    foreign: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith(server) else None)
    address = outside(f"{server}/embed?lang=en&theme=dark")
    page.goto(address)
    frame = page.frame_locator("iframe")
    frame.locator("#map[data-complete]").wait_for(state="attached", timeout=60_000)
    expect(frame.get_by_role("link", name="Open the full map")).to_be_visible()
    expect(frame.get_by_text("Demo data")).to_be_visible()
    told = page.frames[1].evaluate(
        """() => {
            const map = document.querySelector("#map").map;
            const layers = ["base-label-archipelago"];
            return map.queryRenderedFeatures({ layers }).map(({ properties }) => properties.name_en);
        }"""
    )
    assert sorted({name.split(" (")[0] for name in told}) == ["Hoang Sa Archipelago", "Truong Sa Archipelago"]
    assert page.frames[1].evaluate("document.documentElement.dataset.theme") == "dark"
    assert [url for url in foreign if not url.startswith((address, "data:", "blob:", "http://localhost"))] == []
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("size", [(300, 260), (400, 300), (640, 480)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_small_embedded_map_shows_the_whole_country_above_its_foot(
    browser: Browser, server: str, size: tuple[int, int]
):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(f"{server}/embed?lang=en")
    page.locator("#map[data-complete]").wait_for(state="attached", timeout=60_000)
    left, top, right, bottom, foot = page.evaluate(
        """(country) => {
            const [west, south, east, north] = country;
            const map = document.querySelector("#map").map;
            const [upper, lower] = [map.project([west, north]), map.project([east, south])];
            const foot = document.querySelector(".stage-foot").getBoundingClientRect().top;
            return [upper.x, upper.y, lower.x, lower.y, foot];
        }""",
        list(COUNTRY_VIEW),
    )
    assert left >= 0 and top >= 0 and right <= size[0] and bottom <= foot
    names = page.evaluate(
        """() => document.querySelector("#map").map.queryRenderedFeatures({ layers: ["base-label-archipelago"] })
            .map(({ properties }) => properties.name_en.split(" ")[0])"""
    )
    assert {"Hoang", "Truong"} <= set(names)
    context.close()


@pytest.mark.parametrize("path", ["/", "/print", "/about"])
def test_another_site_may_frame_no_other_page(browser: Browser, server: str, outside: Callable[[str], str], path: str):
    page = browser.new_context().new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(outside(server + path))
    page.wait_for_timeout(500)
    assert any("frame" in text.lower() for text in refused)
    assert not page.frames[1].url.startswith(server)
    page.context.close()
