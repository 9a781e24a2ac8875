"""The abstract tests of WFS 2.0 (OGC 09-025r2, annex A): Simple WFS, Basic WFS, HTTP GET and POST, response paging.

A docstring begins with the numbers of annex A: A.1.1 Simple WFS, A.1.2 Basic WFS, A.1.5 HTTP GET, A.1.6 HTTP POST,
A.1.10 response paging; of the basic tests A.2 those that bear on it alone (A.2.11 versions, A.2.20 paging, A.2.22
queries, A.2.23 declared conformance), beside the clause that the others come from. Behind them stands the test of OGC's
executable suite (ets-wfs20) that looks at the same. Filters are in test_wfs_abstract_filters.py.
"""

import csv
import io
import json
from itertools import pairwise

import pytest
from django.test import Client
from lxml import etree

from geodata.crs import CRS84
from layers.layer import Layer
from layers.registry import all_layers
from services.wfs.capabilities import SECTIONS
from tests.ogc_schemas import schema_with, wfs_schema
from tests.services.wfs_requests import (
    BY_ID,
    DEVICES,
    NAMES,
    SITES,
    ask,
    body,
    document,
    features,
    hits,
    ids,
    put,
    query,
    refused,
    request,
    send,
    texts,
)

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]
BINDINGS = pytest.mark.parametrize("binding", ["GET", "POST"])
INVALID = "InvalidParameterValue"
OPERATIONS = {
    *("GetCapabilities", "DescribeFeatureType", "ListStoredQueries", "DescribeStoredQueries"),
    *("GetFeature", "GetPropertyValue"),
}
KEPT = {
    *("ImplementsSimpleWFS", "ImplementsBasicWFS", "KVPEncoding", "XMLEncoding", "ImplementsResultPaging"),
    *("ImplementsQuery", "ImplementsAdHocQuery", "ImplementsFunctions", "ImplementsResourceId"),
    *("ImplementsMinStandardFilter", "ImplementsStandardFilter", "ImplementsMinSpatialFilter"),
    *("ImplementsSpatialFilter", "ImplementsMinTemporalFilter", "ImplementsTemporalFilter"),
    *("ImplementsSorting", "ImplementsMinimumXPath"),
}
NOT_KEPT = {
    *("ImplementsTransactionalWFS", "ImplementsLockingWFS", "SOAPEncoding", "ImplementsInheritance"),
    *("ImplementsRemoteResolve", "ImplementsStandardJoins", "ImplementsSpatialJoins", "ImplementsTemporalJoins"),
    *("ImplementsFeatureVersioning", "ManageStoredQueries", "PagingIsTransactionSafe"),
    *("ImplementsVersionNav", "ImplementsExtendedOperators", "ImplementsSchemaElementFunc"),
}


def described(client: Client, *type_names: str) -> etree.XMLSchema:
    """The schema of answers with features of these types, of all without any."""
    asked = {"typenames": ",".join(type_names)} if type_names else {}
    return schema_with(body(ask(client, "DescribeFeatureType", **asked)), NAMES["map"])


@BINDINGS
@pytest.mark.parametrize("language", ["vi", "en"])
def test_capabilities_are_whole_and_valid(binding: str, language: str, client: Client) -> None:
    """A.1.1, A.1.5, A.1.6; clause 8.3: SimpleCapabilitiesTests.getFullCapabilities,
    ServiceMetadataTests.capabilitiesDocIsXmlSchemaValid and capabilitiesDocCorrespondsToWfsSimple.
    """
    if binding == "GET":
        found = document(client.get("/wfs", {"service": "WFS", "request": "GetCapabilities", "lang": language}))
    else:
        sent = f'<wfs:GetCapabilities xmlns:wfs="{NAMES["wfs"]}" service="WFS"/>'
        found = document(client.post(f"/wfs?lang={language}", sent, content_type="application/xml"))
    wfs_schema().assertValid(found)
    assert found.get("version") == "2.0.0"
    assert tuple(one.tag.rpartition("}")[2] for one in found) == SECTIONS
    types = {one.findtext("wfs:Name", None, NAMES): one.findtext("wfs:Title", None, NAMES) for one in _types(found)}
    assert types == {f"map:{layer.name}": getattr(layer.title, language) for layer in all_layers()}


