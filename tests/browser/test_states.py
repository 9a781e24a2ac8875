"""Any state that an address can say comes back from the page as the same address, with its layers and chips."""

import itertools
import random
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
SAMPLE, ALL = 5, 100
POINTS = ("laboratories", "certification_bodies", "measuring_devices", "device_counts", "inspection_sites")
DATES = ("2026-01-01/2026-12-31", "../2027-06-30", "2026-11-22/..")


def states(catalogue: dict, seed: int) -> Iterator[tuple[str, list[str], int]]:
    """Addresses in the order in which the page writes them, their layers, and how many chips the first of these has."""
    draw = random.Random(seed)
    layers = {layer["id"]: layer for layer in catalogue["layers"]}
    defaults = [name for name, layer in layers.items() if layer["default"]]
    while True:
        shown = [name for name in POINTS if draw.random() < 0.4] or [draw.choice(POINTS)]
        shared = [("province", draw.sample(["01", "24", "48", "56", "79"], draw.randint(1, 2)))] * (draw.random() < 0.4)
        own = {name: _filters(layers[name], draw) for name in shown}
        parts = [("at", _place(draw))] if draw.random() < 0.6 else []
        parts += [("layers", ",".join(shown))] * (shown != defaults)
        parts += [("lang", "en")] * (draw.random() < 0.3)
        day = [("on", "2026-06-30")] * (draw.random() < 0.2 and "device_counts" not in shown)
        parts += [*day, *((name, ",".join(values)) for name, values in shared)]
        for name, filters in own.items():
            prefix = "" if len(shown) == 1 else f"{name}."
            parts += [(prefix + one, ",".join(values)) for one, values in filters]
        chips = sum(len(values) for _, values in [*shared, *own[shown[0]]]) + len(day)
        yield "/?" + "&".join(f"{name}={quote(value, safe=',/:')}" for name, value in parts), shown, chips


def _filters(layer: dict, draw: random.Random) -> list[tuple[str, list[str]]]:
    """Up to three filters of a layer, by name, each with values that it has."""
    found = {}
    for one in draw.sample(layer["filters"], min(3, len(layer["filters"]))):
        codes = [code["code"] for code in one.get("codes") or []]
        if one["name"] in ("province", "commune") or draw.random() < 0.4:
            continue
        if one["kind"] == "dates":
            found[one["name"]] = [draw.choice(DATES)]
        elif codes:
            found[one["name"]] = draw.sample(codes, min(len(codes), draw.randint(1, 2)))
    return sorted(found.items())


def _place(draw: random.Random) -> str:
    zoom = round(draw.uniform(5, 15), 2)
    digits = max(2, min(6, -(-int(zoom * 100) // 300) + 1))
    lat, lon = round(draw.uniform(9.5, 22), digits), round(draw.uniform(105, 109), digits)
    return "/".join(f"{number:g}" if number == int(number) else repr(number) for number in (zoom, lat, lon))


def comes_back(visit: Callable[..., Visit], server: str, address: str, shown: list[str], chips: int) -> None:
    opened = visit(address)
    page = opened.page
    expect(page.locator("html")).to_have_attribute("data-map", "ready", timeout=60_000)
    expect(page.locator("#summary .chip")).to_have_count(chips)
    on = page.locator("#layers [role=switch][aria-checked=true], #layers input[type=checkbox]:checked")
    expect(on).to_have_count(len(shown))
    page.locator("#controls [data-action=share]").click()
    expect(page.locator("#share-link")).to_have_value(server + address)
    assert opened.complaints == [] and opened.foreign == []
    page.context.close()  # A browser draws sixteen maps at most, and a hundred are visited.


@pytest.fixture
def catalogue(client: Client) -> dict:
    return client.get("/layers.json").json()


@pytest.mark.parametrize("seed", range(SAMPLE))
def test_a_random_state_comes_back(visit: Callable[..., Visit], server: str, catalogue: dict, seed: int) -> None:
    comes_back(visit, server, *next(states(catalogue, seed)))


@pytest.mark.soak
def test_a_hundred_random_states_come_back(visit: Callable[..., Visit], server: str, catalogue: dict) -> None:
    for one in itertools.islice(states(catalogue, seed=2026), ALL):
        comes_back(visit, server, *one)
