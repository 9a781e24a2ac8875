"""Symbols of QGIS. Sizes are pixels of the web (1/96 inch), written as points: so they are alike on paper too."""

from collections.abc import Mapping, Sequence
from typing import Literal
from xml.etree.ElementTree import Element

from mapapp.qgis.elements import Attributes, by_expressions, element, option

Kind = Literal["marker", "line", "fill"]
POINTS = 0.75
"""Points in a pixel of the web."""
_NO_EXPRESSIONS: Mapping[str, str] = {}


def points(pixels: float) -> str:
    """That many pixels in points."""
    return f"{round(pixels * POINTS, 3):g}"


def symbol(kind: Kind, *parts: Element, name: str = "0", opacity: float = 1) -> Element:
    """A symbol of these parts, the lowest first."""
    return element(
        "symbol", {"type": kind, "name": name, "alpha": opacity, "clip_to_extent": 1, "force_rhr": 0}, *parts
    )


def part(
    kind: str, properties: Attributes, *inner: Element, expressions: Mapping[str, str] = _NO_EXPRESSIONS
) -> Element:
    """A symbol's part of a class of QGIS; `expressions` are the properties that follow from the feature."""
    return element(
        "layer",
        {"class": kind, "enabled": 1, "locked": 0, "pass": 0},
        option("", {name: str(value) for name, value in properties.items()}),
        by_expressions("data_defined_properties", expressions),
        *inner,
    )


def fill(colour: str, *, opacity: float = 1, edge: str = "", edge_px: float = 0) -> Element:
    """A plain area, by default without an edge."""
    edged = {"outline_style": "solid" if edge else "no", "outline_color": rgba(edge or colour)}
    width = {"outline_width": points(edge_px), "outline_width_unit": "Point"}
    return part(
        "SimpleFill", {"color": rgba(colour, opacity), "style": "solid", "joinstyle": "round", **edged, **width}
    )


def line(
    colour: str,
    width_px: float,
    *,
    dashes: Sequence[float] = (),
    expressions: Mapping[str, str] = _NO_EXPRESSIONS,
) -> Element:
    """A line with round ends; `dashes` are pixels, line and gap in turn."""
    broken = {"use_custom_dash": 1, "customdash": ";".join(map(points, dashes)), "customdash_unit": "Point"}
    return part(
        "SimpleLine",
        {
            "line_color": rgba(colour),
            "line_width": points(width_px),
            "line_width_unit": "Point",
            "capstyle": "flat" if dashes else "round",
            "joinstyle": "round",
            **(broken if dashes else {}),
        },
        expressions=expressions,
    )


def rgba(colour: str, opacity: float = 1) -> str:
    """`#RRGGBB` as QGIS writes it: four numbers up to 255."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"
