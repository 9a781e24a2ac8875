"""Streets in the map's style: quiet, above the ground, below areas, administrative lines, labels and all data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiles.palette import Theme, colour
from tiles.streets.schemas import STREET_NAMES_FROM_ZOOM
from tiles.style import REGULAR, Json

SOURCE = "streets"
# They stand right above this layer of the style.
_GROUND = "base-lakes"
# What our own ground draws of the same things, coarsely: it gives way where the streets begin.
_GIVE_WAY = ("base-lakes", "base-rivers", "base-roads-secondary", "base-roads-primary", "base-railways")
_ROUND: Json = {"line-cap": "round", "line-join": "round"}
# Kind of road: colour, first zoom, width in pixels by zoom. The lesser ones below the greater.
_ROADS: tuple[tuple[str, str, int, Mapping[float, float]], ...] = (
    ("path", "street", 15, {15: 0.6, 19: 3}),
    ("minor", "street", 12, {12: 0.4, 14: 1.6, 16: 5, 19: 22}),
    ("medium", "road", 11, {11: 0.6, 14: 3, 16: 8, 19: 30}),
    ("major", "road", 10, {10: 0.9, 14: 4, 16: 10, 19: 36}),
    ("highway", "street_main", 10, {10: 1.4, 14: 5, 16: 12, 19: 42}),
)
# Kind of settlement: first zoom, size of its name.
_PLACES = (("hamlet", 14, 10.5), ("quarter", 13, 11), ("village", 12, 11), ("town", 11, 12.5))


@dataclass(frozen=True)
class StreetsShown:
    """What a style has to know of the streets: `address` of their tiles, `bounds` west, south, east, north."""

    address: str
    zooms: tuple[int, int]
    bounds: tuple[float, float, float, float]
    credit: str


def with_streets(made: Json, streets: StreetsShown, theme: Theme) -> Json:
    """The style with the streets in it."""
    at = [part["id"] for part in made["layers"]].index(_GROUND) + 1
    layers = [_given_way(part, streets.zooms[0]) for part in made["layers"]]
    sources = {"basemap": made["sources"]["basemap"], SOURCE: _source(streets), **made["sources"]}
    return {**made, "sources": sources, "layers": [*layers[:at], *_layers(theme), *layers[at:]]}


def _given_way(part: Json, zoom: int) -> Json:
    return {**part, "maxzoom": zoom} if part["id"] in _GIVE_WAY else part


def _source(streets: StreetsShown) -> Json:
    least, most = streets.zooms
    return {
        "type": "vector",
        "tiles": [streets.address],
        "minzoom": least,
        "maxzoom": most,
        "bounds": list(streets.bounds),
        "attribution": streets.credit,
    }


def _layers(theme: Theme) -> list[Json]:
    return [*_waters(theme), _buildings(theme), *_ways(theme), _street_names(theme), *_places(theme)]


def _layer(name: str, kind: str, source_layer: str, **rest: Any) -> Json:
    return {"id": f"streets-{name}", "type": kind, "source": SOURCE, "source-layer": source_layer, **rest}


def _of_kind(*kinds: str) -> list[Any]:
    return ["in", ["get", "kind"], ["literal", list(kinds)]]


def _waters(theme: Theme) -> list[Json]:
    water = colour("water", theme)
    return [
        _waterway("streams", ("stream",), 13, {13: 0.5, 16: 1.6, 19: 5}, water),
        _waterway("rivers", ("river", "canal"), 10, {10: 0.8, 14: 2, 19: 10}, water),
        _layer("water", "fill", "water", paint={"fill-color": water}),
    ]


def _waterway(name: str, kinds: Sequence[str], zoom: int, widths: Mapping[float, float], water: str) -> Json:
    paint = {"line-color": water, "line-width": _by_zoom(widths)}
    return _layer(name, "line", "waterways", minzoom=zoom, filter=_of_kind(*kinds), layout=_ROUND, paint=paint)


def _buildings(theme: Theme) -> Json:
    paint = {"fill-color": colour("building", theme), "fill-opacity": _by_zoom({13.5: 0, 15: 1})}
    return _layer("buildings", "fill", "buildings", minzoom=13.5, paint=paint)


def _ways(theme: Theme) -> list[Json]:
    return [*(_road(*road, theme) for road in _ROADS), _railway(theme)]


def _road(kind: str, token: str, zoom: int, widths: Mapping[float, float], theme: Theme) -> Json:
    paint = {"line-color": colour(token, theme), "line-width": _by_zoom(widths)}
    return _layer(f"roads-{kind}", "line", "roads", minzoom=zoom, filter=_of_kind(kind), layout=_ROUND, paint=paint)


def _railway(theme: Theme) -> Json:
    paint = {
        "line-color": colour("admin_line", theme),
        "line-width": _by_zoom({10: 0.7, 14: 1.2, 19: 3}),
        "line-dasharray": [3, 3],
        "line-opacity": 0.6,
    }
    return _layer("railways", "line", "railways", paint=paint)


def _street_names(theme: Theme) -> Json:
    layout = {
        "symbol-placement": "line",
        "symbol-spacing": 320,
        "text-field": ["get", "name"],
        "text-font": REGULAR,
        "text-size": _by_zoom({14: 10, 17: 12.5}),
        "text-max-angle": 30,
        "text-padding": 6,
        "symbol-sort-key": ["match", ["get", "kind"], "highway", 0, "major", 1, "medium", 2, "minor", 3, 4],
    }
    return _layer("names", "symbol", "street_names", minzoom=STREET_NAMES_FROM_ZOOM, layout=layout, paint=_ink(theme))


def _places(theme: Theme) -> list[Json]:
    return [_place(kind, zoom, size, theme) for kind, zoom, size in _PLACES]


def _place(kind: str, zoom: float, size: float, theme: Theme) -> Json:
    layout = {
        "text-field": ["get", "name"],
        "text-font": REGULAR,
        "text-size": size,
        "text-max-width": 8,
        "text-padding": 6,
    }
    return _layer(
        f"places-{kind}", "symbol", "places", minzoom=zoom, filter=_of_kind(kind), layout=layout, paint=_ink(theme)
    )


def _ink(theme: Theme) -> Json:
    return {"text-color": colour("label", theme), "text-halo-color": colour("land", theme), "text-halo-width": 1.2}


def _by_zoom(stops: Mapping[float, float]) -> list[Any]:
    """Widths grow with the ground, twice with each zoom, though a little slower."""
    return ["interpolate", ["exponential", 1.6], ["zoom"], *(part for stop in stops.items() for part in stop)]
