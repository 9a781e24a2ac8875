"""XML of QGIS projects: elements, and the values of its options. All text is escaped by the writer."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, tostring

Attributes = Mapping[str, object]
_NOTHING: Attributes = {}


def element(tag: str, attributes: Attributes = _NOTHING, *children: Element, text: object = "") -> Element:
    """An element with these attributes, then its children."""
    made = Element(tag, {name: str(value) for name, value in attributes.items()})
    made.text = str(text) or None
    made.extend(children)
    return made


def texts(**values: object) -> list[Element]:
    """An element with a text for each value."""
    return [element(tag, text=value) for tag, value in values.items()]


def option(name: str, value: object) -> Element:
    """One value by its name: a text, or what further options say (a mapping, a list of mappings)."""
    named: dict[str, object] = {"name": name} if name else {}
    if isinstance(value, Mapping):
        return element("Option", {"type": "Map", **named}, *(option(key, one) for key, one in value.items()))
    if isinstance(value, list):
        return element("Option", {"type": "List", **named}, *(option("", one) for one in value))
    if isinstance(value, bool):
        return element("Option", {"type": "bool", **named, "value": str(value).lower()})
    kind = "int" if isinstance(value, int) else "QString"
    return element("Option", {"type": kind, **named, "value": value})


def by_expressions(tag: str, expressions: Mapping[str, str]) -> Element:
    """Properties that follow from the feature, each by its expression."""
    properties = {
        name: {"active": True, "expression": expression, "type": 3} for name, expression in expressions.items()
    }
    return element(tag, {}, option("", {"name": "", "properties": properties, "type": "collection"}))


def written(root: Element) -> bytes:
    """The document in UTF-8."""
    return tostring(root, encoding="utf-8", xml_declaration=True)
