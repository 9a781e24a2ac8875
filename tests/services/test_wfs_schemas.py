"""What WFS answers is valid by the schemas: capabilities, types, features, values, stored queries, exceptions."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from lxml import etree

from geodata import crs
from layers.errors import NotAllowed
from layers.layer import Layer
from layers.registry import all_layers, get
from services.wfs.types import FeatureType
from tests.ogc_schemas import schema_with, wfs_schema

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]
WFS = {"service": "WFS", "version": "2.0.0"}


def answered(client: Client, *, status: int = 200, **asked: str) -> bytes:
    """The body of an answer to a request by key and value."""
    answer = client.get("/wfs", {**WFS, **asked})
    body = b"".join(answer)
    assert answer.status_code == status, body
    return body


def valid(schema: etree.XMLSchema, body: bytes) -> etree._Element:
    """The document; fails where the schema says that it is none of its kind."""
    document = etree.fromstring(body)
    assert schema.validate(document), schema.error_log
    return document


def described(client: Client, layer: Layer) -> etree.XMLSchema:
    """The schema of answers that hold features of a layer, as the service itself describes them."""
    body = answered(client, request="DescribeFeatureType", typeNames=layer.name)
    return schema_with(body, etree.fromstring(body).get("targetNamespace"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_capabilities_are_valid(language: str, client: Client) -> None:
    found = valid(wfs_schema(), answered(client, request="GetCapabilities", lang=language))
    names = [one.text.rpartition(":")[2] for one in found.iterfind(".//{*}FeatureType/{*}Name")]
    assert names == [layer.name for layer in all_layers()]


@pytest.mark.parametrize("request_name", ["ListStoredQueries", "DescribeStoredQueries"])
def test_stored_queries_are_valid(request_name: str, client: Client) -> None:
    assert len(valid(wfs_schema(), answered(client, request=request_name)))


def test_exceptions_are_valid(client: Client) -> None:
    valid(wfs_schema(), answered(client, status=400, request="GetFeature", typeNames="nowhere"))


@pytest.mark.parametrize("layer", LAYERS)
def test_features_are_valid_by_the_types_that_are_described(layer: Layer, client: Client, world: date) -> None:
    schema = described(client, layer)
    for asked in ({}, {"srsName": crs.official(3405).urn}, {"propertyName": "geom_accuracy"}):
        found = valid(schema, answered(client, request="GetFeature", typeNames=layer.name, count="40", **asked))
        assert len(found.findall("{*}member")) == min(40, int(found.get("numberMatched")))


@pytest.mark.parametrize("layer", LAYERS)
def test_hits_and_values_are_valid(layer: Layer, client: Client, world: date) -> None:
    schema = described(client, layer)
    hits = answered(client, request="GetFeature", typeNames=layer.name, resultType="hits")
    assert not len(valid(schema, hits))
    asked = {"typeNames": layer.name, "count": "5", "valueReference": "geom_accuracy"}
    valid(schema, answered(client, request="GetPropertyValue", **asked))


@pytest.mark.parametrize("layer", LAYERS)
def test_a_feature_by_its_id_is_valid_by_itself(layer: Layer, client: Client, world: date) -> None:
    schema = described(client, layer)
    page = etree.fromstring(answered(client, request="GetFeature", typeNames=layer.name, count="1"))
    (feature,) = page.iterfind("{*}member/*")
    asked = {"storedQuery_id": "urn:ogc:def:query:OGC-WFS::GetFeatureById"}
    identifier = feature.get("{http://www.opengis.net/gml/3.2}id")
    found = valid(schema, answered(client, request="GetFeature", id=identifier, **asked))
    assert found.tag == feature.tag


def test_columns_follow_what_the_caller_may_see_at_the_time(world: date) -> None:
    """An account is the same by its number, whatever it may see by now."""
    layer = get("measuring_devices")
    hidden = {item.name for item in layer.fields if item.roles and item.shown}
    user = get_user_model()(pk=1, is_superuser=True)
    assert hidden and hidden <= set(FeatureType(layer, user).names)
    user.is_superuser = False
    with pytest.raises(NotAllowed):
        _ = FeatureType(layer, user).names
    assert not hidden & set(FeatureType(layer, None).names)
