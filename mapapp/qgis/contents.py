"""What stands in the project of a state of the map: its layers under their filters, in groups, with what they say."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import get_language

from geodata.archipelagos import COUNTRY_VIEW
from geodata.credits import ground_credits
from geodata.language import both
from layers.credits import all_credits
from layers.describe import describe
from layers.errors import FeatureError
from layers.filters import SHARED, parse
from layers.layer import Layer
from layers.query import FeatureQuery, map_day
from layers.registers.map_day import is_demo
from layers.registry import all_layers
from mapapp.addresses import in_language, with_query
from mapapp.qgis.ground import background, ground_of, parted
from mapapp.qgis.map_layers import MapLayer
from mapapp.qgis.project import Box, Group, Project
from mapapp.qgis.row_layers import row_layer
from mapapp.qgis.tile_layers import drawn_of
from mapapp.qgis.vector_tiles import Tiles, tile_layer
from mapapp.sharing.conditions import conditions
from mapapp.sharing.picture import TITLE
from mapapp.sharing.state import MapState, filters_of
from mapapp.words import in_day
from tiles.basemap import ZOOMS
from tiles.picture import View, area_view
from tiles.streets.serving import shown_streets
from tiles.streets.style import SOURCE as STREETS
from tiles.streets.style import with_streets
from tiles.style import style
from tiles.tilejson import DEMO

_WIDTH, _HEIGHT = 1200, 800
"""The window that a place is fitted into, as on the web map: QGIS fits it into its own."""
_MAP = both("Bản đồ (ô vectơ: gộp cụm)", "Map (vector tiles: with clusters)")
_ROWS = both("Mọi bản ghi (WFS: đủ dòng, đủ cột)", "All records (WFS: every row and column)")
_NAMES = both("Tên trên nền", "Place names")
_GROUND, _STREETS = both("Nền bản đồ", "Base map"), both("Đường phố", "Streets")
_SOURCES = both("Nguồn", "Sources")
_DAY = both("Dữ liệu đến ngày", "Data up to")
_FILTERS = both("Bộ lọc", "Filters")
_TILES_CLUSTER = both(
    "Ô vectơ để xem: khi thu nhỏ, các điểm được gộp thành cụm có số đếm.",
    "Vector tiles are for looking: when zoomed out, points are gathered into clusters with a count.",
)
_COORDINATES = both(
    "Chuyển sang VN-2000 (EPSG:4756, 3405, 3406, 5896–5899, 9205–9218) bằng phép EPSG:6960 ghi sẵn trong dự án này.",
    "Coordinates become VN-2000 (EPSG:4756, 3405, 3406, 5896–5899, 9205–9218) by EPSG:6960, which this project pins.",
)


@dataclass(frozen=True)
class Offered:
    """A layer of the project: what it is asked, as its services take it and as it is understood."""

    layer: Layer
    filters: QueryDict
    query: FeatureQuery
    shown: bool


def project_of(state: MapState, base_url: str) -> Project:
    """The project in the active language; `base_url` is the origin, without a final slash."""
    offered = list(_offered(state))
    names, ground, colour = _ground(base_url)
    return Project(
        title=str(TITLE),
        abstract="\n".join(_said(state)),
        ground=colour,
        box=_box(state),
        country=COUNTRY_VIEW,
        groups=[
            Group(str(_NAMES), names, expanded=False),
            Group(str(_MAP), [_drawn(one, base_url) for one in offered]),
            Group(str(_ROWS), [_rows(one, base_url) for one in offered], expanded=False),
            Group(str(_GROUND), ground, expanded=False),
        ],
    )


def _offered(state: MapState) -> Iterator[Offered]:
    """The layers shown, with their filters; the others to be ticked, under the filters that all layers share.

    A layer that cannot be asked a shared filter (`on` of one that stands at the map's day) is not offered.
    """
    asked = dict(state.asked)
    for layer in all_layers():
        filters = filters_of(layer, state.parameters)
        if layer in asked:
            yield Offered(layer, filters, asked[layer], shown=True)
            continue
        shared = QueryDict(mutable=True)
        shared.update({name: filters[name] for name in SHARED if name in filters})
        try:
            yield Offered(layer, shared, parse(layer, shared), shown=False)
        except FeatureError:
            continue


def _drawn(offered: Offered, base_url: str) -> MapLayer:
    layer = offered.layer
    return tile_layer(
        f"tiles_{layer.name}",
        str(layer.title),
        Tiles(base_url + with_query(f"/tiles/{layer.name}/{{z}}/{{x}}/{{y}}.mvt", offered.filters), layer.zooms),
        drawn_of(layer),
        abstract=f"{layer.description} {_TILES_CLUSTER}",
        credits=" · ".join(all_credits()),
        shown=offered.shown,
    )


def _rows(offered: Offered, base_url: str) -> MapLayer:
    credits = " · ".join(all_credits())
    return row_layer(offered.layer, offered.query, base_url + in_language("/wfs", _language()), credits=credits)


def _ground(base_url: str) -> tuple[list[MapLayer], list[MapLayer], str]:
    """The base map's names, which lie above the data, its ground and the colour below it, from the web map's light
    style.
    """
    streets = shown_streets(base_url)
    made = style([describe(layer) for layer in all_layers()], lang=_language(), theme="light", base_url=base_url)
    made = with_streets(made, streets, "light") if streets else made
    sources = [("basemap", _GROUND, Tiles(made["sources"]["basemap"]["tiles"][0], ZOOMS), " · ".join(ground_credits()))]
    if streets:
        sources.insert(0, (STREETS, _STREETS, Tiles(streets.address, streets.zooms), streets.credit))
    names, ground = [], []
    for source, title, tiles, credits in sources:
        labels, symbols = parted(ground_of(made, source))
        names.append(tile_layer(f"tiles_{source}_names", f"{title}: {_NAMES}", tiles, labels, credits=credits))
        ground.append(tile_layer(f"tiles_{source}", str(title), tiles, symbols, credits=credits))
    return names, ground, background(made)


def _language() -> str:
    return "en" if get_language() == "en" else "vi"


def _box(state: MapState) -> Box:
    if state.place:
        zoom, lat, lon = state.place
        return View(lon, lat, zoom, _WIDTH, _HEIGHT).bounds
    return area_view(state.area, _WIDTH, _HEIGHT).bounds if state.area else COUNTRY_VIEW


def _said(state: MapState) -> Iterator[str]:
    """What the project says of itself, line by line."""
    if is_demo():
        yield str(DEMO)
    yield f"{_DAY} {in_day(map_day('open'))}"
    lines = conditions(state.asked, state.words)
    if lines:
        yield f"{_FILTERS}: {'; '.join(lines)}"
    yield str(_TILES_CLUSTER)
    yield str(_COORDINATES)
    yield f"{_SOURCES}: {' · '.join(all_credits())}"
