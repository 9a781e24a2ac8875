"""Streets in a real browser: drawn from near, never from afar, and nothing asked of anybody else."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_layout import boxes, overlap
from tests.conftest import serving
from tests.tiles.street_files import HA_NOI, written

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]
NEAR = f"/?layers=&at=15/{HA_NOI[1]}/{HA_NOI[0]}"


@pytest.fixture(scope="module", params=["openmaptiles", "protomaps"])
def server(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A server with a file of streets."""
    folder: Path = tmp_path_factory.mktemp("streets")
    file = written(folder / "streets.pmtiles", request.param)
    with serving(folder / "server.log", MAP_STREETS=str(file)) as address:
        yield address


def complete(shown: Visit) -> Visit:
    shown.map_is_drawn()
    shown.page.wait_for_function('() => document.querySelector("#map").map.areTilesLoaded()')
    return shown


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_from_near_roads_waters_buildings_and_names_are_drawn(visit: Open, dark: bool) -> None:
    shown = complete(visit(NEAR, dark=dark))
    styles = {one["style"] for one in shown.drawn("streets-")}
    assert {"streets-roads-highway", "streets-roads-major", "streets-roads-minor", "streets-railways"} <= styles
    assert {"streets-water", "streets-rivers", "streets-buildings"} <= styles
    names = {one["name"] for one in shown.drawn("streets-names", "streets-places")}
    assert names and names <= {"Phố Hàng Bài", "Đường Kim Long", "Khu Mới", "Thị trấn Thử"}
    assert shown.drawn("base-roads", "base-railways", "base-rivers", "base-lakes") == []
    assert shown.foreign == [] and shown.complaints == []


def test_the_whole_country_is_drawn_without_any_street(visit: Open) -> None:
    shown = visit("/")
    asked: list[str] = []
    shown.page.on("request", lambda request: asked.append(request.url))
    complete(shown)
    assert shown.drawn("streets-") == []
    assert not [address for address in asked if "/streets/" in address]
    assert shown.drawn("base-label-archipelago") and shown.foreign == []


def test_the_makers_are_credited_on_a_phone_and_no_legend_covers_them(visit: Open) -> None:
    shown = complete(visit(NEAR, phone=True))
    assert "© Maker © OpenStreetMap contributors" in shown.page.inner_text("#attribution")
    legend, attribution, zoom, panel = boxes(shown, "#legend", "#attribution", "#controls .pair", "#panel")
    assert not any(overlap(attribution, other) for other in (legend, zoom, panel))
    assert not any(overlap(legend, other) for other in (zoom, panel))