def _types(capabilities: etree._Element) -> list[etree._Element]:
    return capabilities.findall("wfs:FeatureTypeList/wfs:FeatureType", NAMES)


@pytest.fixture
def capabilities(client: Client) -> etree._Element:
    return document(ask(client, "GetCapabilities"))


def test_what_is_kept_is_declared_and_what_is_not(capabilities: etree._Element) -> None:
    """A.1.1, A.1.2, A.2.23: BasicCapabilitiesTests.describesBasicWFS. What is optional and not offered is FALSE."""
    declared = {
        one.get("name"): one.findtext("ows:DefaultValue", None, NAMES) for one in capabilities.iter("{*}Constraint")
    }
    truths = {name: said for name, said in declared.items() if said in ("TRUE", "FALSE")}
    assert truths == dict.fromkeys(KEPT, "TRUE") | dict.fromkeys(NOT_KEPT, "FALSE")


def test_operations_and_their_parameters_are_declared(capabilities: etree._Element) -> None:
    """A.1.1, A.1.2, A.1.5, A.1.6; clause 8.3.5, Table 12: every operation with an address for each binding."""
    operations = {one.get("name"): one for one in capabilities.iter("{*}Operation")}
    assert set(operations) == OPERATIONS
    for operation in operations.values():
        ways = operation.findall("ows:DCP/ows:HTTP/*", NAMES)
        assert [one.tag.rpartition("}")[2] for one in ways] == ["Get", "Post"]
        assert all(one.get("{http://www.w3.org/1999/xlink}href", "").startswith("http") for one in ways)
    for name in ("GetFeature", "GetPropertyValue"):
        allowed = operations[name].xpath("ows:Parameter[@name='resolve']//ows:Value/text()", namespaces=NAMES)
        assert {"none", "local"} <= set(allowed)


@pytest.mark.parametrize("operation", ["GetFeature", "GetPropertyValue"])
@BINDINGS
def test_references_are_resolved_locally_and_no_further(binding: str, operation: str, client: Client) -> None:
    """A.1.1, A.1.9 (declared FALSE); clause 7.6.4."""
    value = {"valueReference": "map:id"} if operation == "GetPropertyValue" else {}
    for resolve in ("none", "local"):
        assert document(put(client, binding, operation, SITES, count=1, resolve=resolve, **value)) is not None
    for resolve in ("remote", "all"):
        found = put(client, binding, operation, SITES, count=1, resolve=resolve, **value)
        assert refused(found)[:2] == (400, "OptionNotSupported")


def test_a_missing_parameter_is_named(client: Client) -> None:
    """A.1.1; clause 7.5: SimpleCapabilitiesTests.getCapabilities_missingServiceParam."""
    answer = client.get("/wfs", {"request": "GetCapabilities"})
    assert refused(answer) == (400, "MissingParameterValue", "service")
    wfs_schema().assertValid(etree.fromstring(body(answer)))


@BINDINGS
def test_the_first_acceptable_version_is_answered(binding: str, client: Client) -> None:
    """A.1.1; clauses 6.2.3 and 8.2: SimpleCapabilitiesTests.getCapabilities_acceptVersions."""
    if binding == "GET":
        asked = {"service": "WFS", "request": "GetCapabilities"}
        answers = [
            client.get("/wfs", {**asked, **more})
            for more in ({}, {"acceptversions": "10.0.0,2.0.0,1.1.0"}, {"version": "2.0.0"})
        ]
        refusal = client.get("/wfs", {**asked, "acceptversions": "3.0.0"})
    else:
        answers = [send(client, _accepting("10.0.0", "2.0.0", "1.1.0"))]
        refusal = send(client, _accepting("3.0.0"))
    assert {document(one).get("version") for one in answers} == {"2.0.0"}
    assert refused(refusal)[1] == "VersionNegotiationFailed"


