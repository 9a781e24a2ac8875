"""Taking data along as a visitor does: two clicks from a filtered list to the file."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.browser.conftest import Visit
from tests.layers.oracle import expected

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]
ASKED = {"province": "01", "site_kind": "fuel_station"}


def test_two_clicks_take_a_filtered_list_along(visit: Open, world: date, tmp_path: Path) -> None:
    shown = visit("/list/inspection_sites?province=01&site_kind=fuel_station")
    shown.page.get_by_role("link", name="Tải về").click()
    number = expected("inspection_sites", ASKED, world)
    assert shown.page.locator(".asked .list-count strong").inner_text() == str(number)
    with shown.page.expect_download() as saved:
        shown.page.locator(".asked").get_by_role("link", name="GeoJSON", exact=True).click()
    assert saved.value.suggested_filename == "inspection_sites_2026-11-22_province-01_site_kind-fuel-station.geojson"
    saved.value.save_as(tmp_path / "x.geojson")
    assert len(json.loads((tmp_path / "x.geojson").read_text())["features"]) == number
    assert not shown.complaints and not shown.foreign


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("address", ["/data/", "/data/?layer=laboratories&province=01&status=active&lang=en"])
def test_nothing_is_cut_and_every_target_can_be_hit(visit: Open, phone: bool, dark: bool, address: str) -> None:
    shown = visit(address, phone=phone, dark=dark)
    shown.page.locator("summary").first.click()
    wide = shown.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    for button in shown.page.locator("main .button").all()[:12]:
        box = button.bounding_box()
        assert box and box["height"] >= (44 if phone else 36)
    assert not shown.complaints and not shown.foreign


def test_the_columns_open_by_the_keyboard(visit: Open) -> None:
    shown = visit("/data/?lang=en")
    shown.page.locator("#inspection_sites summary").focus()
    shown.page.keyboard.press("Enter")
    assert shown.page.locator("#inspection_sites .columns").get_by_text("Kind of site").first.is_visible()
