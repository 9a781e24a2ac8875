"""A real browser over a real server: Debian's Chromium, started as everywhere in this project."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser.flags import SPARING

# Playwright keeps an event loop in this thread; the tests' own queries beside it are synchronous all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
DRAWN_WITHIN_MS = 60_000
# What is expected comes as fast as the machine draws the map beside it: how fast is measured by `make bench`, not here.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each page gets a profile of its own."""
    path = shutil.which("chromium")
    assert path, "Debian's chromium is not installed"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=SPARING)
        yield launched
        launched.close()
        # Beside Playwright's loop Django keeps connections of their own; only here can they still be reached.
        connections.close_all()


@dataclass
class Visit:
    """An open page with what went wrong on it and where it asked for something."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def map_is_drawn(self) -> None:
        """Waits until every tile of the view is on the screen."""
        self.page.wait_for_selector("#map[data-complete]", state="attached", timeout=DRAWN_WITHIN_MS)

    def drawn(self, *prefixes: str) -> list[dict]:
        """Features on the screen from style layers whose ids begin with one of the prefixes, asked from the map."""
        return self.page.evaluate(
            """prefixes => {
                const map = document.querySelector("#map").map;
                const ids = map.getStyle().layers.map((layer) => layer.id);
                const layers = ids.filter((id) => prefixes.some((prefix) => id.startsWith(prefix)));
                const drawn = map.queryRenderedFeatures({ layers });
                return drawn.map(({ properties, layer }) => ({ ...properties, style: layer.id }));
            }""",
            list(prefixes),
        )


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[..., Visit]]:
    """Opens an address of the map; whatever would leave the origin is noted (flags.py: it finds no way out)."""
    contexts: list[BrowserContext] = []
    own = (server, "data:", "blob:")

    def open_(address: str, *, phone: bool = False, dark: bool = False, size: ViewportSize | None = None) -> Visit:
        context = browser.new_context(
            viewport=size or (PHONE if phone else DESKTOP),
            is_mobile=phone,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        found = Visit(context.new_page())
        found.page.on("console", lambda message: message.type == "error" and found.complaints.append(message.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        context.on("request", lambda request: request.url.startswith(own) or found.foreign.append(request.url))
        found.page.goto(server + address)
        return found

    yield open_
    for context in contexts:
        context.close()
