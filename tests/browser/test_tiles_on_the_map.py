"""What the page makes of vector tiles: rings that can be read, counts that add up, classes switched without a request,
changes seen at once."""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from itertools import combinations
from math import hypot
from pathlib import Path

import mapbox_vector_tile
import pytest
from django.db import connections
from django.db.models import Model
from playwright.sync_api import Browser, Page, Request, Route

from layers.models import MeasuringDevice
from layers.registers.base import PUBLIC
from tests.browser.conftest import DESKTOP, Visit
from tests.nginx import NGINX, in_front_of

pytestmark = pytest.mark.browser
Open = Callable[..., Visit]

DEVICES = "measuring_devices"
# Wide and high enough for the whole country at zoom 6, beside the panel.
HALL = {"width": 2000, "height": 2150}
COUNTRY = "14.2/110"

# What is drawn, each ring and feature once, with its place on the screen.
DRAWN = """layer => {
    const map = document.querySelector("#map").map;
    const found = map.queryRenderedFeatures({ layers: [`rings-${layer}`, `points-${layer}`] });
    const once = new Map(found.map((one) => [one.id + "/" + one.geometry.coordinates.join(), one]));
    return [...once.values()].map(({ properties, geometry }) => {
        const { x, y } = map.project(geometry.coordinates);
        return { ...properties, x, y };
    });
}"""


def drawn(page: Page, layer: str = DEVICES) -> list[dict]:
    page.wait_for_selector("#map[data-complete]", state="attached", timeout=60_000)
    return page.evaluate(DRAWN, layer)


def rows(features: list[dict]) -> int:
    return sum(one.get("count", 1) for one in features)


def by_class(features: list[dict], class_field: str) -> dict[str, int]:
    """The rows of each class in all that is drawn."""
    found: dict[str, int] = {}
    for one in features:
        own = json.loads(one["classes"]) if "classes" in one else {one.get(class_field, ""): 1}
        for code, number in own.items():
            found[code] = found.get(code, 0) + number
    return found


def matched(server: str, layer: str, query: str = "") -> int:
    """The number that the API gives."""
    with urllib.request.urlopen(f"{server}/api/v1/{layer}/?limit=1&{query}") as answer:  # noqa: S310 - our own server
        return json.load(answer)["numberMatched"]


def tile_requests(page: Page, layer: str) -> list[str]:
    """The tiles of a layer, and versions of them, that the page asks for from now on."""
    found: list[str] = []

    def note(request: Request) -> None:
        if f"/tiles/{layer}/" in request.url:
            found.append(request.url)

    page.on("request", note)
    return found


@pytest.mark.parametrize(
    ("zoom", "query"),
    [(zoom, "") for zoom in (4.2, 4.9, 6.3, 7.45, 10.2)]
    + [(zoom, "&status=overdue,due_soon") for zoom in (4.9, 5.6, 7.45, 8.7)],
)
def test_rings_never_overlap(visit: Open, zoom: float, query: str) -> None:
    features = drawn(visit(f"/?layers={DEVICES}&at={zoom}/16.5/107{query}").page)
    rings = [one for one in features if "number" in one]
    assert rings or zoom > 8
    for one, other in combinations(rings, 2):
        apart = hypot(one["x"] - other["x"], one["y"] - other["y"])
        assert apart >= one["radius"] + other["radius"], (one, other)


@pytest.mark.parametrize("query", ["", "status=overdue"], ids=["all", "one class"])
def test_counts_of_the_whole_country_add_up_at_every_zoom(visit: Open, server: str, query: str) -> None:
    shown = visit(f"/?layers={DEVICES}&at=4/{COUNTRY}&{query}")
    shown.page.set_viewport_size(HALL)
    drawn(shown.page)
    total = matched(server, DEVICES, query)
    for zoom in (4, 4.6, 5.8):
        shown.page.evaluate("zoom => void document.querySelector('#map').map.jumpTo({ zoom })", zoom)
        assert rows(drawn(shown.page)) == total, zoom


SWITCHED = {
    DEVICES: ("status", ("overdue", "due_soon")),
    # Some sites have no conclusion: under no choice they count, under any they don't.
    "inspection_sites": ("last_result", ("nonconform_minor", "conform")),
}


@pytest.mark.parametrize("at", ["", "&at=3.2/15/108"], ids=["first view", "farther"])
@pytest.mark.parametrize("layer", SWITCHED)
def test_classes_are_switched_on_and_off_nationally_without_a_tile(
    visit: Open, server: str, layer: str, at: str
) -> None:
    page = visit(f"/?layers={layer}{at}").page
    everything = rows(drawn(page, layer))
    page.click("#tab-filters")
    asked = tile_requests(page, layer)
    name, (first, second) = SWITCHED[layer]
    for chosen, switched in (([first], first), ([first, second], second), ([second], first), ([], second)):
        page.locator(f"#panel-filters li[data-code={switched}] input").click()
        query = f"{name}={','.join(chosen)}" if chosen else ""
        page.wait_for_function("query => decodeURIComponent(location.search).includes(query)", arg=query)
        features = drawn(page, layer)
        numbers = by_class(features, name)
        assert rows(features) == sum(numbers.values()) == matched(server, layer, query)
        for code in chosen:
            assert numbers.get(code, 0) == matched(server, layer, f"{name}={code}")
        assert not chosen or set(numbers) <= set(chosen)
    assert rows(drawn(page, layer)) == everything
    assert asked == []


