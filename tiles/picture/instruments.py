"""Scale bar, north and the locator inset of a picture."""

from math import floor, log10

from django.utils.translation import get_language

from tiles.picture.beside import written
from tiles.picture.ground import UNITS, ground_of
from tiles.picture.lettering import archipelago_names
from tiles.picture.svg import element, number, words
from tiles.picture.view import View, country_view

LOCATOR_PX = (164, 205)
_LONGEST_BAR_PX = 120
_LOCATOR_LETTERS_PX = 6.8


def scale_bar(view: View) -> str:
    """A bar of a round length with that length above it, true at the middle, in the lower left corner."""
    metres = _round_length(view.metres_per_px * min(_LONGEST_BAR_PX, view.width / 3))
    wide = metres / view.metres_per_px
    text = (
        f"{written(round(metres / 1000))} km"
        if metres >= 1000
        else f"{written(round(metres) if metres >= 1 else round(metres, 2))} m"
    )
    path = f"M0-5V0H{number(wide)}V-5"
    ground = element("rect", x=-8, y=-23, width=wide + 16, height=30, rx=6, class_="f-panel", fill_opacity="0.82")
    line = element("path", d=path, class_="n s-ink", stroke_width=1.5)
    label = element("text", words(text), x=wide / 2, y=-7, class_="m b f-ink", font_size=11.5)
    return element("g", ground, line, label, transform=f"translate(14 {view.height - 14})", class_="scale")


def north(view: View) -> str:
    """An arrow to the north with the letter of the language (B for Bắc)."""
    letter = "N" if get_language() == "en" else "B"
    ground = element("rect", x=-13, y=-18, width=26, height=40, rx=6, class_="f-panel", fill_opacity="0.82")
    arrow = element("path", d="M0-13 6 4 0 0-6 4Z", class_="f-ink")
    text = element("text", letter, y=17, class_="m b f-ink", font_size=12)
    return element("g", ground, arrow, text, transform=f"translate({view.width - 22} 26)", class_="north")


def locator(view: View, edition: str) -> str:
    """The whole country with both archipelagos and their labels, and where the picture lies in it."""
    width, height = LOCATOR_PX
    country = country_view(width, height)
    paths = ground_of(country, edition, plain=True).paths
    ground = element("rect", width=width, height=height, class_="f-sea")
    land = element("path", d=paths["land"], class_="f-neighbours") if paths["land"] else ""
    provinces = element("path", d=paths["provinces"], class_="f-land s-admin-line", stroke_width=1.2)
    scaled = element("g", land, provinces, transform=f"scale({1 / UNITS})")
    names = "".join(name.svg() for name in archipelago_names(country, size=_LOCATOR_LETTERS_PX))
    inner = ground + scaled + names + _frame(view, country)
    return element("svg", inner, width=width, height=height, overflow="hidden", class_="locator") + element(
        "rect", width=width, height=height, class_="n s-line", stroke_width=1
    )


def _frame(view: View, country: View) -> str:
    """Where the picture lies; never so small that it cannot be found."""
    west, south, east, north = view.bounds
    (left, top), (right, bottom) = country.plot_degrees(west, north), country.plot_degrees(east, south)
    wide, high = max(right - left, 7.0), max(bottom - top, 7.0)
    x, y = (left + right - wide) / 2, (top + bottom - high) / 2
    return element("rect", x=x, y=y, width=wide, height=high, class_="n s-overdue", stroke_width=1.8)


def _round_length(most: float) -> float:
    """1, 2 or 5 times a power of ten, no longer than that."""
    power = 10 ** floor(log10(most))
    return next(step * power for step in (5, 2, 1) if step * power <= most)