def _accepting(*versions: str) -> str:
    listed = "".join(f"<ows:Version>{one}</ows:Version>" for one in versions)
    spaces = f'xmlns:wfs="{NAMES["wfs"]}" xmlns:ows="{NAMES["ows"]}"'
    accepted = f"<ows:AcceptVersions>{listed}</ows:AcceptVersions>"
    return f'<wfs:GetCapabilities {spaces} service="WFS">{accepted}</wfs:GetCapabilities>'


def test_sections_are_given_alone(client: Client) -> None:
    """A.1.1; clause 8.2, OWS Common 7.3.3."""
    part = document(client.get("/wfs", {"service": "WFS", "request": "GetCapabilities", "sections": "FeatureTypeList"}))
    wfs_schema().assertValid(part)
    assert [one.tag.rpartition("}")[2] for one in part] == ["FeatureTypeList"]


@BINDINGS
def test_all_types_are_described_at_once(binding: str, client: Client) -> None:
    """A.1.1; clause 9.2.4.1: DescribeFeatureTypeTests.describeAllFeatureTypes. The schema compiles."""
    found = body(put(client, binding, "DescribeFeatureType"))
    schema_with(found, NAMES["map"])
    assert all(f'<xsd:element name="{layer.name}" '.encode() in found for layer in all_layers())


@BINDINGS
def test_a_type_that_is_not_there_is_not_described(binding: str, client: Client) -> None:
    """A.1.1; clauses 8.3.4 and 9.2.4.1: DescribeFeatureTypeTests.describeUnknownFeatureType."""
    if binding == "GET":
        foreign = "xmlns(ns7,http://example.org)"
        found = ask(client, "DescribeFeatureType", typenames="ns7:Unknown1.Type", namespaces=foreign)
    else:
        name = '<wfs:TypeName xmlns:ns7="http://example.org">ns7:Unknown1.Type</wfs:TypeName>'
        found = send(client, request("DescribeFeatureType", name))
    assert refused(found) == (400, INVALID, "typeNames")


@BINDINGS
def test_stored_queries_are_listed_and_described(binding: str, client: Client) -> None:
    """A.1.1; clauses 14.3.4, 14.4.2 and 7.9.3.6: ListStoredQueriesTests.listStoredQueries,
    DescribeStoredQueriesTests.describeAllStoredQueries and describeStoredQuery_GetFeatureById.
    """
    for operation in ("ListStoredQueries", "DescribeStoredQueries"):
        found = document(put(client, binding, operation))
        wfs_schema().assertValid(found)
        assert BY_ID in {one.get("id") for one in found}
    if binding == "GET":
        chosen = ask(client, "DescribeStoredQueries", storedquery_id=BY_ID)
    else:
        chosen = send(client, request("DescribeStoredQueries", f"<wfs:StoredQueryId>{BY_ID}</wfs:StoredQueryId>"))
    assert [one.get("id") for one in document(chosen)] == [BY_ID]


def _stored(client: Client, binding: str, *, query_id: str = BY_ID, **parameters: str) -> object:
    if binding == "GET":
        return ask(client, "GetFeature", storedquery_id=query_id, **parameters)
    given = "".join(f'<wfs:Parameter name="{name}">{value}</wfs:Parameter>' for name, value in parameters.items())
    return send(client, request("GetFeature", f'<wfs:StoredQuery id="{query_id}">{given}</wfs:StoredQuery>'))


@BINDINGS
def test_the_stored_query_gives_the_feature_itself(binding: str, client: Client) -> None:
    """A.1.1, A.2.22.4; clause 7.9.3.6: StoredQueryTests.invokeGetFeatureById."""
    schema = described(client)
    for layer in all_layers():
        (number,) = ids(ask(client, "GetFeature", typenames=layer.name, count=1))
        found = document(_stored(client, binding, id=f"{layer.name}.{number}"))  # type: ignore[arg-type]
        schema.assertValid(found)
        assert found.tag == f"{{{NAMES['map']}}}{layer.name}"
        assert found.get(f"{{{NAMES['gml']}}}id") == f"{layer.name}.{number}"


