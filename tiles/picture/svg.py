"""Elements of SVG as text. Whatever is not markup of ours is escaped here, and nowhere else."""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

# What XML 1.0 has no way to write (section 2.2), and line ends, which mean nothing here.
_UNWRITABLE = re.compile(r"[\x00-\x1f\ud800-\udfff\ufffe\uffff]")


def element(tag: str, *children: str, **attributes: object) -> str:
    """An element with its children, which are markup already. `_` in a name stands for `-`, `class_` for `class`."""
    written = "".join(f" {_name(key)}={quoteattr(_value(value))}" for key, value in attributes.items() if value != "")
    inner = "".join(children)
    return f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>"


def words(text: object) -> str:
    """Text as it may stand in an element."""
    return escape(_writable(text))


def group(parts: Iterable[str], **attributes: object) -> str:
    """The parts in one `<g>`; nothing where there are none."""
    inner = "".join(parts)
    return element("g", inner, **attributes) if inner else ""


def number(value: float) -> str:
    """As short as a tenth of a pixel can be written."""
    return f"{value:.1f}".removesuffix(".0")


def _value(value: object) -> str:
    return number(value) if isinstance(value, float) else _writable(value)


def _writable(text: object) -> str:
    return _UNWRITABLE.sub("", str(text))


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
