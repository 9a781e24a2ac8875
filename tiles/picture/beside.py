"""What a picture says beside the map: legend with counts, notes, locator, date and source. It never covers the map."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil

from django.utils.translation import get_language

from geodata.language import both
from tiles.picture.lettering import text_width
from tiles.picture.svg import element, words

PANEL_PX = 300
_PADDING = 16.0
# A number farther from its words is hard to follow.
_WIDEST_ROW = 460.0
_DEMO = both("Dữ liệu minh họa", "Demo data")
_MORE = both("… và các mục khác", "… and more")


@dataclass(frozen=True)
class Row:
    """One row of the legend: a mark (markup, may be empty), words, and a number at the end."""

    text: str
    mark: str = ""
    number: str = ""
    classes: str = "f-ink"
    size: float = 13.0
    before: float = 0.0


@dataclass(frozen=True)
class Beside:
    """What stands beside the map, from top to bottom."""

    demo: bool
    rows: list[Row]
    foot: list[str]
    locator: str = ""
    locator_size: tuple[float, float] = (0.0, 0.0)
    notes: list[str] = field(default_factory=list)


def panel(beside: Beside, *, x: float, y: float, width: float, height: float) -> str:
    """The panel's markup in that rectangle: the legend on top, at the foot the locator with date and sources."""
    ground = element("rect", x=x, y=y, width=width, height=height, class_="f-panel")
    foot = _foot_of(beside, width)
    top, left = y + height - _PADDING - foot.height, x + _PADDING
    legend = _legend(beside, left, y + _PADDING, _row_width(width), height - 2 * _PADDING - foot.height - 8)
    locator = element("g", beside.locator, transform=f"translate({left} {top:.1f}) scale({foot.scale})")
    return ground + legend + (locator if beside.locator else "") + _foot(foot.lines, left + foot.left, top + foot.top)


def panel_height(beside: Beside, width: float) -> int:
    """How high a panel has to be for all that it says."""
    legend = sum(_height(row, _row_width(width)) for row in _rows(beside))
    return ceil(legend + 8 + _foot_of(beside, width).height + 2 * _PADDING)


def _row_width(width: float) -> float:
    return min(width - 2 * _PADDING, _WIDEST_ROW)


@dataclass(frozen=True)
class _Foot:
    """The lines of date and sources, where they begin, how high all is, and the scale of the locator."""

    lines: list[str]
    left: float
    top: float
    height: float
    scale: float


def _foot_of(beside: Beside, width: float) -> _Foot:
    """Beside the locator where the panel lies below the map (it is wide, or on a phone), below it in a side panel."""
    locator_wide, locator_high = beside.locator_size if beside.locator else (0.0, 0.0)
    below = width > PANEL_PX
    scale = 0.72 if below and width < 600 else 1.0
    left = locator_wide * scale + _PADDING if below and beside.locator else 0.0
    lines = [line for text in beside.foot for line in wrapped(text, 11.5, width - 2 * _PADDING - left)]
    tall = len(lines) * 15.0
    if left:
        high = max(tall, locator_high * scale)
        return _Foot(lines, left, high - tall, high, scale)
    top = locator_high + 10 if beside.locator else 0.0
    return _Foot(lines, 0.0, top, top + tall, scale)


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """The text in lines that are about that wide; a word longer than a line stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _rows(beside: Beside) -> list[Row]:
    notes = [Row(note, classes="f-ink-soft", size=12.5, before=4) for note in beside.notes]
    return [*([Row(str(_DEMO), classes="b f-notice-ink")] if beside.demo else []), *beside.rows, *notes]


def _legend(beside: Beside, x: float, y: float, width: float, room: float) -> str:
    """The rows that the room holds; where it does not hold all, the last one says so."""
    parts, top = [], y
    rows = _rows(beside)
    for index, row in enumerate(rows):
        high = _height(row, width)
        last = index == len(rows) - 1
        if top + high > y + room - (0 if last else 18):
            parts.append(_row(Row(str(_MORE), classes="f-ink-soft"), x, top, width))
            break
        demo = beside.demo and index == 0
        parts.append((_demo_ground(row, x, top) if demo else "") + _row(row, x, top, width))
        top += high
    return "".join(parts)


def _demo_ground(row: Row, x: float, y: float) -> str:
    wide = text_width(row.text, row.size, bold=True) + 12
    return element("rect", x=x - 8, y=y - 3, width=wide, height=22, rx=6, class_="f-notice")


def _height(row: Row, width: float) -> float:
    return row.before + len(_lines(row, width)) * row.size * 1.35 + (8 if "notice" in row.classes else 2)


def _lines(row: Row, width: float) -> list[str]:
    bold = row.classes.startswith("b")
    number = text_width(row.number, row.size, bold=bold) + 8 if row.number else 0
    return wrapped(row.text, row.size, width - number - (22 if row.mark else 0), bold=bold) or [""]


def _row(row: Row, x: float, y: float, width: float) -> str:
    line, indent = row.size * 1.35, 22 if row.mark else 0
    first = y + row.before + row.size
    mark = _at(row.mark, x + 9, first - row.size * 0.36)
    lines = (
        element("text", words(text), x=x + indent, y=first + n * line, class_=row.classes, font_size=row.size)
        for n, text in enumerate(_lines(row, width))
    )
    end = element("text", words(row.number), x=x + width, y=first, class_=f"e {row.classes}", font_size=row.size)
    return mark + "".join(lines) + (end if row.number else "")


def _at(markup: str, x: float, y: float) -> str:
    return element("g", markup, transform=f"translate({x:.1f} {y:.1f})") if markup else ""


def _foot(lines: Iterable[str], x: float, y: float) -> str:
    return "".join(
        element("text", words(line), x=x, y=y + 11.5 + n * 15, class_="f-ink-soft", font_size=11.5)
        for n, line in enumerate(lines)
    )


def written(value: float) -> str:
    """1.234.567 in Vietnamese, 1,234,567 in English."""
    text = f"{value:,}"
    return text if get_language() == "en" else text.translate(str.maketrans(",.", ".,"))


def in_ring(count: int) -> str:
    """As narrow as can be, for the inside of a ring: 12k, 3,4tr; 12k, 3.4M in English."""
    units = (
        ("k", 1e3),
        ("M" if get_language() == "en" else "tr", 1e6),
        ("bn" if get_language() == "en" else "tỷ", 1e9),
    )
    if count < 1000:
        return str(count)
    unit, size = next((step for step in reversed(units) if count / step[1] >= 0.9995), units[0])
    share = count / size
    return written(round(share, 1) if share < 9.95 and round(share, 1) % 1 else round(share)) + unit
