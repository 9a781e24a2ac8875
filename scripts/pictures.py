"""`python -m scripts.pictures [name …]`: takes the pictures of docs/pictures anew, over the demo that runs.

A picture is one line of PICTURES: where to go, on which screen, in which theme, and what to do before it is taken.
"""

import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts.console import say
from scripts.places import ROOT
from tests.browser.flags import FLAGS

FOLDER = ROOT / "docs" / "pictures"
DESKTOP, PHONE = (1440, 900), (390, 844)
HANOI = "at=12/21.03/105.85"
DRAWN_WITHIN_MS = 60_000
# Few colours are enough for a map of flat ones, and a third of the bytes.
COLOURS = 256


@dataclass(frozen=True)
class Picture:
    """One picture: an address, the screen, and steps of a visitor on the page."""

    address: str
    phone: bool = False
    dark: bool = False
    whole: bool = False
    scripts: bool = True
    saving: bool = False
    before: Callable[[Page], object] = lambda page: None


def _drawn(page: Page) -> None:
    page.wait_for_selector("#map[data-complete]", state="attached", timeout=DRAWN_WITHIN_MS)


def _press(role: str, name: str) -> Callable[[Page], object]:
    return lambda page: page.get_by_role(role, name=re.compile(name)).first.click()  # type: ignore[arg-type]


def _asked(words: str, *, take: bool = False) -> Callable[[Page], object]:
    def ask(page: Page) -> None:
        _drawn(page)
        page.get_by_role("combobox").first.fill(words)
        page.get_by_role("option").first.wait_for()
        page.wait_for_timeout(500)
        if take:
            page.get_by_role("option").first.click()
            page.locator("#panel-list .card").first.wait_for()
            _drawn(page)

    return ask


def _here(page: Page) -> None:
    _press("button", "Nơi tôi đang đứng")(page)
    page.locator("#panel-list .card-title").first.click()
    page.locator("#record h2").wait_for()
    _drawn(page)


def _shared(page: Page) -> None:
    _drawn(page)
    _press("button", "Chia sẻ|Share")(page)


def _still(page: Page) -> None:
    page.locator("#panel-list .card").first.wait_for()
    page.wait_for_load_state("networkidle")


def _cut_off(page: Page) -> None:
    _drawn(page)
    page.context.set_offline(True)
    _press("tab", "Danh sách")(page)


PICTURES = {
    "country": Picture("/?layers=measuring_devices", before=_drawn),
    "first-view": Picture("/", before=_drawn),
    "country-dark": Picture("/?layers=measuring_devices", dark=True, before=_drawn),
    "country-english": Picture("/?lang=en", before=_drawn),
    "phone-country": Picture("/", phone=True, before=_drawn),
    "search": Picture(f"/?{HANOI}", before=_asked("chì trong nước")),
    "search-asks-back": Picture(f"/?{HANOI}", before=_asked("cân bàn")),
    "search-able": Picture(f"/?{HANOI}", before=_asked("kiểm định cột bơm xăng", take=True)),
    "phone-able": Picture(f"/?{HANOI}", phone=True, before=_asked("chì trong nước", take=True)),
    "phone-here": Picture("/", phone=True, before=_here),
    "find": Picture("/find"),
    "found": Picture("/find?competence=chì trong nước; kiểm định cân ô tô&lon=105.85&lat=21.03", whole=True),
    "phone-found-dark": Picture("/find?competence=lead in water&lang=en&lon=105.85&lat=21.03", phone=True, dark=True),
    "nothing-found": Picture("/find?competence=kiểm định cân ô tô 900 tấn"),
    "check": Picture("/verify"),
    "check-valid": Picture("/verify?number=VILAS 5001"),
    "check-name": Picture("/verify?number=Trung tâm Kiểm định Đo lường&lang=en"),
    "phone-check-unknown": Picture("/verify?number=VILAS 50011", phone=True, whole=True),
    "phone-check-elsewhere-dark": Picture("/verify?number=8934567890123&lang=en", phone=True, dark=True),
    "report": Picture("/report", whole=True),
    "phone-report": Picture("/report", phone=True),
    "satisfaction": Picture("/satisfaction"),
    "data": Picture("/data/?layer=laboratories&province=01&status=active"),
    "share": Picture(f"/?{HANOI}&layers=laboratories", before=_shared),
    "phone-share-dark": Picture(f"/?{HANOI}&lang=en", phone=True, dark=True, before=_shared),
    "print": Picture(f"/print?{HANOI}&layers=laboratories", whole=True),
    "print-country": Picture("/print?layers=inspection_sites&orientation=landscape&lang=en", whole=True),
    "embed": Picture(f"/embed?{HANOI}&layers=inspection_sites", before=_drawn),
    "record-page": Picture("/laboratories/1", whole=True),
    "phone-record-page": Picture("/laboratories/1?lang=en", phone=True, dark=True),
    "record": Picture("/?select=laboratories/1&layers=laboratories&at=14/21.03/105.85", before=_drawn),
    "list": Picture("/list/laboratories?province=01&status=active"),
    "phone-list": Picture("/list/laboratories?province=01", phone=True),
    "empty-list": Picture("/list/laboratories?q=khongconaynaoca"),
    "empty-map": Picture("/?layers=measuring_devices&status=overdue&at=15/21.4/104.2", before=_drawn),
    "offline": Picture(f"/?{HANOI}", before=_cut_off),
    "refusal": Picture("/list/laboratories?colour=red"),
    "not-there": Picture("/laboratories/999999999", phone=True),
    "saving-data": Picture("/?lang=en", saving=True, before=_still),
    "phone-saving-data": Picture(f"/?{HANOI}", phone=True, saving=True, before=_still),
    "without-scripts": Picture(f"/?{HANOI}", scripts=False),
}


def _take(browser: Browser, server: str, name: str, picture: Picture) -> None:
    context = _context(browser, picture)
    page = context.new_page()
    if picture.saving:
        page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    page.goto(server + picture.address)
    picture.before(page)
    if picture.whole:  # what lies below the screen is not laid out before it is seen
        width, _ = PHONE if picture.phone else DESKTOP
        page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
    page.wait_for_timeout(800)
    shot = Image.open(BytesIO(page.screenshot(full_page=picture.whole))).convert("RGB")
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
    context.close()


def _context(browser: Browser, picture: Picture) -> BrowserContext:
    width, height = PHONE if picture.phone else DESKTOP
    return browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if picture.phone else 1,
        is_mobile=picture.phone,
        has_touch=picture.phone,
        color_scheme="dark" if picture.dark else "light",
        reduced_motion="reduce",
        java_script_enabled=picture.scripts,
        geolocation={"latitude": 21.03, "longitude": 105.85},
        permissions=["geolocation"],
    )


def main() -> None:
    """Takes those that are named, or all of them; fails where one cannot be taken."""
    server = f"http://127.0.0.1:{os.environ.get('MAP_PORT', '8000')}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name in sys.argv[1:] or PICTURES:
            _take(browser, server, name, PICTURES[name])
            say(f"docs/pictures/{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
