"""What a visit costs in bytes: as the browser counts them, headers and all. Times are measured by `make bench`."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.templatetags.static import static

from bench.devtools import Browser, Device, browser
from bench.parts.first_visit import FIND, WATCH
from mapapp.modules import needed_by

pytestmark = pytest.mark.browser
PHONE = Device(390, 844, phone=True)
KB = 1000
MODULES, SHEETS, VENDOR = "link[rel=modulepreload], script", "link[rel=stylesheet]", "/vendor/"


@pytest.fixture
def phone() -> Iterator[Browser]:
    """A phone on a quick network, with nothing kept from an earlier visit."""
    with browser(PHONE, script=WATCH) as one:
        yield one


def seen(one: Browser, address: str, thing: str) -> int:
    """Bytes that had come when the thing was shown."""
    one.open(address)
    one.until(lambda: bool(one.value(f"window.seen?.{thing} ?? null")))
    return one.sent


def test_the_nearest_that_can_do_a_thing_cost_250_kb(phone: Browser, server: str) -> None:
    assert seen(phone, server + FIND, "nearest") <= 250 * KB


def test_the_map_costs_900_kb_and_at_the_second_visit_100(phone: Browser, server: str) -> None:
    assert seen(phone, f"{server}/", "map") <= 900 * KB
    assert seen(phone, f"{server}/", "map") <= 100 * KB


def test_our_own_scripts_and_styles_are_80_kb_by_gzip(phone: Browser, server: str) -> None:
    seen(phone, f"{server}/", "map")
    own = [path.removeprefix("/static/") for path in named(phone, SHEETS) | named(phone, MODULES) if VENDOR not in path]
    assert len(own) > 40
    assert sum((settings.STATIC_EDITIONS / f"{name}.gz").stat().st_size for name in own) <= 80 * KB


def test_every_module_is_asked_for_by_the_page_itself(phone: Browser, server: str) -> None:
    """What a module imports stands in the page's head: none waits for another. Parts that open later come behind."""
    seen(phone, f"{server}/", "map")
    loaded = {urlsplit(one.address).path for one in phone.transfers.values() if one.address.endswith(".js")}
    later = {static(name) for part in ("filters", "list", "record") for name in needed_by(f"js/{part}panel.js")}
    assert loaded - named(phone, MODULES) <= later


def named(one: Browser, selector: str) -> set[str]:
    """Paths that the page's own elements name."""
    found = f"[...document.querySelectorAll('{selector}')].map((element) => element.href ?? element.src)"
    return {urlsplit(address).path for address in one.value(found)}
