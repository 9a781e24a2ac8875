"""What an answer of features holds, so that times are compared of like with like; and where its next page is."""

import html
import json
import re
from urllib.parse import urlsplit

from lxml import etree

# Of JSON or of XML; WFS has a word where the number is not known.
_MATCHED = re.compile(rb'numberMatched"?\s*[=:]\s*"?(\d+)')
_NEXT_LINK = re.compile(rb'\{[^{}]*"rel"\s*:\s*"next"[^{}]*\}')
_NEXT_ATTRIBUTE = re.compile(rb'\bnext="([^"]+)"')
_GML_ID = "{http://www.opengis.net/gml/3.2}id"
# So much of an answer as its links stand in.
_EDGE = 10_000


def ids(form: str, body: bytes) -> list[int]:
    """The ids of the features of an answer, in its order; `form` is geojson or gml."""
    return _ids_of_geojson(body) if form == "geojson" else _ids_of_gml(body)


def matched(body: bytes) -> int | None:
    """How many features the answer says there are, None where it does not say."""
    found = _MATCHED.search(body)
    return int(found[1]) if found else None


def next_path(form: str, body: bytes) -> str | None:
    """Path and query of the next page, None on the last one."""
    if form == "geojson":
        found = _NEXT_LINK.search(body[-_EDGE:])
        address = json.loads(found[0])["href"] if found else ""
    else:
        found = _NEXT_ATTRIBUTE.search(body[:_EDGE])
        address = html.unescape(found[1].decode()) if found else ""
    return urlsplit(address)._replace(scheme="", netloc="").geturl() if address else None


def _ids_of_geojson(body: bytes) -> list[int]:
    """MapServer's WFS gives the id as a property."""
    features = json.loads(body)["features"]
    return [int(one["id"] if "id" in one else one["properties"]["id"]) for one in features]


def _ids_of_gml(body: bytes) -> list[int]:
    """Of each member the number behind the dot of its gml:id."""
    members = etree.fromstring(body, etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True))
    features = (one for member in members if etree.QName(member).localname == "member" for one in member)
    return [int(one.get(_GML_ID).rpartition(".")[2]) for one in features]
