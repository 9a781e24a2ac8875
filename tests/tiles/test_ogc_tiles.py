"""The abstract tests of OGC API - Tiles - Part 1: Core (20-057, annex A) for the classes claimed, over every layer.

Schemas of tile set metadata and tile matrix sets: OGC 17-083r4; what they demand is written out here.
"""

from datetime import date
from math import isclose

import mapbox_vector_tile
import pytest
from django.test import Client
from openapi_spec_validator import validate

from layers.layer import Layer
from layers.registry import all_layers
from tests.layers.oracle import expected
from tests.mapapp.pages import Page, page

EVERY = pytest.mark.parametrize("layer", all_layers(), ids=lambda layer: layer.name)
TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
SCHEME, TILESETS = (f"http://www.opengis.net/def/rel/ogc/1.0/{name}" for name in ("tiling-scheme", "tilesets-vector"))
MVT = "application/vnd.mapbox-vector-tile"
URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"


def ask(client: Client, address: str) -> dict:
    response = client.get(address if address.startswith("http") else f"/ogc{address}")
    assert response.status_code == 200, response.content
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def link(document: dict, rel: str) -> dict:
    return next(one for one in document["links"] if one["rel"] == rel)


def tileset(client: Client, layer: Layer, query: str = "") -> dict:
    return ask(client, f"/collections/{layer.name}/tiles/WebMercatorQuad{query}")


def address_of(tileset: dict, z: int, row: int, column: int) -> str:
    """The address of a tile by the template that the tileset gives."""
    filled = link(tileset, "item")["href"]
    for name, value in (("tileMatrix", z), ("tileRow", row), ("tileCol", column)):
        filled = filled.replace(f"{{{name}}}", str(value))
    return filled


def test_conformance_names_the_classes(client: Client) -> None:
    """/conf/core/conformance-success, and those of the other classes."""
    classes = ask(client, "/conformance?f=json")["conformsTo"]
    claimed = ("core", "tileset", "tilesets-list", "geodata-tilesets", "oas30", "mvt")
    assert {f"{TILES}/{name}" for name in claimed} == {one for one in classes if one.startswith(TILES)}


