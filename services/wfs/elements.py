"""XML from outside as the elements that django-gisserver works on, made by the one reader: its own is never asked."""

from collections.abc import Mapping

from gisserver.parsers.xml import NSElement

from geodata.xml import read


def read_element(data: bytes | str, namespaces: Mapping[str, str]) -> NSElement:
    """The root. `namespaces` hold by prefix where the document declares none. Raises `geodata.xml.Unreadable`."""

    def make(tag: str, attributes: dict[str, str], declared: Mapping[str, str]) -> NSElement:
        element = NSElement(tag, attributes)
        element.ns_aliases = {**namespaces, **declared}
        return element

    return read(data, make)
