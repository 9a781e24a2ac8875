"""The colours of the product, light and dark: what static/css/tokens.css says to pages, in Python for map styles.

A name here with `_` is the custom property with `-` there (`due_soon`, `--due-soon`); a test holds the two equal.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Theme = Literal["light", "dark"]

_LIGHT = {
    "ground": "#F6F5F1",
    "panel": "#FFFFFF",
    "line": "#D9DDDF",
    "ink": "#17242D",
    "ink_soft": "#55636D",
    "accent": "#0B6E8A",
    "sea": "#D7E6ED",
    "sea_ink": "#4F7F98",
    "land": "#FBFAF6",
    "neighbours": "#ECEAE4",
    "neighbours_line": "#D6D3CB",
    "admin_line": "#9AA7AF",
    "water": "#BFD8E4",
    "road": "#E6DFCE",
    "street": "#EAE4D4",
    "street_main": "#D6C8A5",
    "building": "#F2EFE8",
    "label": "#66737C",
    "laboratories": "#0072B2",
    "certification": "#7B4FB8",
    "sites": "#B4530A",
    "counts": "#177A5B",
    "valid": "#177A5B",
    "due_soon": "#B98300",
    "overdue": "#C22F1E",
    "void": "#6A747B",
    "unknown": "#6A747B",
}
_DARK = {
    "ground": "#0F1A21",
    "panel": "#17242D",
    "line": "#2B3B46",
    "ink": "#EDF2F4",
    "ink_soft": "#9FB0BA",
    "accent": "#56B8D4",
    "sea": "#0C2230",
    "sea_ink": "#6C9DB5",
    "land": "#1A2932",
    "neighbours": "#131F27",
    "neighbours_line": "#22323C",
    "admin_line": "#4C606D",
    "water": "#14394D",
    "road": "#33434B",
    "street": "#2E3E48",
    "street_main": "#43545D",
    "building": "#202F38",
    "label": "#9FB0BA",
    "laboratories": "#5AB0E6",
    "certification": "#B79AE8",
    "sites": "#F0A15B",
    "counts": "#4CC29A",
    "valid": "#4CC29A",
    "due_soon": "#F2C14E",
    "overdue": "#FF7A66",
    "void": "#9AA5AC",
    "unknown": "#9AA5AC",
}

# Statuses that share another's colour: their letter or mark tells them apart.
SAME_AS: Mapping[str, str] = MappingProxyType(
    {
        "active": "valid",
        "suspended": "due_soon",
        "reduced": "due_soon",
        "expired": "void",
        "withdrawn": "void",
        "in_repair": "void",
        "out_of_use": "void",
        "no_periodic": "void",
    }
)

PALETTE: Mapping[Theme, Mapping[str, str]] = MappingProxyType(
    {"light": MappingProxyType(_LIGHT), "dark": MappingProxyType(_DARK)}
)


def colour(name: str, theme: Theme) -> str:
    """The hex colour of a token or status in a theme. Raises KeyError for an unknown name."""
    return PALETTE[theme][SAME_AS.get(name, name)]
