"""The state of the map in an address, read for pages that the server draws itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians

from django.http import QueryDict

from geodata.language import both
from geodata.models import AdministrativeUnit, Level
from layers.areas import Circle
from layers.errors import BadParameter, FeatureError
from layers.filters import SHARED, parse, single_values
from layers.layer import Layer
from layers.numbers import read_number
from layers.query import FeatureQuery
from layers.registry import get
from mapapp.map_state import OWN, refuse_unknown_state, shown_layers

Place = tuple[float, float, float]
Area = tuple[float, float, float, float]
_AREAS = ("within", "bbox", "commune", "province")
_METRES_OF_DEGREE = 111_320


@dataclass(frozen=True)
class MapState:
    """What the address says. `place` is (zoom, lat, lon); without it `area` is what the filters narrow the map to,
    None for the whole country; `own` are the page's own values.

    `parameters` is the state alone, as it may stand behind `/?`; `asked` each layer shown with its filters.
    """

    parameters: QueryDict
    place: Place | None
    area: Area | None
    asked: tuple[tuple[Layer, FeatureQuery], ...]
    select: tuple[Layer, str] | None
    words: str
    own: Mapping[str, str]


def read_state(asked: QueryDict, *, own: tuple[str, ...] = ()) -> MapState:
    """The state, with the values of the page's `own` names. Raises BadParameter for whatever means nothing.

    Unlike the page of the live map this one answers the filters itself, so their values are judged here.
    """
    mine, parameters = asked.copy(), asked.copy()
    for name in asked:
        (parameters if name in own else mine).pop(name)
    values = single_values(mine, known=set(own))
    refuse_unknown_state(parameters)
    return MapState(
        parameters=parameters,
        place=place_of(parameters.get("at")),
        area=area_of(parameters),
        asked=tuple((layer, parse(layer, filters_of(layer, parameters))) for layer in shown_layers(parameters.dict())),
        select=_select(parameters.get("select")),
        words=parameters.get("q", ""),
        own=values,
    )


def own_code(values: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    """One of the known values, the first where none is given. Raises BadParameter that names them."""
    value = values.get(name, known[0])
    if value not in known:
        listed = ", ".join(known)
        raise BadParameter(
            f"{name}.unknown", f"{name} là một trong: {listed}.", f"{name} is one of: {listed}.", parameter=name
        )
    return value


def own_number(values: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    """A whole number of pixels within its bounds. Raises BadParameter: nothing is clamped."""
    text = values.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and least <= int(text) <= most):
        told = both(
            f"{name} là số nguyên từ {least} đến {most} (điểm ảnh).",
            f"{name} is a whole number from {least} to {most} (pixels).",
        )
        raise BadParameter(f"{name}.range", told.vi, told.en, parameter=name)
    return int(text)


def place_of(text: str | None) -> Place | None:
    """The place that a checked `at` names: (zoom, lat, lon); None for the whole country."""
    if text is None:
        return None
    zoom, lat, lon = (read_number(part, "at") for part in text.split("/"))
    return zoom, lat, lon


def area_of(parameters: QueryDict) -> Area | None:
    """The box (degrees) that a checked state without `at` is first seen in: of its circle, box, communes or provinces.

    None where `at` says it, where nothing narrows the map, and where a value means nothing: whoever answers it says so.
    """
    try:
        return area_asked(parameters)
    except FeatureError:
        return None


def area_asked(parameters: QueryDict) -> Area | None:
    """The same, for who answers it. Raises BadParameter for a value that means nothing."""
    narrowing = QueryDict(mutable=True)
    for name in _AREAS:
        if parameters.get(name):
            narrowing[name] = parameters[name]
            break
    layers = shown_layers(parameters.dict())
    if "at" in parameters or not narrowing or not layers:
        return None
    query = parse(layers[0], narrowing)
    if query.within:
        return _around(query.within)
    return query.bboxes[0] if query.bboxes else _units_extent(query)


def _units_extent(query: FeatureQuery) -> Area | None:
    level, codes = (Level.COMMUNE, query.communes) if query.communes else (Level.PROVINCE, query.provinces)
    return AdministrativeUnit.objects.using("open").in_force().filter(level=level, code__in=codes).extent()


def _around(circle: Circle) -> Area:
    high = circle.metres / _METRES_OF_DEGREE
    wide = high / max(0.01, cos(radians(circle.lat)))
    return circle.lon - wide, circle.lat - high, circle.lon + wide, circle.lat + high


def _select(text: str | None) -> tuple[Layer, str] | None:
    layer, _, number = (text or "").partition("/")
    return (get(layer), number.lstrip("0") or "0") if text else None


def filters_of(layer: Layer, parameters: QueryDict) -> QueryDict:
    """The filters of one layer as its services take them: shared ones, bare ones (with one layer), its own by name."""
    own = QueryDict(mutable=True)
    for name, value in parameters.items():
        of, _, bare = name.rpartition(".")
        if name not in OWN and value and (name in SHARED or of in ("", layer.name)):
            own[bare] = value
    return own
