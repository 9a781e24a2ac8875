"""Pages and map styles have the same colours."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from layers.codes import FixedCodes
from layers.registry import all_layers
from tiles.palette import PALETTE, SAME_AS, colour

TOKENS = Path(settings.BASE_DIR, "static/css/tokens.css").read_text()
LIGHTER_GROUNDS = ("panel", "land", "sea", "neighbours")
DATA = ("laboratories", "certification", "sites", "valid", "due_soon", "overdue", "void")


def tokens_of(selector: str) -> dict[str, str]:
    block = TOKENS.split(selector + " {", 1)[1].split("}", 1)[0]
    return {name.replace("-", "_"): value.upper() for name, value in re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)}


def luminance(hex_colour: str) -> float:
    channels = [int(hex_colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("theme", "selector"), [("light", ":root"), ("dark", ':root[data-theme="dark"]')])
def test_every_colour_of_the_palette_is_a_token_with_the_same_value(theme: str, selector: str) -> None:
    tokens = tokens_of(selector)
    assert {name: tokens.get(name) for name in PALETTE[theme]} == dict(PALETTE[theme])


def test_both_themes_have_the_same_names() -> None:
    assert PALETTE["light"].keys() == PALETTE["dark"].keys()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_every_ground(theme: str) -> None:
    for ink in ("ink", "ink_soft", "accent"):
        assert contrast(colour(ink, theme), colour("panel", theme)) >= 4.5, ink


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_symbols_stand_out_from_the_edge_that_surrounds_them(theme: str) -> None:
    for name in DATA:
        assert contrast(colour(name, theme), colour("panel", theme)) >= 3, name


def test_every_colour_that_a_layer_names_is_known() -> None:
    named = {layer.style.colour for layer in all_layers()} - {"", "status"}
    for layer in all_layers():
        lists = [item.codes for item in layer.fields if isinstance(item.codes, FixedCodes)]
        named |= {code.colour for codes in lists for code in codes.items if code.colour}
    assert {SAME_AS.get(name, name) for name in named} <= PALETTE["light"].keys()
