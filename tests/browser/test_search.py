"""Searching on the map page leads to what was looked for, whole and readable."""

from collections.abc import Callable

import pytest

from geodata.archipelagos import ARCHIPELAGOS, Archipelago
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]

IN_VIEW = """([west, south, east, north]) => {
    const map = document.querySelector("#map").map;
    const { clientWidth, clientHeight } = map.getContainer();
    const { top, right, bottom, left } = map.getPadding();
    const [a, b] = [map.project([west, north]), map.project([east, south])];
    return !map.isMoving() && a.x >= left && a.y >= top && b.x <= clientWidth - right && b.y <= clientHeight - bottom;
}"""


@pytest.mark.parametrize("archipelago", ARCHIPELAGOS, ids=lambda one: one.commune_code)
@pytest.mark.parametrize(("lang", "phone"), [("vi", True), ("en", False)])
def test_an_archipelago_that_was_searched_stands_whole_in_view_with_its_label(
    visit: Open, archipelago: Archipelago, lang: str, phone: bool
) -> None:
    """From a view far away and near, so that the search alone brings it there."""
    shown = visit(f"/?lang={lang}&at=12/21.03/105.85", phone=phone)
    shown.map_is_drawn()
    page = shown.page
    label = archipelago.label.vi if lang == "vi" else archipelago.label.en
    page.get_by_role("combobox").first.fill(label.split(" (")[0])
    page.get_by_role("option").first.click()
    page.wait_for_function(IN_VIEW, arg=list(archipelago.envelope.bounds))
    shown.map_is_drawn()
    page.wait_for_function(
        "() => document.querySelector('#map').map.areTilesLoaded() && !document.querySelector('#map').map.isMoving()"
    )
    assert archipelago.label.vi in {one["name_vi"] for one in shown.drawn("base-label-archipelago")}
