"""How long after a move of the map its picture is complete: ten places by a seed, from the country to the street.

A picture is complete when every tile of the view is here, merged and drawn (`#map[data-complete]`).
"""

import random
import shutil

from playwright.sync_api import Page, sync_playwright

from bench import figures
from bench.figures import Figure
from bench.places import SEED
from bench.running import server
from tests.browser.flags import FLAGS

TITLE = "Pan and zoom"
PLACES = 10
ZOOMS = (5.5, 8, 10.5, 12, 14)
LAYERS = ("laboratories,certification_bodies", "measuring_devices", "inspection_sites")
CENTRES = ((105.84, 21.02), (106.7, 10.78), (108.2, 16.06), (105.77, 10.03), (106.68, 20.85), (107.6, 16.46))

MOVE = """async ([lon, lat, zoom]) => {
    const container = document.querySelector("#map"), map = container.map;
    const begun = performance.now();
    map.jumpTo({ center: [lon, lat], zoom });
    container.removeAttribute("data-complete");
    while (!container.hasAttribute("data-complete")) {
        if (performance.now() - begun > 30000) throw new Error("the picture never got complete");
        await new Promise((done) => requestAnimationFrame(done));
    }
    return performance.now() - begun;
}"""


def measure(*, small: bool) -> list[Figure]:
    """Each move's time, by the layers shown."""
    with server() as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        moves = {layers: _moves(page, f"{running.address}/?layers={layers}", small=small) for layers in LAYERS}
        browser.close()
    return [figures.of("pan and zoom", "the picture is complete", layers, times) for layers, times in moves.items()]


def _moves(page: Page, address: str, *, small: bool) -> list[float]:
    page.goto(address)
    page.wait_for_selector("#map[data-complete]", state="attached", timeout=60_000)
    return [page.evaluate(MOVE, view) for view in _views()[: 10 if small else None]]


def _views() -> list[list[float]]:
    """PLACES places, each seen from every zoom and then moved aside by a third of the screen."""
    chance = random.Random(SEED)
    views: list[list[float]] = []
    for _ in range(PLACES):
        lon, lat = chance.choice(CENTRES)
        lon, lat = lon + chance.uniform(-0.3, 0.3), lat + chance.uniform(-0.3, 0.3)
        for zoom in ZOOMS:
            aside = 300 * 360 / (512 * 2**zoom)
            views += [[lon, lat, zoom], [lon + aside, lat, zoom]]
    return views