def test_nearer_the_filter_is_the_servers(visit: Open, server: str) -> None:
    page = visit(f"/?layers={DEVICES}&at=10/21/105.8").page
    drawn(page)
    asked = tile_requests(page, DEVICES)
    page.click("#tab-filters")
    page.locator("#panel-filters li[data-code=overdue] input").click()
    page.wait_for_url("**status=overdue**")
    assert set(by_class(drawn(page), "status")) <= {"overdue"}
    tiles = [url for url in asked if ".mvt" in url]
    assert tiles and all("status=overdue" in url for url in tiles)


def test_a_class_alone_in_the_legend_is_all_that_is_drawn(visit: Open) -> None:
    shown = visit(f"/?layers={DEVICES}&status=overdue")
    icons = {one["icon"].split("|")[-1] for one in drawn(shown.page) if "number" in one}
    assert icons == {"overdue:36"}
    legend = shown.page.locator(".legend-classes").inner_text()
    assert "Chưa thấy kiểm định còn hiệu lực" in legend and "Sắp đến hạn" not in legend


def test_one_request_gives_the_versions_of_a_view_and_every_tile_is_asked_for_by_its_own(visit: Open) -> None:
    page = visit("/?layers=").page
    page.wait_for_selector("html[data-map=ready]")
    asked: list[str] = []
    page.on("request", lambda request: f"/tiles/{DEVICES}/" in request.url and asked.append(request.url))
    page.locator("#layers .switch").nth(2).click()
    assert drawn(page)
    tiles = [url for url in asked if ".mvt" in url]
    assert len(asked) == len(tiles) + 1 and "/versions?blocks=" in asked[0]
    assert tiles and all(
        re.search(r"/[0-9a-f]+-[0-9]{8}-[0-9]+-[0-9]+/[0-9]+/[0-9]+/[0-9]+\.mvt$", url) for url in tiles
    )


def open_with(visit: Open, address: str, told: bytes) -> Page:
    """The page with one tile of zoom 5 by hand, the others empty, and the layer of devices just switched on."""
    page = visit(address).page
    page.wait_for_selector("html[data-map=ready]")

    def answer(route: Route) -> None:
        if "/5/25/14.mvt" in route.request.url:
            route.fulfill(body=told)
        else:
            route.fulfill(status=204)

    page.route(re.compile(rf"/tiles/{DEVICES}/.*\.mvt"), answer)
    page.locator("#layers .switch").nth(2).click()
    return page


def written(properties: dict, **layers: dict) -> bytes:
    """A tile with one cluster of devices, and a point with these properties in each further MVT layer."""
    cluster = {"geometry": "POINT(2000 2000)", "id": 2**52, "properties": properties}
    points = {name: {"geometry": "POINT(2048 2048)", "properties": told} for name, told in layers.items()}
    tile = [
        {"name": DEVICES, "features": [cluster]},
        *({"name": name, "features": [one]} for name, one in points.items()),
    ]
    return bytes(mapbox_vector_tile.encode(tile, default_options={"extents": 4096}))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("vi", "Vùng này có ít nhất 20.001 phương tiện đo, bản đồ mới vẽ 20.000."),
        ("en", "There are at least 20,001 measuring devices in this part of the map; 20,000 are drawn."),
    ],
    ids=["vi", "en"],
)
def test_a_view_that_is_not_drawn_whole_says_so(visit: Open, lang: str, words: str) -> None:
    cut = {"shown": 20_000, "total": 20_001, "total_is": "at_least"}
    told = written({"count": 20_000, "n_valid": 20_000}, meta=cut)
    page = open_with(visit, f"/?layers=&lang={lang}&at=5/16/107", told)
    page.locator("#summary .hint", has_text=words).wait_for(timeout=20_000)
    assert rows(drawn(page)) == 20_000
    page.locator("#layers .switch").nth(2).click()
    page.locator("#summary .hint", has_text=words).wait_for(state="detached", timeout=20_000)


def test_the_one_row_of_a_class_in_a_cluster_is_a_mark_that_leads_nearer_not_to_a_record(visit: Open) -> None:
    cluster = {"count": 20, "n_valid": 19, "n_overdue": 1, "expansion_zoom": 7}
    page = open_with(visit, "/?layers=&at=5/16/107", written(cluster))
    assert rows(drawn(page)) == 20
    page.click("#tab-filters")
    page.locator("#panel-filters li[data-code=overdue] input").click()
    page.wait_for_url("**status=overdue**")
    (mark,) = drawn(page)
    assert mark["icon"].split("|")[:3] == ["mark", "circle", "overdue"] and rows([mark]) == 1
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.click(box["x"] + mark["x"], box["y"] + mark["y"])
    page.wait_for_function("() => document.querySelector('#map').map.getZoom() >= 7")
    assert "select=" not in page.url


