"""Collections as documents: what each layer is, where it lies, in which systems it comes."""

from typing import Any

from django.http import HttpRequest

from geodata.archipelagos import COUNTRY_VIEW
from geodata.crs import CRS84
from geodata.language import both
from layers.layer import Layer
from layers.query import map_day
from services.negotiation import JSON
from services.ogcapi.links import Link, link, of_collection, there
from services.ogcapi.systems import URIS

Json = dict[str, Any]

TITLE = both("Bản đồ số tiêu chuẩn, đo lường, chất lượng: OGC API", "National quality map: OGC API")
ABOUT = both(
    "Mọi lớp của bản đồ cho phần mềm GIS. Các đối tượng (items, WFS) có đủ mọi bản ghi; ô vectơ ở mức thu nhỏ gộp các "
    "điểm gần nhau thành cụm, nên chỉ để vẽ.",
    "Every layer of the map for GIS programs. Features (items, WFS) hold every record; vector tiles join near points "
    "into clusters at small scales, so they are for drawing only.",
)
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


def described(request: HttpRequest, layer: Layer) -> Json:
    """A collection with its links (Part 1, 7.14; Part 2, 6.2)."""
    return {
        "id": layer.name,
        "title": str(layer.title),
        "description": str(layer.description),
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [list(COUNTRY_VIEW)], "crs": CRS84.uri},
            "temporal": {"interval": [_days(layer)], "trs": GREGORIAN},
        },
        "crs": list(URIS),
        "storageCrs": CRS84.uri,
        "links": of_collection(request, layer.name),
    }


def to(request: HttpRequest, layer: Layer) -> Link:
    """The link of a collection in a list to the document about it."""
    return link("self", there(request, f"/collections/{layer.name}"), JSON.media_type, layer.title)


def _days(layer: Layer) -> list[str | None]:
    """The days that have a state: every one, or only that on which the map stands."""
    if layer.dated:
        return [None, None]
    day = map_day("open").isoformat()
    return [f"{day}T00:00:00+07:00", f"{day}T23:59:59+07:00"]
