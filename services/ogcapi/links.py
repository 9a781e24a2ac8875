"""Links between the resources (RFC 8288 relations): each with `rel`, `type`, `title`, and an address in full."""

from collections.abc import Sequence

from django.http import HttpRequest, QueryDict

from geodata.language import both
from layers.public_address import absolute
from services.negotiation import HTML, JSON, Form

Link = dict[str, str]
ROOT = "/ogc"
GEOJSON = Form("json", "application/geo+json", both("Dạng GeoJSON", "As GeoJSON"), ("application/json",))
SCHEMA = Form("json", "application/schema+json", both("Dạng JSON Schema", "As JSON Schema"), ("application/json",))
OPENAPI = Form(
    "json",
    "application/vnd.oai.openapi+json;version=3.0",
    both("Mô tả cho chương trình (OpenAPI 3.0)", "Description for programs (OpenAPI 3.0)"),
    ("application/json", "application/openapi+json;version=3.0"),
)
_OGC = "http://www.opengis.net/def/rel/ogc/1.0"
QUERYABLES, RETURNABLES, TILESETS, TILING_SCHEMES = (
    f"{_OGC}/{name}" for name in ("queryables", "schema", "tilesets-vector", "tiling-schemes")
)


def link(rel: str, href: str, media_type: str, title: object) -> Link:
    return {"rel": rel, "type": media_type, "title": str(title), "href": href}


def there(request: HttpRequest, path: str, **parameters: str) -> str:
    """The address of another resource of the service, in the language of this one."""
    query = QueryDict(mutable=True)
    query.update({name: request.GET[name] for name in ("lang",) if name in request.GET} | parameters)
    return absolute(request, f"{ROOT}{path}" + (f"?{query.urlencode()}" if query else ""))


def here(request: HttpRequest, **parameters: str) -> str:
    """The address that was asked for, with some parameters changed, or taken away ("")."""
    query = request.GET.copy()
    for name, value in parameters.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return absolute(request, request.path + (f"?{query.urlencode(safe=',/:')}" if query else ""))


def representations(request: HttpRequest, form: Form, forms: Sequence[Form]) -> list[Link]:
    """This document, and the same in each other form."""
    others = [link("alternate", here(request, f=one.name), one.media_type, one.title) for one in forms if one != form]
    return [link("self", here(request), form.media_type, both("Tài liệu này", "This document")), *others]


def of_landing_page(request: HttpRequest) -> list[Link]:
    """Where one can go from the beginning (Part 1, 7.2.4; Tiles, 20-057)."""
    return [
        link("service-desc", there(request, "/api", f="json"), OPENAPI.media_type, OPENAPI.title),
        link(
            "service-doc",
            there(request, "/api", f="html"),
            HTML.media_type,
            both("Mô tả để đọc", "Description to read"),
        ),
        link(
            "conformance",
            there(request, "/conformance"),
            JSON.media_type,
            both("Các lớp tuân thủ", "Conformance classes"),
        ),
        link("data", there(request, "/collections"), JSON.media_type, both("Các bộ sưu tập", "The collections")),
        link(
            TILING_SCHEMES, there(request, "/tileMatrixSets"), JSON.media_type, both("Các lưới ô", "Tile matrix sets")
        ),
    ]


def of_collection(request: HttpRequest, name: str) -> list[Link]:
    """Where one can go from a collection."""
    at = f"/collections/{name}"
    features, words = both("Các đối tượng", "The features"), both("Các đối tượng, để đọc", "The features, to read")
    return [
        link("items", there(request, f"{at}/items", f="json"), GEOJSON.media_type, features),
        link("items", there(request, f"{at}/items", f="html"), HTML.media_type, words),
        link(
            QUERYABLES,
            there(request, f"{at}/queryables", f="json"),
            SCHEMA.media_type,
            both("Có thể hỏi gì", "Queryables"),
        ),
        link(
            RETURNABLES, there(request, f"{at}/schema", f="json"), SCHEMA.media_type, both("Các trường", "The fields")
        ),
        link(TILESETS, there(request, f"{at}/tiles"), JSON.media_type, both("Ô vectơ", "Vector tiles")),
        link(
            "enclosure",
            absolute(request, f"/data/{name}.gpkg"),
            "application/geopackage+sqlite3",
            both("Trọn lớp, GeoPackage", "The whole layer, GeoPackage"),
        ),
    ]
