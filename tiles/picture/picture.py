"""What is asked for and what comes back: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from layers.layer import Layer
from layers.query import FeatureQuery
from tiles.picture.palette import PictureTheme
from tiles.picture.view import View

Frame = Literal["full", "none", "paper"]


@dataclass(frozen=True)
class Asked:
    """One layer and the filters it is drawn under."""

    layer: Layer
    query: FeatureQuery


@dataclass(frozen=True)
class Picture:
    """What is to be drawn. `place` is (zoom, lat, lon). Without it `area` (west, south, east, north) is shown, or
    the whole country; texts are in the active language.

    `frame` full: with all that a picture must say; paper: without what the sheet around it says; none: the map alone.
    `selected` is a position (lon, lat) and a name; `notes` are the filters in force; `foot` the date and sources.
    """

    asked: tuple[Asked, ...]
    width: int
    height: int
    edition: str
    title: str
    place: tuple[float, float, float] | None = None
    area: tuple[float, float, float, float] | None = None
    theme: PictureTheme = "auto"
    frame: Frame = "full"
    selected: tuple[float, float, str] | None = None
    demo: bool = False
    notes: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    """How many of a layer lie in the picture: rows, what the rings add up, rows by class (without one under "")."""

    rows: int
    weight: int
    classes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """The SVG, what it counts of each layer by name, and the view that its map shows."""

    svg: str
    counts: dict[str, Count]
    view: View
