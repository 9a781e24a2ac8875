"""Every page, in both languages, light and dark, on phone, tablet and desktop: axe finds nothing against it."""

import itertools
import random
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from layers.models import InspectionSite, PlaceOfActivity, Qualification
from tests.browser.axe import barriers

pytestmark = pytest.mark.browser

SIZES = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1440, 900)}
SAMPLE = 12
PAGES = {
    "map": "/",
    "map with a list": "/?layers=inspection_sites&at=12/21.03/105.85&province=01",
    "list": "/list/laboratories?status=active",
    "empty list": "/list/laboratories?q=khongconaynaoca",
    "place": "/laboratories/{place}",
    "site": "/inspection_sites/{site}",
    "province": "/provinces/1",
    "find": "/find",
    "found": "/find?competence=chì trong nước; kiểm định cân ô tô&lon=105.85&lat=21.03",
    "nothing found": "/find?competence=hiệu chuẩn cân ô tô 900 tấn",
    "check": "/verify",
    "checked": "/verify?number={number}",
    "unknown number": "/verify?number=XYZ 00000",
    "report": "/report",
    "state of a report": "/report/status",
    "satisfaction": "/satisfaction",
    "data": "/data/",
    "data of a layer": "/data/?layer=laboratories&province=01",
    "about": "/about",
    "errors": "/about/errors",
    "refusal": "/list/laboratories?colour=red",
    "not there": "/nowhere",
}
EVERY = [
    f"{name}|{lang}|{theme}|{size}"
    for name, lang, theme, size in itertools.product(PAGES, ("vi", "en"), ("light", "dark"), SIZES)
]


@pytest.fixture(scope="module")
def examples(django_db_setup: None, django_db_blocker) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """Records and numbers to look at."""
    with django_db_blocker.unblock():
        public = {"publish_state": "approved_public"}
        lines = {"lines__publish_state": "approved_public"}
        place = PlaceOfActivity.objects.filter(**public, **lines, lines__activity="testing").values_list(
            "pk", flat=True
        )
        sites = InspectionSite.objects.filter(**public, devices__publish_state="approved_public")
        numbers = Qualification.objects.filter(**public, kind="accreditation").values_list("number", flat=True)
        return {"place": place[0], "site": sites.values_list("pk", flat=True)[0], "number": numbers[0]}


@pytest.fixture
def opened(browser: Browser, server: str, examples: dict[str, object]) -> Iterator:  # type: ignore[type-arg]
    """Opens a page as `EVERY` names it."""
    contexts = []

    def open_(named: str) -> Page:
        name, lang, theme, size = named.split("|")
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            is_mobile=size == "phone",
            has_touch=size == "phone",
        )
        contexts.append(context)
        page = context.new_page()
        address = PAGES[name].format(**examples)
        page.goto(f"{server}{address}{'&' if '?' in address else '?'}lang={lang}")
        if name.startswith("map"):
            page.wait_for_selector("#map[data-complete]", state="attached", timeout=60_000)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("named", random.Random(2026).sample(EVERY, SAMPLE))
def test_nothing_keeps_anybody_out(opened, named: str) -> None:  # type: ignore[no-untyped-def]
    assert barriers(opened(named)) == []


@pytest.mark.soak
@pytest.mark.parametrize("named", EVERY)
def test_nothing_keeps_anybody_out_of_any_page(opened, named: str) -> None:  # type: ignore[no-untyped-def]
    assert barriers(opened(named)) == []