def test_the_feature_itself_comes_in_every_form(client: Client) -> None:
    """A.1.1; clause 11.3."""
    for layer in all_layers():
        (number,) = ids(ask(client, "GetFeature", typenames=layer.name, count=1))
        asked = {"storedquery_id": BY_ID, "id": f"{layer.name}.{number}"}
        assert json.loads(body(ask(client, "GetFeature", **asked, outputformat="geojson")))["id"] == number
        (row,) = csv.DictReader(io.StringIO(body(ask(client, "GetFeature", **asked, outputformat="csv")).decode()))
        assert row["id"] == str(number)


@BINDINGS
def test_a_feature_that_is_not_there_is_not_found(binding: str, client: Client) -> None:
    """A.1.1, A.2.22.4; clauses 7.9.3.6 and 11.4: StoredQueryTests.invokeGetFeatureByIdWithUnknownID."""
    answer = _stored(client, binding, id="uuid-0aa0c9f0-7f7f-4a3a-9d0a-0d2c5f9b1c11")
    assert refused(answer)[:2] == (404, "NotFound")  # type: ignore[arg-type]


@BINDINGS
def test_a_stored_query_that_is_not_there_is_refused(binding: str, client: Client) -> None:
    """A.1.1; clause 7.9.3.4: StoredQueryTests.unknownStoredQuery."""
    answer = _stored(client, binding, query_id="http://docbook.org/ns/docbook")
    assert refused(answer) == (400, INVALID, "storedQuery_id")  # type: ignore[arg-type]


@BINDINGS
@pytest.mark.parametrize("layer", LAYERS)
def test_features_are_valid_by_the_schemas_that_they_name(layer: Layer, binding: str, client: Client) -> None:
    """A.1.2, A.2.22; clauses 7.8, 9, 11.2 and 11.3: BasicGetFeatureTests.getFeaturesByType."""
    found = document(put(client, binding, "GetFeature", layer.name, count=40))
    places = found.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation").split()
    named = dict(zip(places[::2], places[1::2], strict=True))
    assert named[NAMES["wfs"]] == "http://schemas.opengis.net/wfs/2.0/wfs.xsd"
    schema_with(body(client.get(named[NAMES["map"]])), NAMES["map"]).assertValid(found)
    assert len(features(found)) == min(40, int(found.get("numberMatched")))
    assert {one.tag for one in features(found)} == {f"{{{NAMES['map']}}}{layer.name}"}
    identifiers = found.xpath("//@gml:id", namespaces=NAMES)
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("layer", LAYERS)
def test_chosen_properties_and_hits_are_valid(layer: Layer, client: Client) -> None:
    """A.1.2, A.2.22; clauses 7.6.3.6 and 7.9.2.4.5."""
    schema = described(client, layer.name)
    for asked in ({"propertyname": "geom_accuracy", "count": 5}, {"resulttype": "hits"}):
        schema.assertValid(document(ask(client, "GetFeature", typenames=layer.name, **asked)))


@BINDINGS
@pytest.mark.parametrize("layer", LAYERS)
def test_features_come_in_another_declared_system(
    layer: Layer, binding: str, client: Client, capabilities: etree._Element
) -> None:
    """A.1.2, A.2.22.1.4; clause 7.9.2.4.4: BasicGetFeatureTests.getFeatureInOtherCRS."""
    declared = next(one for one in _types(capabilities) if one.findtext("wfs:Name", None, NAMES) == f"map:{layer.name}")
    for system in [one.text for one in declared.iterfind("wfs:OtherCRS", NAMES)][:3]:
        if binding == "GET":
            found = document(ask(client, "GetFeature", typenames=layer.name, count=3, srsname=system))
        else:
            found = document(send(client, request("GetFeature", query(layer.name, srsName=system), count=3)))
        assert {one.get("srsName") for one in found.iterfind(".//*[@srsName]")} == {system}
        described(client, layer.name).assertValid(found)
    assert CRS84.urn in [one.text for one in declared.iterfind("wfs:OtherCRS", NAMES)]


