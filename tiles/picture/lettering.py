"""Names on a picture: the archipelagos' always, the others where they cover nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from geodata.archipelagos import ARCHIPELAGOS, Archipelago
from tiles.picture.ground import Label
from tiles.picture.separating import Box
from tiles.picture.svg import element, group, number, words
from tiles.picture.view import View

# The mean width of a letter: fonts differ, and the reader's own may be wider than ours.
_LETTER_EM, _BOLD_EM = 0.57, 0.63
_LINE_EM = 1.25
_ARCHIPELAGOS_UP_TO_ZOOM = 12.0


@dataclass(frozen=True)
class Kind:
    """How names of a kind are written: from and to which zoom, size by zoom, classes, space between letters."""

    zooms: tuple[float, float]
    sizes: tuple[tuple[float, float], ...]
    classes: str
    spacing_em: float = 0.0
    on: str = "land"


KINDS = {
    "sea": Kind((0, 99), ((3, 12), (5, 19), (8, 26)), "i f-sea-ink", 0.18, on="sea"),
    "province": Kind((4.3, 11), ((4.3, 9.5), (5, 11), (7, 13), (10, 16)), "b f-label", 0.03),
    "island": Kind((5.2, 99), ((5, 11), (6, 11)), "f-label", on="sea"),
    "place": Kind((8, 10.5), ((8, 11), (11, 12.5)), "f-label"),
    "commune": Kind((10.5, 99), ((10, 11), (14, 12.5)), "f-label"),
}
_ARCHIPELAGO_SIZES = ((2, 7.5), (3, 10.5), (5, 12.5), (8, 15))


def text_width(text: str, size: float, spacing_em: float = 0.0, *, bold: bool = False) -> float:
    """About how wide a line is."""
    return len(text) * size * ((_BOLD_EM if bold else _LETTER_EM) + spacing_em)


def by_zoom(stops: Sequence[tuple[float, float]], zoom: float) -> float:
    """The value at a zoom between stops (zoom, value); before the first and behind the last, that one's."""
    previous = stops[0]
    for stop in stops:
        if zoom < stop[0]:
            share = (zoom - previous[0]) / (stop[0] - previous[0]) if stop != previous else 0
            return previous[1] + (stop[1] - previous[1]) * max(0, share)
        previous = stop
    return previous[1]


@dataclass(frozen=True)
class Name:
    """An archipelago's label: its lines, their size, and the box they fill."""

    lines: list[str]
    size: float
    box: Box

    def svg(self) -> str:
        middle, first = (self.box.left + self.box.right) / 2, self.box.top + self.size
        lines = (
            element("tspan", words(line), x=middle, y=first + index * self.size * _LINE_EM)
            for index, line in enumerate(self.lines)
        )
        return element("text", *lines, class_="b m h f-ink-soft s-sea", font_size=self.size)


def archipelago_names(view: View, *, size: float = 0.0) -> list[Name]:
    """The label of each archipelago that the view touches, moved inside where it would be cut."""
    if view.zoom > _ARCHIPELAGOS_UP_TO_ZOOM:
        return []
    west, south, east, north = view.bounds
    sides = [(each, each.envelope.bounds) for each in ARCHIPELAGOS]
    seen = [each for each, (w, s, e, n) in sides if w < east and e > west and s < north and n > south]
    return [_name(each, view, size or by_zoom(_ARCHIPELAGO_SIZES, view.zoom)) for each in seen]


def _name(archipelago: Archipelago, view: View, size: float) -> Name:
    first, _, rest = str(archipelago.label).partition(" (")
    lines = [first, f"({rest}"]
    half = max(text_width(line, size) for line in lines) / 2 + 2
    height = len(lines) * size * _LINE_EM + 2
    x, y = view.plot_degrees(*archipelago.anchor)
    x = min(max(x, half + 2), max(view.width - half - 2, half + 2))
    top = min(max(y - height / 2, 2), view.height - height - 2)
    return Name(lines, round(size, 1), Box(x - half, top, x + half, top + height))


def place_names(labels: Iterable[Label], view: View, taken: Iterable[Box]) -> str:
    """The names that fit, in their order: each covers no mark, no other name and no edge."""
    used = list(taken)
    return group(filter(None, (_placed(label, view, used) for label in labels)), class_="names")


def _placed(label: Label, view: View, used: list[Box]) -> str:
    kind = KINDS.get(label.kind)
    if kind is None or not kind.zooms[0] <= view.zoom <= kind.zooms[1]:
        return ""
    text = (label.name_en if get_language() == "en" else "") or label.name_vi
    size = round(by_zoom(kind.sizes, view.zoom), 1)
    width, (x, y) = text_width(text, size, kind.spacing_em), view.plot_degrees(label.lon, label.lat)
    for dx, dy in ((0, 0), (0, 1.1), (0, -1.1), (0.5, 0), (-0.5, 0)):
        middle, line = x + dx * (width + size), y + dy * size
        box = Box(middle - width / 2, line - size * 0.6, middle + width / 2, line + size * 0.6)
        if _inside(box, view) and not any(box.touches(other) for other in used):
            used.append(box)
            return _written(text, kind, size, middle, line)
    return ""


def _written(text: str, kind: Kind, size: float, x: float, y: float) -> str:
    return element(
        "text",
        words(text),
        x=x,
        y=y + size * 0.36,
        class_=f"m h {kind.classes} s-{kind.on}",
        font_size=size,
        letter_spacing=number(kind.spacing_em * size) if kind.spacing_em else "",
    )


def _inside(box: Box, view: View) -> bool:
    return box.left >= 2 and box.top >= 2 and box.right <= view.width - 2 and box.bottom <= view.height - 2