def test_a_pan_asks_for_few_things(visit: Open) -> None:
    page = visit(f"/?layers={DEVICES}&at=7/16/107.5").page
    drawn(page)
    asked: list[str] = []
    page.on("request", lambda request: f"/tiles/{DEVICES}/" in request.url and asked.append(request.url))
    page.evaluate("document.querySelector('#map').map.panBy([300, 0])")
    drawn(page)
    assert len(asked) <= 8
    assert len([url for url in asked if "/versions" in url]) <= 1


@pytest.fixture
def cached_page(browser: Browser, world: object) -> Iterator[Page]:
    """A page whose browser keeps what it read: one whose requests are watched by a route would not."""
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def another_device(number: int) -> MeasuringDevice:
    """A published device beside one that is there already, not saved yet."""
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC, site__publish_state=PUBLIC).order_by("pk")[number]
    device.pk, device.source_id, device.serial_no = None, f"test-on-the-map-{number}", ""
    return device


def _reload_after_commits(page: Page, address: str, committed: Callable[[Model], Model], *, times: int) -> None:
    """Each commit is seen by the very next reload, whatever the browser and who stands before the server have kept."""
    page.goto(f"{address}/?layers={DEVICES}")
    before = rows(drawn(page))
    for number in range(times):
        committed(another_device(number))
        page.reload()
        assert rows(drawn(page)) == before + number + 1
    assert rows(drawn(page)) == matched(address, DEVICES)


def test_a_committed_change_is_seen_on_reload_with_a_warm_cache(
    cached_page: Page, server: str, committed: Callable[[Model], Model]
) -> None:
    _reload_after_commits(cached_page, server, committed, times=5)


@pytest.fixture
def front(server: str, tmp_path: Path) -> Iterator[str]:
    """The address of nginx before the server."""
    if NGINX is None:
        pytest.skip("nginx is not installed")
    with in_front_of(server, tmp_path) as address:
        yield address


def test_a_committed_change_is_seen_on_reload_through_nginx(
    cached_page: Page, front: str, committed: Callable[[Model], Model]
) -> None:
    _reload_after_commits(cached_page, front, committed, times=2)


@pytest.mark.soak
def test_100_of_100_changes_are_seen_on_reload_through_nginx(
    cached_page: Page, front: str, committed: Callable[[Model], Model]
) -> None:
    _reload_after_commits(cached_page, front, committed, times=100)


def test_a_page_that_is_looked_at_again_shows_what_changed_meanwhile(
    cached_page: Page, server: str, committed: Callable[[Model], Model]
) -> None:
    """Versions are asked for again once they are ten seconds old: map, tip and number of the panel follow."""
    page = cached_page
    page.goto(f"{server}/?layers={DEVICES}")
    before = rows(drawn(page))
    committed(another_device(7))
    page.wait_for_timeout(10_500)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function(f"() => ({DRAWN})('{DEVICES}').reduce((sum, one) => sum + (one.count ?? 1), 0) > {before}")
    assert rows(drawn(page)) == before + 1
    words = f"{before + 1:,}".replace(",", ".")
    page.locator("#summary strong", has_text=words).wait_for(timeout=20_000)


@pytest.fixture
def crowd(world: object) -> tuple[float, float, int]:
    """Longitude and latitude of a place of three to nine public devices with nobody near, and how many they are."""
    with connections["open"].cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(geom), ST_Y(geom), count(*) FROM layers_measuringdevice AS here GROUP BY geom"
            " HAVING count(*) BETWEEN 3 AND 9 AND NOT EXISTS (SELECT FROM layers_measuringdevice AS other"
            " WHERE other.geom && ST_Expand(here.geom, 0.02) AND NOT other.geom ~= here.geom) ORDER BY 1, 2 LIMIT 1"
        )
        return cursor.fetchone()


def test_a_click_on_a_ring_of_one_place_opens_its_list_and_goes_no_nearer(
    visit: Open, crowd: tuple[float, float, int]
) -> None:
    lon, lat, devices = crowd
    page = visit(f"/?layers={DEVICES}&at=15.5/{lat}/{lon}").page
    (ring,) = drawn(page)
    assert rows([ring]) == devices
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.click(box["x"] + ring["x"], box["y"] + ring["y"])
    page.locator("#tab-list[aria-selected=true]").wait_for()
    page.locator("#panel-list .card").nth(devices - 1).wait_for()
    assert page.locator("#panel-list .card").count() == devices
    assert page.evaluate("document.querySelector('#map').map.getZoom()") == 15.5
