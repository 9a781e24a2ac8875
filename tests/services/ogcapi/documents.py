"""What the tests of OGC API share: documents by their addresses, links by their relations, pages in a row."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import shapely
from django.test import Client
from shapely.geometry import shape

from layers.layer import Layer
from layers.registry import all_layers

Json = dict[str, Any]
ROOT = "/ogc"
LAYERS = all_layers()
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def ask(client: Client, path: str, asked: Mapping[str, str] | None = None, *, status: int = 200) -> Json:
    """The JSON document at an address below the service's, or at one in full, which must answer with that status."""
    response = client.get(path if path.startswith("http") else f"{ROOT}{path}", asked or {})
    body = body_of(response)
    assert response.status_code == status, (path, body[:300])
    return json.loads(body)


def items(client: Client, layer: Layer, asked: Mapping[str, str] | None = None) -> Json:
    return ask(client, f"/collections/{layer.name}/items", asked)


def links(document: Json, rel: str) -> list[Json]:
    return [link for link in document["links"] if link["rel"] == rel]


def href(document: Json, rel: str) -> str:
    """The address that the document gives for a relation; empty without one."""
    return next((link["href"] for link in links(document, rel)), "")


def pages(client: Client, layer: Layer, asked: Mapping[str, str]) -> Iterator[Json]:
    """Every page of a collection, from link to link."""
    page = items(client, layer, asked)
    yield page
    while address := href(page, "next"):
        page = ask(client, address)
        yield page


def ids(client: Client, layer: Layer, asked: Mapping[str, str]) -> list[int]:
    """The ids of all pages in their order; of the fields one alone is asked for."""
    asked = {"properties": layer.fields[0].name, **asked}
    return [feature["id"] for page in pages(client, layer, asked) for feature in page["features"]]


def check_feature(feature: Json, layer: Layer) -> None:
    """A feature as RFC 7946 wants it, its geometry valid, of the layer's kind and in the country."""
    assert feature["type"] == "Feature" and isinstance(feature["id"], int) and isinstance(feature["properties"], dict)
    geometry = feature["geometry"]
    assert set(geometry) == {"type", "coordinates"}
    assert geometry["type"] == ("Point" if layer.geometry == "point" else "MultiPolygon")
    west, south, east, north = shapely.bounds(shape(geometry))
    assert 102 <= west <= east <= 118 and 4.5 <= south <= north <= 23.5
    assert "crs" not in feature


def check_links(document: Json, *, form: str, others: int = 1) -> None:
    """Self, every other form, and `rel` and `type` on each link."""
    assert all({"rel", "type", "href"} <= set(link) and link["href"].startswith("http") for link in document["links"])
    assert [link["type"] for link in links(document, "self")] == [form]
    assert len(links(document, "alternate")) == others
