"""How QGIS draws what was downloaded: told by the floor above, which knows the palette."""

from collections.abc import Callable

from geodata.writers.gpkg import Style
from layers.layer import Layer

_known: list[Callable[[Layer], Style]] = []


def styled_by(make: Callable[[Layer], Style]) -> None:
    """Says what makes the style of a layer."""
    _known[:] = [make]


def style_of(layer: Layer) -> Style | None:
    """The style that goes along with the layer's GeoPackage, or None."""
    return _known[0](layer) if _known else None
