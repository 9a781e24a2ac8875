"""Addresses made from the state of the map: its pictures, and the views beside it."""

from dataclasses import dataclass
from math import ceil

from django.http import QueryDict

from geodata.language import Both, both
from mapapp.addresses import with_query
from mapapp.sharing.state import Area, Place, place_of
from tiles.picture import View, area_view, country_view

WIDE, NARROW = (1200, 800), (390, 760)
"""Sizes of the picture that stands for the map: beside the lists, and on a phone."""
BARE_COUNTRY, BARE_COUNTRY_NARROW = (1040, 800), (390, 430)
BARE_PLACE, BARE_PLACE_NARROW = (1200, 900), (430, 700)
"""Of the first paint: the country fits into its place, a view lies at its true scale in the middle of it."""
_LEAST_ZOOM, _MOST_ZOOM = 2.5, 19.0
_HALF = 0.5


@dataclass(frozen=True)
class Step:
    """A view beside the one that is shown: its name, the `at` it has (empty: the whole country), its address."""

    name: str
    title: Both
    at: str
    href: str


_STEPS = (
    ("north", both("Lên bắc", "North"), 0.0, -_HALF, 0.0),
    ("south", both("Xuống nam", "South"), 0.0, _HALF, 0.0),
    ("west", both("Sang tây", "West"), -_HALF, 0.0, 0.0),
    ("east", both("Sang đông", "East"), _HALF, 0.0, 0.0),
    ("in", both("Phóng to", "Zoom in"), 0.0, 0.0, 1.0),
    ("out", both("Thu nhỏ", "Zoom out"), 0.0, 0.0, -1.0),
)
_COUNTRY = both("Cả nước", "Whole country")


def with_state(path: str, state: QueryDict, **more: object) -> str:
    """The path with the state of the map behind it, and more."""
    query = state.copy()
    for name, value in more.items():
        query[name] = str(value)
    return with_query(path, query)


def pictures(state: QueryDict, area: Area | None) -> dict[str, str]:
    """The addresses of the pictures that stand on the map's page: `bare` as first paint, `full` instead of the map.

    `area` is what `area_of` says of the state.
    """
    placed = "at" in state or area is not None
    bare = (BARE_PLACE, BARE_PLACE_NARROW) if placed else (BARE_COUNTRY, BARE_COUNTRY_NARROW)
    return {
        "bare": _sized(state, bare[0], frame="none"),
        "bare_narrow": _sized(state, bare[1], frame="none"),
        "full": _sized(state, WIDE),
        "full_narrow": _sized(state, NARROW),
        "fit": "place" if placed else "country",
    }


def steps(path: str, state: QueryDict, area: Area | None) -> list[Step]:
    """The views to go to by plain links: half a picture to each side, nearer, farther, the whole country.

    `area` is what `area_of` says of the state.
    """
    view = _view(place_of(state.get("at")), area)
    moves = [(name, title, view.moved(right, down, nearer)) for name, title, right, down, nearer in _STEPS]
    found = [
        Step(name, title, at_of(to), with_state(path, state, at=at_of(to)))
        for name, title, to in moves
        if _LEAST_ZOOM <= to.zoom <= _MOST_ZOOM
    ]
    whole = state.copy()
    whole.pop("at", None)
    return [*found, Step("country", _COUNTRY, "", with_query(path, whole))]


def at_of(view: View) -> str:
    """The view as the address says it, as exactly as the zoom can show (static/js/state.js)."""
    digits = max(2, min(6, ceil(view.zoom / 3) + 1))
    return "/".join(f"{number:.{places}f}".rstrip("0").rstrip(".") for number, places in
                    ((view.zoom, 2), (view.lat, digits), (view.lon, digits)))  # fmt: skip


def _view(place: Place | None, area: Area | None) -> View:
    width, height = WIDE[0] - 300, WIDE[1]
    if place is None:
        return area_view(area, width, height) if area else country_view(width, height)
    zoom, lat, lon = place
    return View(lon, lat, zoom, width, height)


def _sized(state: QueryDict, size: tuple[int, int], **more: object) -> str:
    return with_state("/picture.svg", state, width=size[0], height=size[1], **more)
