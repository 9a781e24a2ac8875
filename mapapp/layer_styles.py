"""How QGIS draws a downloaded layer: QML with the marks and colours of the map, one category for each code."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from geodata.writers.gpkg import Style
from layers.codes import Code
from layers.layer import Layer
from tiles.palette import colour
from tiles.picture.shapes import codes_of, colour_of

_SHAPES = {"circle": "circle", "diamond": "diamond", "square": "square", "hexagon": "hexagon"}
_HEAD = '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">\n'


def geopackage_style(layer: Layer) -> Style:
    """The style of a layer, its labels in the active language."""
    root = Element("qgis", version="3.22.0", styleCategories="Symbology")
    codes = list(codes_of(layer).values()) if layer.class_field else []
    kind = "categorizedSymbol" if codes else "singleSymbol"
    renderer = SubElement(root, "renderer-v2", type=kind, symbollevels="0", enableorderby="0", forceraster="0")
    if codes and layer.class_field:
        renderer.set("attr", layer.class_field.name)
        categories = SubElement(renderer, "categories")
        for number, code in enumerate(codes):
            label = str(code.label)
            SubElement(categories, "category", value=code.code, label=label, symbol=str(number), render="true")
    symbols = SubElement(renderer, "symbols")
    symbols.extend(_symbols(layer, codes or [None]))
    return Style(str(layer.title), _HEAD + tostring(root, encoding="unicode"))


def _symbols(layer: Layer, codes: list) -> Iterator[Element]:
    for number, code in enumerate(codes):
        yield _symbol(layer, code, str(number))


def _symbol(layer: Layer, code: Code | None, name: str) -> Element:
    marker = layer.geometry == "point"
    symbol = Element("symbol", type="marker" if marker else "fill", name=name, alpha="1", clip_to_extent="1")
    symbol.append(_mark(layer, code) if marker else _area())
    return symbol


def _mark(layer: Layer, code: Code | None) -> Element:
    return _drawn(
        "SimpleMarker",
        name=_SHAPES[layer.style.shape],
        color=_rgba(colour_of(layer, code)),
        outline_color=_rgba("panel"),
        outline_width="0.3",
        outline_width_unit="MM",
        size="2.8",
        size_unit="MM",
    )


def _area() -> Element:
    return _drawn(
        "SimpleFill",
        style="no",
        outline_color=_rgba("admin_line"),
        outline_width="0.4",
        outline_width_unit="MM",
        outline_style="solid",
    )


def _drawn(kind: str, **options: str) -> Element:
    drawn = Element("layer", {"class": kind, "enabled": "1", "pass": "0", "locked": "0"})
    listed = SubElement(drawn, "Option", type="Map")
    for name, value in options.items():
        SubElement(listed, "Option", type="QString", name=name, value=value)
    return drawn


def _rgba(name: str) -> str:
    """The colour of a token on a light ground, as QGIS writes it."""
    text = colour(name, "light").removeprefix("#")
    return ",".join([*(str(int(text[n : n + 2], 16)) for n in (0, 2, 4)), "255"])
