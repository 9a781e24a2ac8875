"""The service as OpenAPI 3.0 says it, collection by collection (Part 1, clause 9): derived from the layers."""

from collections.abc import Iterable

from django.http import HttpRequest

from geodata.language import both
from layers.layer import Layer
from layers.query import columns
from layers.registry import all_layers
from services.api.operations import PROBLEM, VERSION
from services.api.parameters import Json, filters_of, language, order, parameter
from services.negotiation import HTML, JSON, Form
from services.ogcapi.asking import DEFAULT_LIMIT, MAX_LIMIT
from services.ogcapi.collections import ABOUT, TITLE
from services.ogcapi.conditions import LANGUAGE, READERS, SYSTEM
from services.ogcapi.conditions import TEXT as CQL2_TEXT
from services.ogcapi.links import GEOJSON, OPENAPI, SCHEMA, there
from services.ogcapi.schemas import ROLE, returnables
from services.ogcapi.systems import URIS

MVT = Form("mvt", "application/vnd.mapbox-vector-tile", both("Ô vectơ", "Vector tile"))
TEXT: Json = {"type": "string"}


def described(request: HttpRequest) -> Json:
    """The whole document."""
    return {
        "openapi": "3.0.3",
        "info": {"title": str(TITLE), "description": str(ABOUT), "version": VERSION},
        "servers": [{"url": there(request, "").partition("?")[0]}],
        "tags": [{"name": layer.name, "description": str(layer.title)} for layer in all_layers()],
        "paths": dict([*_of_service(), *(one for layer in all_layers() for one in _of_layer(layer))]),
        "components": {
            "schemas": {
                "Problem": _object(dict.fromkeys(PROBLEM, TEXT) | {"status": {"type": "integer"}}),
                "Link": _object(dict.fromkeys(("rel", "type", "title", "href"), TEXT)),
                **{layer.name: _feature(layer) for layer in all_layers()},
            }
        },
    }


Path = tuple[str, Json]


def _of_service() -> list[Path]:
    matrix_set = parameter("tileMatrixSetId", {**TEXT, "enum": ["WebMercatorQuad"]}, required=True, where="path")
    one_of_them = "/tileMatrixSets/{tileMatrixSetId}"
    return [
        _path("/", "getLandingPage", both("Trang đầu", "Landing page"), (JSON, HTML)),
        _path("/conformance", "getConformance", both("Các lớp tuân thủ", "Conformance classes"), (JSON, HTML)),
        _path("/api", "getApi", both("Mô tả này", "This description"), (OPENAPI, HTML)),
        _path("/collections", "getCollections", both("Các bộ sưu tập", "The collections"), (JSON, HTML)),
        _path("/tileMatrixSets", "getTileMatrixSetsList", both("Các lưới ô", "Tile matrix sets"), (JSON, HTML)),
        _path(one_of_them, "getTileMatrixSet", both("Một lưới ô", "A tile matrix set"), (JSON, HTML), [matrix_set]),
    ]


def _of_layer(layer: Layer) -> list[Path]:
    paths = [*_of_features(layer), *_of_tiles(layer)]
    for _, path in paths:
        path["get"]["tags"] = [layer.name]
    return paths


def _of_features(layer: Layer) -> list[Path]:
    at, name = f"/collections/{layer.name}", layer.name
    feature = {"$ref": f"#/components/schemas/{name}"}
    number = parameter("featureId", {"type": "integer", "minimum": 0}, required=True, where="path")
    one = [number, *(one for one in filters_of(layer) if one["name"] == "on"), _instant(), _system("crs")]
    page = _page(feature)
    return [
        _path(at, f"{name}.describe", layer.title, (JSON, HTML)),
        _path(f"{at}/items", f"{name}.getFeatures", layer.description, (GEOJSON, HTML), _of_page(layer), body=page),
        _path(
            f"{at}/items/{{featureId}}",
            f"{name}.getFeature",
            both("Một bản ghi", "One record"),
            (GEOJSON, HTML),
            one,
            body=feature,
        ),
        _path(f"{at}/queryables", f"{name}.getQueryables", both("Có thể hỏi gì", "Queryables"), (SCHEMA, HTML)),
        _path(f"{at}/schema", f"{name}.getSchema", both("Các trường", "The fields"), (SCHEMA, HTML)),
    ]


def _of_tiles(layer: Layer) -> list[Path]:
    """Operation ids end as OGC API - Tiles wants them (20-057, table of operation-id suffixes)."""
    at, name = f"/collections/{layer.name}/tiles", f"{layer.name}.collection.vector"
    filters, place = filters_of(layer), [_grid(layer, which) for which in ("tileMatrix", "tileRow", "tileCol")]
    tileset = f"{at}/WebMercatorQuad"
    return [
        _path(at, f"{name}.getTileSetsList", both("Các bộ ô", "Tilesets"), (JSON, HTML), filters),
        _path(tileset, f"{name}.getTileSet", both("Một bộ ô", "A tileset"), (JSON, HTML), filters),
        _path(
            f"{tileset}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
            f"{name}.getTile",
            both("Một ô", "A tile"),
            (MVT,),
            [*place, *filters],
        ),
    ]


