"""Expressions of QGIS: names and texts quoted, so that what stands in them is never read as an expression."""

from collections.abc import Iterable


def field(name: str) -> str:
    """A field of the feature."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def any_of(name: str, values: Iterable[str]) -> str:
    """That a field has one of these values. QGIS 3.22 sends `IN` with one value to a WFS as that value alone."""
    one, *more = map(text, values)
    return f"{field(name)} IN ({', '.join((one, *more))})" if more else f"{field(name)} = {one}"


def none_of(name: str, values: Iterable[str]) -> str:
    """That a field has none of these values, or no value."""
    return f"coalesce({field(name)}, '') NOT IN ({', '.join(map(text, values))})"