@EVERY
def test_a_tile_is_the_map_tile_of_its_row_and_column(layer: Layer, client: Client) -> None:
    """/conf/core/tc-op, /conf/core/tc-success, /conf/mvt/content: matrix, row, column in this order."""
    z, x, y = 6, 50, 28
    response = client.get(address_of(tileset(client, layer), z, y, x))
    assert response.status_code == 200 and response["Content-Type"] == MVT
    assert response.content == client.get(f"/tiles/{layer.name}/{z}/{x}/{y}.mvt").content
    decoded = mapbox_vector_tile.decode(response.content)
    assert list(decoded) == [layer.name] and decoded[layer.name]["features"]
    again = client.get(address_of(tileset(client, layer), z, y, x), headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


@EVERY
def test_a_tile_outside_is_not_found_and_an_empty_one_is_empty(layer: Layer, client: Client) -> None:
    """/conf/core/tc-error, /conf/core/tc-tilematrix-definition, …/tc-tilerow-definition, …/tc-tilecol-definition."""
    told = tileset(client, layer)
    last = layer.zooms[1]
    outside = ((3, 8, 0), (3, 0, 8), (last + 1, 0, 0), (-1, 0, 0), (3, -1, 0), ("x", 0, 0), (3, "01", 0), (3, 0, "1.5"))
    for z, row, column in outside:
        refused = client.get(address_of(told, z, row, column))  # type: ignore[arg-type]
        assert refused.status_code == 404 and refused["Content-Type"].startswith("application/problem+json")
    empty = client.get(address_of(told, 5, 0, 0))
    assert (empty.status_code, empty.content, empty["Content-Type"]) == (200, b"", MVT)
    assert mapbox_vector_tile.decode(empty.content) == {}
    assert client.get(f"/ogc/collections/{layer.name}/tiles/OtherQuad/0/0/0").status_code == 404


@EVERY
def test_a_tileset_tells_its_matrices_its_fields_and_its_template(layer: Layer, client: Client) -> None:
    """/conf/tileset/description, by the demands of the schema of tile set metadata."""
    told = tileset(client, layer)
    assert (told["dataType"], told["tileMatrixSetURI"]) == ("vector", URI)
    assert (
        told["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857" and told["title"] and "cụm" in told["description"]
    )
    item = link(told, "item")
    assert item["templated"] is True and item["type"] == MVT
    assert all(f"{{{name}}}" in item["href"] for name in ("tileMatrix", "tileRow", "tileCol"))
    assert ask(client, link(told, SCHEME)["href"])["id"] == "WebMercatorQuad"
    assert ask(client, told["tileMatrixSetDefinition"])["uri"] == URI
    assert ask(client, link(told, "self")["href"]) == told
    assert client.get(link(told, "describedby")["href"]).json()["tilejson"] == "3.0.0"
    assert client.get(link(told, "collection")["href"]).json()["id"] == layer.name
    first, last = layer.zooms
    assert [one["tileMatrix"] for one in told["tileMatrixSetLimits"]] == [str(z) for z in range(first, last + 1)]
    for one in told["tileMatrixSetLimits"]:
        end = 2 ** int(one["tileMatrix"]) - 1
        assert (one["minTileRow"], one["maxTileRow"], one["minTileCol"], one["maxTileCol"]) == (0, end, 0, end)
    (shown,) = told["layers"]
    assert shown["id"] == layer.name and shown["geometryType"] in ("points", "polygons")
    assert all(
        one["type"] in ("string", "number", "boolean") for one in shown["propertiesSchema"]["properties"].values()
    )


@EVERY
def test_a_collection_leads_to_its_tilesets(layer: Layer, client: Client) -> None:
    """/conf/geodata-tilesets/desc-links, /conf/geodata-tilesets/operation, /conf/tilesets-list/tileset-links."""
    collection = client.get(f"/ogc/collections/{layer.name}").json()
    listed = ask(client, link(collection, TILESETS)["href"])
    assert link(collection, TILESETS)["href"].endswith(f"/collections/{layer.name}/tiles")
    (one,) = listed["tilesets"]
    full = ask(client, link(one, "self")["href"])
    assert {key: full[key] for key in ("dataType", "crs", "tileMatrixSetURI")} == {
        key: one[key] for key in ("dataType", "crs", "tileMatrixSetURI")
    }
    assert link(one, "self")["href"].endswith("/tiles/WebMercatorQuad") and link(one, SCHEME)["href"]


def test_the_matrix_set_is_web_mercator_quad(client: Client) -> None:
    """By the demands of the schema of tile matrix sets; each matrix is twice as fine as the one before."""
    (listed,) = ask(client, "/tileMatrixSets")["tileMatrixSets"]
    told = ask(client, link(listed, "self")["href"])
    assert (told["id"], told["uri"], told["crs"]) == (listed["id"], listed["uri"], listed["crs"])
    matrices = told["tileMatrices"]
    assert [one["id"] for one in matrices] == [str(z) for z in range(25)]
    for z, one in enumerate(matrices):
        assert (one["matrixWidth"], one["matrixHeight"], one["tileWidth"], one["tileHeight"]) == (2**z, 2**z, 256, 256)
        assert one["cornerOfOrigin"] == "topLeft" and one["pointOfOrigin"] == [-20037508.3427892, 20037508.3427892]
        assert isclose(one["scaleDenominator"] * 0.00028, one["cellSize"], rel_tol=1e-12)
        assert isclose(one["cellSize"] * 256 * 2**z, 2 * 20037508.3427892, rel_tol=1e-9)
    assert client.get("/ogc/tileMatrixSets/Other").status_code == 404


@EVERY
def test_filters_are_carried_from_the_tilesets_to_the_tiles(layer: Layer, client: Client, world: date) -> None:
    listed = ask(client, f"/collections/{layer.name}/tiles?province=01&lang=en&filter=id > 0")
    told = ask(client, link(listed["tilesets"][0], "self")["href"])
    assert "province=01" in link(told, "item")["href"] and "province=01" in link(told, "describedby")["href"]
    tile = mapbox_vector_tile.decode(client.get(address_of(told, 0, 0, 0)).content)
    count = sum(one["properties"].get("count", 1) for one in tile[layer.name]["features"])
    assert count == expected(layer.name, {"province": "01"}, world) > 0


@EVERY
def test_what_means_nothing_is_refused_by_name(layer: Layer, client: Client) -> None:
    for path in ("tiles", "tiles/WebMercatorQuad", "tiles/WebMercatorQuad/0/0/0"):
        for asked, name in (("colour=red", "colour"), ("bbox=1,2", "bbox"), ("f=xml", "f"), ("scope=staff", "scope")):
            refused = client.get(f"/ogc/collections/{layer.name}/{path}?{asked}")
            assert (refused.status_code, refused.json()["parameter"]) == (400, name), (path, asked)
    assert client.get("/ogc/collections/nothing/tiles").status_code == 404


@EVERY
def test_tilesets_are_pages_too_that_keep_filters_and_lead_on(layer: Layer, client: Client) -> None:
    at = f"/ogc/collections/{layer.name}/tiles"
    shown = page(client, f"{at}?f=html&lang=en&province=01")
    (there,) = [link for link in shown.links if "WebMercatorQuad" in link]
    told = page(client, there)
    assert f"{at}/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?province=01" in told.text
    assert "clusters" in told.text and layer.title.en in told.text
    matrices = page(client, next(link for link in told.links if "tileMatrixSets" in link))
    assert "559,082,264" in matrices.text


@pytest.mark.parametrize(
    "path", ["/tileMatrixSets", "/tileMatrixSets/WebMercatorQuad", "/collections/provinces/tiles?province=01"]
)
def test_pages_and_documents_of_tilesets_name_each_other(path: str, client: Client) -> None:
    document = ask(client, path)
    shown = Page(client.get(link(document, "alternate")["href"]))
    assert link(document, "alternate")["type"] == "text/html" and shown.status == 200
    (back,) = shown.all("link", rel="alternate", type="application/json")
    found = ask(client, str(back["href"]))
    assert {**found, "links": []} == {**document, "links": []}
    assert client.get(f"/ogc{path}", headers={"Accept": "text/html"})["Content-Type"].startswith("text/html")


def test_the_description_holds_the_operations_of_tiles(client: Client) -> None:
    """/conf/oas30/completeness, /conf/oas30/operation-id: the suffixes by which programs find them."""
    api = ask(client, "/api?f=json")
    validate(api)
    names = [one["get"]["operationId"] for one in api["paths"].values()]
    for suffix in ("getTileSetsList", "getTileSet", "getTile"):
        assert sum(name.endswith(f".collection.vector.{suffix}") for name in names) == len(all_layers())
    assert {"getTileMatrixSetsList", "getTileMatrixSet"} <= set(names)
