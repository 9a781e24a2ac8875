"""A layer of vector tiles in a project: where its tiles are, the styles of its areas, lines and labels."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote
from xml.etree.ElementTree import Element

from geodata.crs import WEB_MERCATOR
from mapapp.qgis.coordinates import spatial_reference
from mapapp.qgis.elements import element, texts
from mapapp.qgis.labels import Label, settings
from mapapp.qgis.map_layers import MapLayer, about

Geometry = Literal["Point", "LineString", "Polygon"]
_GEOMETRIES = {"Point": 0, "LineString": 1, "Polygon": 2}
_PROVIDER = "vectortile"
_EDGE = 20037508.342789244


@dataclass(frozen=True)
class Drawn:
    """What is drawn of one MVT layer's features of one kind of geometry: a symbol, or a label. -1 is any zoom."""

    name: str
    source_layer: str
    geometry: Geometry
    drawn: Element | Label
    filter: str = ""
    zooms: tuple[int, int] = (-1, -1)


@dataclass(frozen=True)
class Tiles:
    """Where tiles are: their address with `{z}`, `{x}`, `{y}` and their filters, the zooms that there are."""

    address: str
    zooms: tuple[int, int]

    @property
    def source(self) -> str:
        """The same as QGIS writes it: an address inside of an address."""
        least, most = self.zooms
        return f"type=xyz&url={quote(self.address, safe=':/?,.')}&zmax={most}&zmin={least}"


def tile_layer(
    name: str,
    title: str,
    tiles: Tiles,
    drawn: Iterable[Drawn],
    *,
    abstract: str = "",
    credits: str = "",
    shown: bool = True,
) -> MapLayer:
    """The layer of these tiles, of what is drawn the lowest first."""
    styles = list(drawn)
    described = element(
        "maplayer",
        {"type": "vector-tile", "hasScaleBasedVisibilityFlag": 0},
        element("extent", {}, *texts(xmin=-_EDGE, ymin=-_EDGE, xmax=_EDGE, ymax=_EDGE)),
        *texts(id=name, datasource=tiles.source, layername=title),
        element("srs", {}, spatial_reference(WEB_MERCATOR)),
        about(title, abstract, credits),
        element("provider", text=_PROVIDER),
        _basic(
            "renderer",
            (_style(one, element("symbols", {}, one.drawn)) for one in styles if not isinstance(one.drawn, Label)),
        ),
        _basic("labeling", (_style(one, settings(one.drawn)) for one in styles if isinstance(one.drawn, Label))),
        *texts(blendMode=0, layerOpacity=1),
    )
    return MapLayer(name, title, tiles.source, _PROVIDER, shown, described)


def _basic(tag: str, styles: Iterable[Element]) -> Element:
    return element(tag, {"type": "basic"}, element("styles", {}, *styles))


def _style(one: Drawn, content: Element) -> Element:
    least, most = one.zooms
    return element(
        "style",
        {
            "name": one.name,
            "layer": one.source_layer,
            "geometry": _GEOMETRIES[one.geometry],
            "expression": one.filter,
            "enabled": 1,
            "min-zoom": least,
            "max-zoom": most,
        },
        content,
    )