@BINDINGS
def test_a_system_that_is_not_declared_is_refused(binding: str, client: Client) -> None:
    """A.1.2, A.2.22.1.4: BasicGetFeatureTests.getFeatureInUnsupportedCRS."""
    system = "urn:ogc:def:crs:EPSG::32690"
    if binding == "GET":
        found = ask(client, "GetFeature", typenames=SITES, srsname=system)
    else:
        found = send(client, request("GetFeature", query(SITES, srsName=system)))
    assert refused(found) == (400, INVALID, "srsName")


@BINDINGS
@pytest.mark.parametrize("layer", LAYERS)
def test_identifiers_are_values_too(layer: Layer, binding: str, client: Client) -> None:
    """A.1.2; clause 10.2.4.3: GetPropertyValueTests.getProperty_gmlId."""
    found = document(put(client, binding, "GetPropertyValue", layer.name, valueReference="@gml:id", count=20))
    wfs_schema().assertValid(found)
    page = document(ask(client, "GetFeature", typenames=layer.name, count=20))
    assert [one.text for one in found] == [one.get(f"{{{NAMES['gml']}}}id") for one in features(page)]


@BINDINGS
def test_a_reference_to_nothing_is_refused(binding: str, client: Client) -> None:
    """A.1.2; clauses 7.5 and 10.4: GetPropertyValueTests.getProperty_emptyValueRef. So are paths that lead nowhere."""
    empty = put(client, binding, "GetPropertyValue", SITES, valueReference="")
    assert refused(empty) == (400, INVALID, "valueReference")
    for reference in ("map:undefined", "@map:id", "//map:name", "map:name/text()"):
        found = put(client, binding, "GetPropertyValue", SITES, valueReference=reference)
        assert refused(found)[:2] in ((400, INVALID), (400, "OperationParsingFailed")), reference


def test_a_reference_says_nothing_to_get_feature(client: Client) -> None:
    assert len(features(document(ask(client, "GetFeature", typenames=SITES, count=2, valuereference="")))) == 2


@pytest.mark.parametrize("layer", LAYERS)
def test_values_of_one_property_are_given_in_the_order_of_the_features(layer: Layer, client: Client) -> None:
    """A.1.2; clause 10."""
    schema = described(client, layer.name)
    whole = features(document(ask(client, "GetFeature", typenames=layer.name, count=20)))
    for name in ("id", layer.fields[0].name, layer.fields[-1].name, "geom"):
        if name not in ("id", "geom") and (layer.field(name).roles or not layer.field(name).shown):  # type: ignore[union-attr]
            continue
        found = document(ask(client, "GetPropertyValue", typenames=layer.name, valuereference=name, count=20))
        schema.assertValid(found)
        values = [one[0].text for one in found]
        assert len(values) == len(whole) == int(found.get("numberReturned"))
        if name != "geom":
            assert values == [one.findtext(f"map:{name}", namespaces=NAMES) for one in whole]
    sent = request("GetPropertyValue", query(layer.name), valueReference="map:id", count=20)
    assert texts(document(send(client, sent)), "id") == texts(
        document(ask(client, "GetFeature", typenames=layer.name, count=20)), "id"
    )


