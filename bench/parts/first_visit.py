"""What a person waits for, and pays for in bytes: the first visit on a slow phone and a desk, the second, a filter.

The phone is emulated: a processor four times slower, 1.6 Mbit/s, 300 ms to each answer, nothing kept from before.
"""

from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from bench import figures
from bench.devtools import DESKTOP, PHONE, Browser, Device, browser
from bench.figures import Figure
from bench.running import server

TITLE = "First visit"
GOAL = "first visit"
FIND = "/find?competence=hi%E1%BB%87u+chu%E1%BA%A9n+c%C3%A2n+150+kg&lon=105.85&lat=21.03"
MAP, LIST, NEAREST = "the map is drawn", "the list of the map's page", "the nearest that can do it, /find"
PICTURE = "the server's picture of the map"
ROUNDS = 5
FILTERED = "measuring_devices"

# The first frame that shows each thing: `seen` holds milliseconds since the visit began, `wanted` clicks to be done.
WATCH = """(() => {
    const things = {
        picture: () => document.querySelector("#first-paint img")?.complete,
        nearest: () => document.querySelector(".found-places li"),
        list: () => document.querySelector("#panel-list .card:not(.skeleton)"),
        map: () => document.querySelector("#map[data-complete]"),
    };
    window.seen = {};
    const look = () => {
        for (const [name, find] of Object.entries(things)) if (find()) seen[name] ??= performance.now();
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    if (location.hash !== "#list") return;
    const open = setInterval(() => {
        if (document.querySelector("#panel-list .card")) clearInterval(open);
        else if (document.querySelector("#layers .layer")) document.querySelector("#tab-list").click();
    }, 20);
})()"""

# A code is chosen; the time until every tile of the view is drawn under it.
CHOOSE = """(async () => {
    const container = document.querySelector("#map");
    const boxes = [...document.querySelectorAll("#panel-filters input[type=checkbox]")].filter((box) => !box.disabled);
    const begun = performance.now();
    boxes[%d %% boxes.length].click();
    await new Promise((done) => requestAnimationFrame(done));
    container.removeAttribute("data-complete");
    while (!container.hasAttribute("data-complete")) {
        if (performance.now() - begun > 30000) throw new Error("the picture never got complete");
        await new Promise((done) => requestAnimationFrame(done));
    }
    return performance.now() - begun;
})()"""


class Visit(NamedTuple):
    """When a thing was seen, and the bytes that had come by then."""

    ms: float
    sent: int


def measure(*, small: bool) -> list[Figure]:
    """Each thing's time and bytes, by the device."""
    with server() as running:
        return figures_at(running.address, small=small)


def figures_at(address: str, *, small: bool) -> list[Figure]:
    """The same of any server of ours."""
    rounds = 1 if small else ROUNDS
    _visit(DESKTOP, f"{address}/", "map")  # What the server keeps is there for all who come later.
    return [
        _figure(NEAREST, "phone", [_visit(PHONE, address + FIND, "nearest") for _ in range(rounds)]),
        _figure(LIST, "phone", [_visit(PHONE, f"{address}/#list", "list") for _ in range(rounds)]),
        *_maps("phone", PHONE, address, rounds),
        *_maps("desktop", DESKTOP, address, rounds),
        figures.of(GOAL, "a filter is chosen, the whole country", FILTERED, _filters(address, small=small)),
    ]


def _maps(who: str, device: Device, address: str, rounds: int) -> Iterator[Figure]:
    """The map and the picture before it, and the map again."""
    first: list[Visit] = []
    second: list[Visit] = []
    pictures: list[float] = []
    for _ in range(rounds):
        with browser(device, script=WATCH) as one:
            first.append(_seen(one, f"{address}/", "map"))
            pictures.append(one.value("seen.picture"))
            second.append(_seen(one, f"{address}/", "map"))
    yield figures.of(GOAL, PICTURE, who, pictures)
    yield _figure(MAP, who, first)
    yield _figure(MAP, f"{who}, second visit", second)


def _figure(what: str, who: str, visits: list[Visit]) -> Figure:
    sent = [visit.sent for visit in visits]
    times = [visit.ms for visit in visits]
    return figures.of(GOAL, what, who, times, sent=round(median(sent)), most_sent=max(sent))


def _visit(device: Device, address: str, thing: str) -> Visit:
    """The first visit of a new profile."""
    with browser(device, script=WATCH) as one:
        return _seen(one, address, thing)


def _seen(one: Browser, address: str, thing: str) -> Visit:
    one.open(address)
    one.until(lambda: bool(one.value(f"window.seen?.{thing} ?? null")))
    return Visit(one.value(f"seen.{thing}"), one.sent)


def _filters(address: str, *, small: bool) -> list[float]:
    with browser(DESKTOP, script=WATCH) as one:
        _seen(one, f"{address}/?layers={FILTERED}", "map")
        one.value('document.querySelector("#tab-filters").click()')
        one.until(lambda: bool(one.value('document.querySelectorAll("#panel-filters input[type=checkbox]").length')))
        return [one.value(CHOOSE % number) for number in range(5 if small else 40)]
