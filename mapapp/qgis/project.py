"""The project itself: its layers in groups, where it opens, in which system of coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from geodata.crs import WEB_MERCATOR
from mapapp.qgis.coordinates import spatial_reference, transformations
from mapapp.qgis.elements import element, texts
from mapapp.qgis.map_layers import MapLayer, in_tree, ticked
from tiles.picture.view import world_x, world_y

VERSION = "3.22.0"
"""The oldest QGIS that reads it; newer ones take it as one of their own."""
_ROUND_THE_WORLD_M = 40_075_016.685578488

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Group:
    """A group of the layer tree, the uppermost layer first."""

    title: str
    layers: Sequence[MapLayer]
    expanded: bool = True


@dataclass(frozen=True)
class Project:
    """What a project holds. `box` (degrees) is where it opens, `country` its extent, `ground` the colour below all."""

    title: str
    abstract: str
    ground: str
    box: Box
    country: Box
    groups: Sequence[Group]


def document(project: Project) -> Element:
    """The project as its XML."""
    layers = [layer for group in project.groups for layer in group.layers]
    return element(
        "qgis",
        {"projectname": project.title, "version": VERSION},
        *texts(title=project.title),
        element("projectCrs", {}, spatial_reference(WEB_MERCATOR)),
        element("layer-tree-group", {}, *map(_group, project.groups)),
        _canvas(project.box),
        element("projectlayers", {}, *(layer.described for layer in layers)),
        _properties(project.ground),
        transformations(),
        element("projectMetadata", {}, *texts(title=project.title, abstract=project.abstract)),
        _view(project.country),
    )


def _group(group: Group) -> Element:
    shown = any(layer.shown for layer in group.layers)
    said = {"name": group.title, "checked": ticked(shown), "expanded": int(group.expanded)}
    return element("layer-tree-group", said, *map(in_tree, group.layers))


def _corners(box: Box) -> dict[str, float]:
    """A box of degrees in metres of Web Mercator."""
    west, south, east, north = box
    metres = {
        "xmin": world_x(west) - 0.5,
        "ymin": 0.5 - world_y(south),
        "xmax": world_x(east) - 0.5,
        "ymax": 0.5 - world_y(north),
    }
    return {name: share * _ROUND_THE_WORLD_M for name, share in metres.items()}


def _canvas(box: Box) -> Element:
    return element(
        "mapcanvas",
        {"name": "theMapCanvas"},
        *texts(units="meters"),
        element("extent", {}, *texts(**_corners(box))),
        *texts(rotation=0),
        element("destinationsrs", {}, spatial_reference(WEB_MERCATOR)),
    )


def _properties(ground: str) -> Element:
    """The colour below everything; distances and areas are measured on the ellipsoid."""
    parts = {name: int(ground[at : at + 2], 16) for name, at in (("Red", 1), ("Green", 3), ("Blue", 5))}
    colours = (element(f"CanvasColor{name}Part", {"type": "int"}, text=value) for name, value in parts.items())
    measured = {"DistanceUnits": "meters", "AreaUnits": "km2"}
    units = (element(name, {"type": "QString"}, text=value) for name, value in measured.items())
    ellipsoid = element("Ellipsoid", {"type": "QString"}, text="EPSG:7030")
    return element(
        "properties",
        {},
        element("Gui", {}, *colours),
        element("Measurement", {}, *units),
        element("Measure", {}, ellipsoid),
        element("SpatialRefSys", {}, element("ProjectionsEnabled", {"type": "int"}, text=1)),
    )


def _view(country: Box) -> Element:
    full = element("DefaultViewExtent", _corners(country), spatial_reference(WEB_MERCATOR))
    return element("ProjectViewSettings", {"UseProjectScales": 0}, element("Scales"), full)
