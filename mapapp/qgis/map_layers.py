"""A layer of a project, whatever it is made of: what the layer tree and the list of layers have to know of it."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from mapapp.qgis.elements import element, texts


@dataclass(frozen=True)
class MapLayer:
    """`described` is the layer as the project describes it; `shown` that it is drawn when the project opens."""

    id: str
    title: str
    source: str
    provider: str
    shown: bool
    described: Element


def about(title: str, abstract: str, credits: str) -> Element:
    """What the layer says of itself."""
    said = texts(title=title, abstract=abstract, **({"rights": credits} if credits else {}))
    return element("resourceMetadata", {}, *said)


def in_tree(layer: MapLayer) -> Element:
    """The layer's place in the layer tree."""
    named = {"id": layer.id, "name": layer.title, "source": layer.source, "providerKey": layer.provider}
    return element("layer-tree-layer", {**named, "checked": ticked(layer.shown), "expanded": 0})


def ticked(shown: bool) -> str:
    """A tick of the layer tree."""
    return "Qt::Checked" if shown else "Qt::Unchecked"
