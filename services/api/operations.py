"""What the API does, layer by layer, as OpenAPI 3 says it: derived from the layers' own declarations."""

from typing import Any

from geodata.language import both
from layers.layer import Field, Layer
from layers.registry import all_layers
from services import find
from services.api import nearest, parameters, views
from services.api.index import TITLE
from services.api.parameters import Json, parameter
from services.search import views as search
from services.verify.checking import ANSWERS

VERSION = "0.1.0"
ABOUT = both(
    "Cùng bộ lọc với bản đồ, danh sách và ô bản đồ. Dấu phẩy nghĩa là hoặc, tên khác nhau nghĩa là và. "
    "Tên hoặc giá trị không biết bị từ chối và được gọi tên; riêng limit lớn hơn mức cao nhất được hạ xuống mức đó.",
    "The same filters as on the map, in lists and on tiles. A comma means or, different names mean and. An unknown "
    "name or value is refused and named; only a limit above its maximum is cut to it.",
)
GEOJSON = "application/geo+json"
TYPES: dict[str, Json] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "codes": {"type": "array", "items": {"type": "string"}},
}
TEXT: Json = {"type": "string"}
PROBLEM = ("type", "title", "detail", "detail_vi", "detail_en", "code", "parameter", "request_id")


def complete(result: Json, **_: object) -> Json:
    """A hook of drf-spectacular: its document with operations of each layer instead of one set for all.

    What stands here is open to everyone, so no operation asks for a session.
    """
    schemas = {
        "Problem": _object(dict.fromkeys(PROBLEM, TEXT) | {"status": TYPES["integer"]}),
        "Verification": _verification(),
    }
    result["info"] = {"title": str(TITLE), "version": VERSION, "description": str(ABOUT)}
    result["paths"] = {path: {"get": operation} for path, operation in _operations()}
    result["components"] = {"schemas": schemas | {layer.name: _feature(layer) for layer in all_layers()}}
    return result


def _operations() -> list[tuple[str, Json]]:
    asked = [parameters.words(required=True), parameters.limit(search.DEFAULT_LIMIT, search.MAX_LIMIT)]
    asked += parameters.position(required=False)
    able = [
        *parameters.tasks(),
        *parameters.position(required=False),
        parameters.limit(find.DEFAULT_LIMIT, find.MAX_LIMIT),
    ]
    fixed = [
        ("/api/v1/", _operation("index", both("Các lớp và địa chỉ", "The layers and their addresses"), [])),
        ("/api/v1/search/", _operation("search", both("Tìm theo tên hoặc số", "Search by name or number"), asked)),
        ("/api/v1/verify/", _verify()),
        (
            "/api/v1/find/",
            _operation("find", both("Ai làm được, gần nhất trước", "Who can do it, nearest first"), able),
        ),
        ("/api/v1/schema/", _operation("schema", both("Mô tả này", "This description"), [])),
    ]
    return fixed + [operation for layer in all_layers() for operation in _of_layer(layer)]


def _verify() -> Json:
    said = both(
        "Giấy chứng nhận, công nhận, chỉ định, đăng ký, phê duyệt mẫu, tem hoặc phương tiện đo này còn hiệu lực không",
        "Is this certificate, accreditation, designation, registration, type approval or sticker valid on that day",
    )
    return _operation("verify", said, parameters.of_check(), body=_reference("Verification"), media="application/json")


def _verification() -> Json:
    """The members of an answer of the check: all of them each time, null where there is nothing to say."""
    texts = ("number", "on", "day", "title", "state", "state_label", "since", "reason", "newer_valid_until")
    objects = ("evidence", "item", "ask", "no_statutory_validity", "signed")
    lists = ("registers", "which", "did_you_mean")
    return _object(
        {
            "answer": {"type": "string", "enum": list(ANSWERS)},
            **{name: {**TEXT, "nullable": True} for name in (*texts, "delivered_up_to")},
            **{name: {"type": "object", "nullable": True} for name in objects},
            **{name: {"type": "array", "items": {"type": "object"}} for name in lists},
            "text": {"type": "array", "items": TEXT},
            "never_issued": TYPES["flag"],
            "demo": TYPES["flag"],
        }
    )


def _of_layer(layer: Layer) -> list[tuple[str, Json]]:
    base, filters, feature = f"/api/v1/{layer.name}/", parameters.filters_of(layer), _reference(layer.name)
    paging = [parameters.limit(views.DEFAULT_LIMIT, views.MAX_LIMIT), parameters.cursor(), parameters.order(layer)]
    number = parameter("id", {"type": "integer", "minimum": 0}, required=True, where="path")
    on = [parameters.day()] if layer.dated else []
    described = {
        base: _operation(f"{layer.name}_items", layer.description, [*filters, *paging], body=_page(feature)),
        f"{base}{{id}}/": _operation(
            f"{layer.name}_item", both("Một bản ghi", "One record"), [number, *on], body=feature
        ),
        f"{base}nearest/": _operation(
            f"{layer.name}_nearest",
            both("Gần nhất theo đường chim bay", "The nearest as the crow flies"),
            [*filters, *parameters.position(), parameters.limit(nearest.DEFAULT_LIMIT, nearest.MAX_LIMIT)],
            body=_page(feature),
        ),
        f"{base}facets/": _operation(
            f"{layer.name}_facets",
            both("Số bản ghi theo từng giá trị của mỗi bộ lọc", "Rows per value of each filter"),
            [*filters, parameters.facet_names(layer)],
        ),
    }
    for operation in described.values():
        operation["tags"] = [layer.name]
        operation["parameters"].append(parameters.scope())
    return list(described.items())


def _operation(
    name: str, summary: object, asked: list[Json], *, body: Json | None = None, media: str = GEOJSON
) -> Json:
    """One operation; with a `body` it answers GeoJSON (or `media`) of that schema, else JSON."""
    media, schema = (media, body) if body else ("application/json", {"type": "object"})
    refused = {"application/problem+json": {"schema": _reference("Problem")}}
    return {
        "operationId": name,
        "summary": str(summary),
        "parameters": [*asked, parameters.language()],
        "responses": {
            "200": {"description": "OK", "content": {media: {"schema": schema}}},
            "default": {"description": str(both("Từ chối hoặc lỗi", "A refusal or failure")), "content": refused},
        },
    }


def _page(feature: Json) -> Json:
    link = _object({"rel": TEXT, "type": TEXT, "href": TEXT})
    return _object(
        {
            "type": TEXT,
            "features": {"type": "array", "items": feature},
            "numberReturned": TYPES["integer"],
            "numberMatched": TYPES["integer"],
            "links": {"type": "array", "items": link},
        }
    )


def _feature(layer: Layer) -> Json:
    """A GeoJSON feature with the fields that everyone may see; a coded one has its label beside it."""
    shown = [item for item in layer.fields if item.shown and not item.roles]
    properties = {name: schema for item in shown for name, schema in _properties(item)}
    geometry = {"type": "object", "description": "Point" if layer.geometry == "point" else "MultiPolygon"}
    return _object({"id": TYPES["integer"], "type": TEXT, "geometry": geometry, "properties": _object(properties)})


def _properties(item: Field) -> list[tuple[str, Json]]:
    value: dict[str, Any] = {**TYPES.get(item.kind, TEXT), "nullable": True}
    label = TYPES["codes"] if item.kind == "codes" else TEXT
    labels = [(f"{item.name}_label", {**label, "nullable": True})] if item.labelled else []
    return [(item.name, {**value, "title": str(item.title)}), *labels]


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties}


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
