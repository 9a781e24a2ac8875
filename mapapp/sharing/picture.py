"""`/picture.svg`, `/picture.png`: the state of the map as a picture drawn by the server."""

import base64
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from geodata.credits import boundaries_are_approximate
from geodata.language import both
from layers.credits import all_credits
from layers.errors import FeatureError
from layers.lookup import find
from layers.query import FeatureQuery, columns, map_day, reading
from layers.registers.map_day import is_demo
from layers.scope import read_only
from layers.values import as_properties
from mapapp.sharing.conditions import conditions
from mapapp.sharing.raster import png_of
from mapapp.sharing.state import MapState, own_code, own_number, read_state
from mapapp.words import heading_in_words, in_day
from tiles.basemap import edition
from tiles.picture import Asked, Frame, Picture, draw, style_sheet
from tiles.picture.palette import THEMES, PictureTheme
from tiles.tile import Tile
from tiles.versions import SOURCES, version_of

TITLE = both(
    "Bản đồ số tiêu chuẩn, đo lường, chất lượng Việt Nam", "Viet Nam’s map of standards, metrology and quality"
)
OWN = ("width", "height", "theme", "frame")
FRAMES = ("full", "none", "paper")
WIDTH, HEIGHT = 1200, 800
PREVIEW = (1200, 630)
"""What social networks ask of a preview."""
LEAST, MOST = 200, 1600
_SVG = "image/svg+xml; charset=utf-8"
_MOST_KEPT, _MOST_BYTES = 64, 16 * 2**20
_WHOLE = Tile(0, 0, 0)
_kept: OrderedDict[str, bytes] = OrderedDict()
_lock = Lock()


@read_only
def picture_svg(request: HttpRequest) -> HttpResponse:
    """The picture as SVG, under a policy that lets nothing but its own style sheet be."""
    state = read_state(request.GET, own=OWN)
    picture = picture_of(state, width=WIDTH, height=HEIGHT)
    response = _answer(request, state, picture, _SVG, lambda: draw(picture).svg.encode())
    sheet = base64.b64encode(hashlib.sha256(style_sheet(picture.theme).encode()).digest()).decode()
    response["Content-Security-Policy"] = f"default-src 'none'; style-src 'sha256-{sheet}'; frame-ancestors 'self'"
    return response


@read_only
def picture_png(request: HttpRequest) -> HttpResponse:
    """The same in pixels, of the size that previews in social networks have; always light."""
    state = read_state(request.GET)
    picture = picture_of(state, width=PREVIEW[0], height=PREVIEW[1], theme="light")
    return _answer(request, state, picture, "image/png", lambda: png_of(draw(picture).svg))


def picture_of(state: MapState, *, width: int, height: int, theme: PictureTheme | None = None) -> Picture:
    """What is to be drawn of a state: its own size, theme and frame where it names them."""
    with reading(None, "page"):
        return Picture(
            asked=tuple(Asked(layer, query) for layer, query in state.asked),
            width=own_number(state.own, "width", default=width, least=LEAST, most=MOST),
            height=own_number(state.own, "height", default=height, least=LEAST, most=MOST),
            edition=edition(),
            title=str(TITLE),
            place=state.place,
            area=state.area,
            theme=theme or cast(PictureTheme, own_code(state.own, "theme", THEMES)),
            frame=cast(Frame, own_code(state.own, "frame", FRAMES)),
            selected=_selected(state),
            demo=is_demo(),
            notes=conditions(state.asked, state.words),
            foot=sources(state),
        )


def sources(state: MapState) -> tuple[str, ...]:
    """The day of the data, and whom the picture has to name. Inside a `reading`."""
    on = next((query.on for _, query in state.asked if query.on), None)
    day = in_day(on or map_day("open"))
    dated = (
        both(f"Tình trạng của ngày {day}", f"State on {day}") if on else both(f"Dữ liệu đến {day}", f"Data up to {day}")
    )
    rough = [str(both("ranh giới gần đúng", "approximate boundaries"))] if boundaries_are_approximate() else []
    named = " · ".join([*all_credits(), *rough])
    return (str(dated), *([f"{both('Nguồn', 'Sources')}: {named}"] if named else []))


def _selected(state: MapState) -> tuple[float, float, str] | None:
    """Where the selected record lies and its name; None where it is there no more, or is no point."""
    if state.select is None:
        return None
    layer, number = state.select
    query = next((query for asked, query in state.asked if asked is layer), None)
    try:
        row = find(layer, query or FeatureQuery(day=map_day("open")), number)
    except FeatureError:
        return None
    if row[-1].geom_type != "Point":
        return None
    fields = columns(layer)
    return row[-1].x, row[-1].y, heading_in_words(layer, as_properties(fields, [row[1:-1]], None)[0])


def _answer(
    request: HttpRequest, state: MapState, picture: Picture, kind: str, make: Callable[[], bytes]
) -> HttpResponse:
    """304 where the caller has this picture of these data, else the picture, drawn once for all who ask."""
    tag = _tag(request, state, picture, kind)
    named = (one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", "")))
    known = f'"{tag}"' in named
    response = HttpResponse(status=304) if known else HttpResponse(_drawn_once(tag, make), content_type=kind)
    response["ETag"], response["Cache-Control"] = f'"{tag}"', "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _tag(request: HttpRequest, state: MapState, picture: Picture, kind: str) -> str:
    """Follows from the version of each layer shown, our sources (also where none is) and all else that is drawn."""
    with reading(None, "page"):
        versions = [version_of(layer, _WHOLE) for layer, _ in state.asked]
    beside = [getattr(picture, name) for name in picture.__dataclass_fields__ if name != "asked"]
    asked = [(layer.name, query) for layer, query in state.asked]
    text = repr((SOURCES, kind, versions, beside, asked, request.LANGUAGE_CODE))  # type: ignore[attr-defined]
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _drawn_once(tag: str, make: Callable[[], bytes]) -> bytes:
    with _lock:
        found = _kept.get(tag)
        if found is not None:
            _kept.move_to_end(tag)
            return found
    made = make()
    with _lock:
        _kept[tag] = made
        while len(_kept) > _MOST_KEPT or sum(map(len, _kept.values())) > _MOST_BYTES:
            _kept.popitem(last=False)
    return made