def _of_page(layer: Layer) -> list[Json]:
    """The parameters of a page of features: all filters, then what the standard and paging add."""
    cursor = both("Lấy từ liên kết next của trang trước.", "From the link next of the page before.")
    names = [item.name for item in columns(layer)]
    chosen = {"type": "array", "items": {**TEXT, "enum": names}, "minItems": 1}
    return [
        *(one for one in filters_of(layer) if one["name"] != "bbox"),
        _bbox(),
        _system("bbox-crs"),
        parameter(
            LANGUAGE,
            {**TEXT, "enum": list(READERS), "default": CQL2_TEXT},
            both("Ngôn ngữ của filter", "Language of filter"),
        ),
        _system(SYSTEM),
        _instant(),
        _limit(),
        parameter("cursor", TEXT, cursor),
        order(layer),
        parameter("properties", chosen, both("Chỉ các trường này", "These fields only")),
        _system("crs"),
    ]


def _bbox() -> Json:
    said = both(
        "Khung theo thứ tự trục của bbox-crs (mặc định CRS84: tây,nam,đông,bắc); độ cao không xét.",
        "A box in the axis order of bbox-crs (CRS84 by default: west,south,east,north); heights do not matter.",
    )
    return parameter("bbox", {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}, said)


def _limit() -> Json:
    """Part 1, 7.15.2: the server may cut it to its maximum."""
    said = both(
        f"Số lớn hơn {MAX_LIMIT} được hạ xuống {MAX_LIMIT}.", f"A number above {MAX_LIMIT} is cut to {MAX_LIMIT}."
    )
    schema = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    return _form(parameter("limit", schema, said))


def _instant() -> Json:
    said = both(
        "Ngày, thời điểm RFC 3339 hoặc khoảng: tình trạng pháp lý của ngày đó; khoảng: ngày gần ngày của bản đồ nhất.",
        "A day, a moment by RFC 3339 or an interval: the legal state of that day; an interval: its day nearest to the "
        "day of the map.",
    )
    return _form(parameter("datetime", TEXT, said))


def _system(name: str) -> Json:
    said = both("URI của hệ tọa độ; thứ tự trục theo URI.", "URI of a system of coordinates; axes in its own order.")
    return parameter(name, {**TEXT, "format": "uri", "enum": list(URIS), "default": URIS[0]}, said)


def _grid(layer: Layer, name: str) -> Json:
    most = {"maximum": layer.zooms[1]} if name == "tileMatrix" else {}
    return parameter(name, {"type": "integer", "minimum": 0, **most}, required=True, where="path")


def _form(one: Json) -> Json:
    return {**one, "style": "form", "explode": False}


def _path(
    path: str,
    name: str,
    summary: object,
    forms: tuple[Form, ...],
    asked: Iterable[Json] = (),
    *,
    body: Json | None = None,
) -> Path:
    """An address with its one operation; `body` is the schema of its JSON."""
    schemas = {form.media_type: {"schema": _body(form, body)} for form in forms}
    names = parameter("f", {**TEXT, "enum": [form.name for form in forms]}, both("Dạng trả lời", "Form of the answer"))
    refused = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return path, {
        "get": {
            "operationId": name,
            "summary": str(summary),
            "parameters": [*asked, names, language()],
            "responses": {
                "200": {"description": "OK", "content": schemas},
                "default": {"description": str(both("Từ chối hoặc lỗi", "A refusal or failure")), "content": refused},
            },
        }
    }


def _body(form: Form, body: Json | None) -> Json:
    if form == MVT:
        return {**TEXT, "format": "binary"}
    return TEXT if form == HTML else (body or {"type": "object"})


def _page(feature: Json) -> Json:
    links = {"type": "array", "items": {"$ref": "#/components/schemas/Link"}}
    count = {"type": "integer", "minimum": 0}
    return _object(
        {
            "type": {**TEXT, "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": feature},
            "timeStamp": {**TEXT, "format": "date-time"},
            "numberMatched": count,
            "numberReturned": count,
            "links": links,
        }
    ) | {"required": ["type", "features"]}


def _feature(layer: Layer) -> Json:
    """A GeoJSON feature; a property without a value is null."""
    told = returnables(layer, "")["properties"]
    properties = {name: _nullable(schema) for name, schema in told.items() if ROLE not in schema}
    shape = "Point" if layer.geometry == "point" else "MultiPolygon"
    return _object(
        {
            "type": {**TEXT, "enum": ["Feature"]},
            "id": {"type": "integer"},
            "geometry": _object({"type": {**TEXT, "enum": [shape]}, "coordinates": {"type": "array", "items": {}}}),
            "properties": _object(properties),
        }
    ) | {"required": ["type", "geometry", "properties"]}


def _nullable(schema: Json) -> Json:
    """The same in words of OpenAPI 3.0, which knows neither `const` nor a list of types."""
    return {"title": schema["title"], **_codes_listed(schema), "nullable": True}


def _codes_listed(schema: Json) -> Json:
    if "items" in schema:
        return {"type": "array", "items": _codes_listed(schema["items"])}
    plain = {name: schema[name] for name in ("type", "format") if name in schema}
    return plain | ({"enum": [one["const"] for one in schema["oneOf"]]} if "oneOf" in schema else {})


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties}
