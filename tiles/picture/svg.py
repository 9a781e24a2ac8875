"""Elements of SVG as text. Whatever is not markup of ours is escaped here, and nowhere else."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr


def element(tag: str, *children: str, **attributes: object) -> str:
    """An element with its children, which are markup already. `_` in a name stands for `-`, `class_` for `class`."""
    written = "".join(f" {_name(key)}={quoteattr(_value(value))}" for key, value in attributes.items() if value != "")
    inner = "".join(children)
    return f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>"


def words(text: object) -> str:
    """Text as it may stand in an element: control characters, which XML has no way to write, are left out."""
    return escape("".join(sign for sign in str(text) if sign >= " "))


def group(parts: Iterable[str], **attributes: object) -> str:
    """The parts in one `<g>`; nothing where there are none."""
    inner = "".join(parts)
    return element("g", inner, **attributes) if inner else ""


def number(value: float) -> str:
    """As short as a tenth of a pixel can be written."""
    return f"{value:.1f}".removesuffix(".0")


def _value(value: object) -> str:
    return number(value) if isinstance(value, float) else "".join(sign for sign in str(value) if sign >= " ")


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
