"""The check in a real browser: the page, signed copies without a network, copies that were changed."""

import base64
import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]

# Resolves once the worker has kept everything.
KEPT = """navigator.serviceWorker.ready.then(({ active }) => active.state === "activated" ||
    new Promise((done) => active.addEventListener("statechange", done)))"""


def signed_address(page: Page) -> str:
    return page.locator(".qr-frame").get_attribute("href") or ""


def verdict(page: Page, expected: str) -> None:
    expect(page.locator(f"#signed[data-verdict={expected}]")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_number_is_typed_and_answered(visit: Open, lang: str, phone: bool) -> None:
    shown = visit(f"/verify?lang={lang}", phone=phone)
    shown.page.locator("#number").fill("vilas5001")
    shown.page.locator("#number").press("Enter")
    expect(shown.page.locator("[data-answer=valid]")).to_be_visible()
    assert "lang=" + lang in shown.page.url and "on=" not in shown.page.url
    wide = shown.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (shown.complaints, shown.foreign, wide) == ([], [], 0)


def test_without_a_camera_that_reads_codes_there_is_no_button_for_it(visit: Open) -> None:
    shown = visit("/verify")
    expect(shown.page.locator("#scan")).to_be_hidden()
    expect(shown.page.locator("#number")).to_be_visible()


def test_a_code_before_the_camera_is_read_and_checked(visit: Open) -> None:
    """The browser's camera and reader of codes are stood in for; the page's own part runs."""
    shown = visit("/verify")
    shown.page.add_init_script(
        """
        class Reader {
          static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
          detect() { return Promise.resolve([{ rawValue: "https://example.vn/tem?so=VILAS%205001" }]); }
        }
        window.BarcodeDetector = Reader;
        const canvas = document.createElement("canvas");
        canvas.getContext("2d").fillRect(0, 0, 1, 1);
        const devices = { getUserMedia: () => Promise.resolve(canvas.captureStream(10)) };
        Object.defineProperty(navigator, "mediaDevices", { value: devices });
        """
    )
    shown.page.reload()
    shown.page.locator("#scan").click()
    expect(shown.page.locator("[data-answer=valid]")).to_be_visible()
    assert shown.complaints == []


def test_a_signed_copy_verifies_and_says_who_signed_for_which_day(visit: Open, server: str) -> None:
    shown = visit("/verify?number=VILAS 5001")
    shown.page.goto(server + signed_address(shown.page))
    verdict(shown.page, "good")
    words = shown.page.locator("#signed").inner_text()
    assert server in words and "22/11/2026" in words and "không phải giấy chứng nhận" in words
    assert "VILAS 5001" in words and "Còn hiệu lực" in words
    assert (shown.complaints, shown.foreign) == ([], [])


def test_once_opened_it_verifies_without_a_network_and_a_changed_one_says_so(visit: Open, server: str) -> None:
    shown = visit("/verify?number=VILAS 5001&lang=en")
    page, address = shown.page, server + signed_address(shown.page)
    page.goto(address)
    verdict(page, "good")
    page.evaluate(KEPT)
    page.context.unroute_all()
    page.context.set_offline(True)
    page.goto("about:blank")
    page.goto(address)
    verdict(page, "good")
    assert "The signature is right" in page.locator("#signed").inner_text()
    page.goto("about:blank")
    page.goto(changed(address, b="Another body", to="2099-12-31"))
    verdict(page, "broken")
    words = page.locator("#signed").inner_text()
    assert "was changed" in words and "Another body" not in words and "2099" not in words
    page.goto(address)
    verdict(page, "good")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_copy_that_was_cut_off_is_not_called_altered(visit: Open, server: str, lang: str) -> None:
    shown = visit(f"/verify?number=VILAS 5001&lang={lang}")
    address = server + signed_address(shown.page)
    for cut in (1, 40, len(address.split("#")[1]) - 5):
        shown.page.goto("about:blank")
        shown.page.goto(address[:-cut])
        verdict(shown.page, "unreadable")
        words = shown.page.locator("#signed").inner_text()
        assert {"vi": "bị cắt", "en": "cut off"}[lang] in words and "VILAS 5001" not in words
        assert "sửa" not in words and "altered" not in words


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("", "none"),
        *((fragment, "unreadable") for fragment in ("#abc", "#a.b", "#%", "#a%E2.b")),
        *(("#eyJ2IjoxLCJraWQiOiIwMCJ9.AAAA", "unreadable"), ("#eyJ2IjoxLCJraWQiOiIwMCJ9." + "A" * 86, "stranger")),
    ],
)
def test_what_is_no_copy_of_ours_is_never_shown_as_one(visit: Open, fragment: str, expected: str) -> None:
    shown = visit(f"/verify/signed{fragment}")
    verdict(shown.page, expected)
    assert not shown.page.locator("[data-when=good]").first.is_visible()


def changed(address: str, **members: str) -> str:
    """The same address with other members in its copy, and the signature as it was."""
    where, token = address.split("#")
    content, signature = token.split(".")
    payload = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
    written = json.dumps({**payload, **members}, ensure_ascii=False, separators=(",", ":")).encode()
    return f"{where}#{base64.urlsafe_b64encode(written).decode().rstrip('=')}.{signature}"
