"""The colours of a picture: one style sheet, the same for every picture of a theme, so that a hash allows it.

An element has the class `f-<token>` for its fill, `s-<token>` for its stroke; none carries a colour of its own.
"""

from functools import cache
from typing import Literal, get_args

from tiles.palette import PALETTE, SAME_AS, Theme

PictureTheme = Literal["auto", "light", "dark"]
THEMES: tuple[PictureTheme, ...] = get_args(PictureTheme)
FONTS = "'Be Vietnam Pro','Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"
_SHAPES = (
    f"text{{font-family:{FONTS}}}"
    ".b{font-weight:600}.i{font-style:italic}"
    ".h{paint-order:stroke;stroke-linejoin:round;stroke-width:3}"
    ".m{text-anchor:middle}.e{text-anchor:end}.n{fill:none}.r{stroke-linecap:round;stroke-linejoin:round}"
)
# Text on data: white on the light theme's strong colours, the ground on the dark theme's bright ones.
_ON_DATA = {"light": "#FFFFFF", "dark": "#0F1A21"}
_NOTICE = {"light": ("#FFF6DF", "#5C4300"), "dark": ("#33290F", "#F2D894")}


@cache
def style_sheet(theme: PictureTheme) -> str:
    """The text of the picture's `<style>`: `auto` follows the reader's setting."""
    if theme != "auto":
        return _SHAPES + _colours(theme)
    return f"{_SHAPES}{_colours('light')}@media(prefers-color-scheme:dark){{{_colours('dark')}}}"


def name(token: str) -> str:
    """A token or status as it stands in classes."""
    return SAME_AS.get(token, token).replace("_", "-")


def _colours(theme: Theme) -> str:
    notice, notice_ink = _NOTICE[theme]
    extra = {"on-data": _ON_DATA[theme], "notice": notice, "notice-ink": notice_ink}
    every = {**{token.replace("_", "-"): value for token, value in PALETTE[theme].items()}, **extra}
    return "".join(f".f-{token}{{fill:{value}}}.s-{token}{{stroke:{value}}}" for token, value in every.items())
