"""The one reader of XML from outside: no document type, no entities, no network, every size limited.

No other module of the application parses XML (tests/geodata/test_xml.py). What is read becomes elements that the caller
makes, so that a library gets its own without a parser of its own.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from lxml import etree

MAX_BYTES = 1_000_000
MAX_DEPTH, MAX_ELEMENTS, MAX_ATTRIBUTES, MAX_NAMESPACES = 50, 20_000, 40, 60

# In UTF-16 and UTF-8 alike these are refused wherever they stand, even in a comment: nothing honest needs them.
_DECLARED = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_HEAD = re.compile(r"\s*<\?xml\b([^>]{0,200})\?>")
_ENCODING = re.compile(r"encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class Unreadable(ValueError):
    """What was sent is no XML that is read here; `why` is a word for the reason."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Node(Protocol):
    """An element, as those of `xml.etree` are."""

    text: str | None

    def append(self, child: Any, /) -> None: ...


E = TypeVar("E", bound=Node)


def read(data: bytes | str, make: Callable[[str, dict[str, str], Mapping[str, str]], E]) -> E:
    """The root of the document. `make` gets an element's name (`{namespace}name`), its attributes and the namespaces
    by prefix that hold there ("" for the one without), and gives the element.

    Read are UTF-8, and UTF-16 with a byte order mark. Comments and instructions are passed over. Raises Unreadable:
    `size`, `encoding`, `declaration` (a document type or entity), `depth`, `elements`, `attributes`, `namespaces`,
    `syntax`.
    """
    text = _text(data)
    if _DECLARED.search(text):
        raise Unreadable("declaration")
    builder = _Builder(make)
    parser = etree.XMLParser(
        target=builder, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, encoding="utf-8"
    )
    head = _HEAD.match(text)
    try:
        parser.feed((text[head.end() :] if head else text).lstrip().encode())
        return parser.close()  # type: ignore[no-any-return]
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        raise Unreadable("syntax") from error


def _text(data: bytes | str) -> str:
    if len(data) > MAX_BYTES:
        raise Unreadable("size")
    if isinstance(data, str):
        return data
    try:
        wide = _UTF16.get(data[:2])
        text = data[2:].decode(wide) if wide else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error
    head = _HEAD.match(text)
    named = _ENCODING.search(head[1]) if head else None
    if named and named[1].lower() not in (("utf-16", wide) if wide else ("utf-8", "utf8", "us-ascii", "ascii")):
        raise Unreadable("encoding")
    return text


class _Builder:
    """Takes the parser's events, and counts."""

    def __init__(self, make: Callable[[str, dict[str, str], Mapping[str, str]], Any]) -> None:
        self._make = make
        self._open: list[tuple[Any, list[str]]] = []
        self._namespaces: list[dict[str, str]] = [{}]
        self._elements = self._declared = 0
        self._root: Any = None

    def start(self, tag: str, attributes: Mapping[str, str], nsmap: Mapping[str | None, str]) -> None:
        self._elements += 1
        self._declared += len(nsmap)
        counted = {
            "depth": (len(self._open) + 1, MAX_DEPTH),
            "elements": (self._elements, MAX_ELEMENTS),
            "attributes": (len(attributes), MAX_ATTRIBUTES),
            "namespaces": (self._declared, MAX_NAMESPACES),
        }
        for why, (number, most) in counted.items():
            if number > most:
                raise Unreadable(why)
        here = self._namespaces[-1]
        here = {**here, **{prefix or "": uri for prefix, uri in nsmap.items()}} if nsmap else here
        element = self._make(tag, dict(attributes), here)
        if self._open:
            self._open[-1][0].append(element)
        else:
            self._root = element
        self._open.append((element, []))
        self._namespaces.append(here)

    def data(self, text: str) -> None:
        """Text of an element that has children is white space in all that is read here: it is not kept apart."""
        if self._open:
            self._open[-1][1].append(text)

    def end(self, tag: str) -> None:
        element, texts = self._open.pop()
        self._namespaces.pop()
        element.text = "".join(texts) or None

    def close(self) -> Any:
        return self._root
