"""Labels of vector tiles as QGIS takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from mapapp.qgis.elements import by_expressions, element
from mapapp.qgis.symbols import points, rgba, symbol

FAMILIES = ("Be Vietnam Pro", "Segoe UI", "Noto Sans", "Arial")
"""The first is that of the map; who has it not sees one that has all Vietnamese letters."""
OVER_POINT, CURVED = 1, 3
_CENTRED, _ON_THE_LINE, _REPEAT_PX = 4, 1, 320


@dataclass(frozen=True)
class Label:
    """How a label looks and stands. Sizes are pixels, `spacing` parts of the letters' size.

    `places` is a placement of QGIS; `always` says that nothing may keep it away. `ground` is the marker below it;
    `expressions` are the properties that follow from the feature.
    """

    expression: str
    colour: str
    size_px: float
    weight: int = 50
    italic: bool = False
    halo: str = ""
    halo_px: float = 0
    spacing: float = 0
    wrap: int = 0
    places: int = OVER_POINT
    priority: int = 5
    always: bool = False
    ground: Sequence[Element] = ()
    ground_px: float = 0
    expressions: Mapping[str, str] | None = None


def settings(label: Label) -> Element:
    """The label's settings."""
    return element(
        "settings",
        {"calloutType": "simple"},
        _text(label),
        element("text-format", {"wrapChar": "\n", "autoWrapLength": label.wrap, "multilineAlign": 1}),
        _placement(label),
        _rendering(label),
        by_expressions("dd_properties", label.expressions or {}),
    )


def _text(label: Label) -> Element:
    families = (element("family", {"name": name}) for name in FAMILIES)
    given = {
        "fieldName": label.expression,
        "isExpression": 1,
        "fontFamily": FAMILIES[0],
        "fontSize": points(label.size_px),
        "fontSizeUnit": "Point",
        "fontWeight": label.weight,
        "fontItalic": int(label.italic),
        "fontLetterSpacing": points(label.spacing * label.size_px),
        "textColor": rgba(label.colour),
        "textOpacity": 1,
        "multilineHeight": 1,
    }
    return element("text-style", given, element("families", {}, *families), _halo(label), _ground(label))


def _halo(label: Label) -> Element:
    drawn = {"bufferDraw": int(bool(label.halo)), "bufferColor": rgba(label.halo or label.colour)}
    return element(
        "text-buffer",
        {
            **drawn,
            "bufferSize": points(label.halo_px),
            "bufferSizeUnits": "Point",
            "bufferNoFill": 1,
            "bufferOpacity": 1,
        },
    )


def _ground(label: Label) -> Element:
    if not label.ground:
        return element("background", {"shapeDraw": 0})
    size = {"shapeSizeX": points(label.ground_px), "shapeSizeY": points(label.ground_px), "shapeSizeUnit": "Point"}
    return element(
        "background",
        {"shapeDraw": 1, "shapeType": 5, "shapeSizeType": 1, "shapeRotationType": 0, "shapeOpacity": 1, **size},
        symbol("marker", *label.ground, name="markerSymbol"),
    )


def _placement(label: Label) -> Element:
    return element(
        "placement",
        {
            "placement": label.places,
            "placementFlags": _ON_THE_LINE,
            "quadOffset": _CENTRED,
            "priority": label.priority,
            "maxCurvedCharAngleIn": 30,
            "maxCurvedCharAngleOut": -30,
            "repeatDistance": points(_REPEAT_PX if label.places == CURVED else 0),
            "repeatDistanceUnits": "Point",
        },
    )


def _rendering(label: Label) -> Element:
    return element(
        "rendering",
        {"drawLabels": 1, "displayAll": int(label.always), "obstacle": 0, "maxNumLabels": 2000, "upsidedownLabels": 0},
    )