@BINDINGS
@pytest.mark.parametrize("operation", ["GetFeature", "GetPropertyValue"])
@pytest.mark.parametrize("layer", LAYERS)
def test_hits_lead_to_the_first_page(layer: Layer, operation: str, binding: str, client: Client) -> None:
    """A.1.10, A.2.20; clause 7.7.4.2: PagingTests.getFeatureWithHitsOnly."""
    value = {"valueReference": "map:id"} if operation == "GetPropertyValue" else {}
    found = document(put(client, binding, operation, layer.name, count=2, resultType="hits", **value))
    assert (found.get("numberReturned"), len(found), found.get("previous")) == ("0", 0, None)
    first = document(client.get(found.get("next")))
    assert first.get("numberReturned") == "2" == str(len(first)) and first.get("numberMatched") == found.get(
        "numberMatched"
    )
    same = document(put(client, binding, operation, layer.name, count=2, **value))
    assert [etree.tostring(one) for one in first] == [etree.tostring(one) for one in same]


def test_hits_of_nothing_lead_nowhere(client: Client) -> None:
    """A.1.10, A.2.20; clause 7.7.4.2."""
    for asked in ({"resourceid": f"{SITES}.999999999", "count": 2}, {"count": 0}):
        found = document(ask(client, "GetFeature", typenames=SITES, resulttype="hits", **asked))
        assert found.get("next") is None and found.get("previous") is None


@pytest.mark.parametrize("layer", LAYERS)
def test_pages_visit_every_feature_once_in_both_directions(layer: Layer, client: Client) -> None:
    """A.1.10, A.2.20; clause 7.7.4.4: PagingTests.traverseResultSetInBothDirections. `next` and `previous` are absent
    at the ends.
    """
    total = hits(ask(client, "GetFeature", typenames=layer.name, resulttype="hits"))
    size = max(20, total // 5 + 1)
    asked = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typenames": layer.name, "count": str(size)}
    page = document(client.get("/wfs", {**asked, "propertyname": "id"}))
    pages = [page]
    assert page.get("previous") is None
    while page.get("next") is not None:
        page = document(client.get(page.get("next")))
        pages.append(page)
    seen = [int(text) for one in pages for text in texts(one, "id")]
    assert seen == sorted(set(seen)) and len(seen) == total and len(pages) == -(-total // size)
    for one in pages:
        assert int(one.get("numberReturned")) == len(features(one)) and int(one.get("numberMatched")) == total
        assert one.get("timeStamp").endswith("Z")
    for before, after in pairwise(pages):
        assert texts(document(client.get(after.get("previous"))), "id") == texts(before, "id")


@pytest.mark.parametrize(
    ("declared", "sent", "code"),
    [
        ("ImplementsTransactionalWFS", request("Transaction"), "OperationNotSupported"),
        ("ImplementsLockingWFS", request("LockFeature", query(SITES)), "OperationNotSupported"),
        ("ImplementsLockingWFS", request("GetFeatureWithLock", query(SITES)), "OperationNotSupported"),
        ("ManageStoredQueries", request("CreateStoredQuery"), "OperationNotSupported"),
        ("ManageStoredQueries", request("DropStoredQuery", id=BY_ID), "OperationNotSupported"),
        ("ImplementsStandardJoins", request("GetFeature", query(f"{SITES} map:{DEVICES}")), "OptionNotSupported"),
        (
            "ImplementsSchemaElementFunc",
            request("GetFeature", query(SITES)).replace(f"map:{SITES}", f"schema-element(map:{SITES})"),
            "",
        ),
        (
            "ImplementsVersionNav",
            request(
                "GetFeature", query(SITES, f'<fes:Filter><fes:ResourceId rid="{SITES}.1" version="ALL"/></fes:Filter>')
            ),
            "OptionNotSupported",
        ),
    ],
)
def test_what_is_declared_false_is_refused(
    declared: str, sent: str, code: str, client: Client, capabilities: etree._Element
) -> None:
    """A.1.3, A.1.4, A.1.11 to A.1.15, A.2.11: classes that are not claimed. SOAP is refused in test_wfs_refusals.py."""
    value = capabilities.xpath(f"//*[@name='{declared}']/ows:DefaultValue/text()", namespaces=NAMES)
    assert value == ["FALSE"]
    status, found, _ = refused(send(client, sent))
    assert status == 400 and found == (code or INVALID)
