"""The abstract tests of filters (OGC 09-026r2, annex A), as WFS answers them in KVP and in XML.

A docstring begins with the numbers of that annex: A.1 query, A.2 ad hoc query, A.3 functions, A.4 resource ids, A.5 and
A.6 standard filters, A.7 and A.8 spatial ones, A.9 and A.10 temporal ones, A.12 sorting (in test_wfs_filters.py), A.14
the minimum of XPath; A.11, A.13, A.15 are declared FALSE. Then come the clause and the test of OGC's executable suite
(ets-wfs20) that looks at the same. What SQL counts under such filters is in test_wfs_filters.py.
"""

from collections.abc import Callable
from datetime import date
from xml.sax.saxutils import escape

import pytest
from django.db.models import Model
from django.test import Client

from layers.layer import Layer
from layers.models import InspectionSite
from layers.registry import all_layers
from services.wfs.types import FeatureType
from tests.ogc_schemas import schema_with
from tests.services.wfs_requests import (
    NAMES,
    SITES,
    ask,
    body,
    compared,
    document,
    envelope,
    equal,
    features,
    fes,
    hits,
    ids,
    put,
    reference,
    refused,
    spatial,
    temporal,
)

LAYERS = pytest.mark.parametrize("layer", [pytest.param(layer, id=layer.name) for layer in all_layers()])
BINDINGS = ("GET", "POST")
INVALID = "InvalidParameterValue"
LIKE = {"wildCard": "*", "singleChar": "?", "escapeChar": "\\"}
BY_LINES = ("laboratories", "certification_bodies")
"""Their states and dates are those of scope lines: a filter asks the lines, an element tells what they come to."""


def elements(layer: Layer, *kinds: str) -> list[str]:
    """The names of the elements of these kinds, in the order of the schema."""
    return [one.name for one in FeatureType(layer, None).columns if one.kind in kinds]


def sample(client: Client, layer: Layer, name: str) -> list[str]:
    """The values of a property, as some features tell them."""
    page = document(ask(client, "GetFeature", typenames=layer.name, count=60, propertyname=name))
    return [one.findtext(f"map:{name}", namespaces=NAMES) for one in features(page) if len(one)]


def told(client: Client, layer: Layer, name: str, test: str) -> list[str | None]:
    """What the features that a filter chooses tell of a property: the same in both bindings."""
    answers = [put(client, one, "GetFeature", layer.name, fes(test), count=300) for one in BINDINGS]
    one, other = ([one.findtext(f"map:{name}", namespaces=NAMES) for one in features(document(a))] for a in answers)
    assert one == other
    return one


def last_text(client: Client, layer: Layer) -> tuple[str, str]:
    """The last element of a text that has a value, and a value of it, as the suite chooses them."""
    return next(
        (name, values[0]) for name in reversed(elements(layer, "text")) if (values := sample(client, layer, name))
    )


@LAYERS
def test_the_last_text_is_compared_as_features_tell_it(layer: Layer, client: Client) -> None:
    """A.5; 7.7.3.2: PropertyIsEqualToOperatorTests.propertyIsEqualTo_caseSensitive and propertyIsNotEqualTo_…."""
    name, value = last_text(client, layer)
    test = compared("PropertyIsEqualTo", f"map:{name}", escape(value), matchCase="true", matchAction="Any")
    assert set(told(client, layer, name, test)) == {value}
    other = compared("PropertyIsNotEqualTo", f"map:{name}", escape(value), matchCase="true", matchAction="All")
    assert value not in told(client, layer, name, other)
    assert told(client, layer, name, equal(name, escape(value.upper() + "x"))) == []


@LAYERS
def test_the_last_text_is_like_a_pattern(layer: Layer, client: Client) -> None:
    """A.6; 7.7.3.4 and 7.10: PropertyIsLikeOperatorTests.propertyIsLike and propertyIsNotLike."""
    name, value = last_text(client, layer)
    test = compared("PropertyIsLike", f"map:{name}", f"*{escape(value[2:])}", **LIKE)
    found = told(client, layer, name, test)
    assert value in found and all(one and one.endswith(value[2:]) for one in found)
    assert not any(one and one.endswith(value[2:]) for one in told(client, layer, name, f"<fes:Not>{test}</fes:Not>"))


@LAYERS
def test_a_feature_is_found_by_each_of_its_elements(layer: Layer, client: Client) -> None:
    """A.5; 7.7.3.2: whichever element the suite chose. Not by what several values or lines come to, nor by the words
    beside a flag: test_wfs_labels.py.
    """
    for one in features(document(ask(client, "GetFeature", typenames=layer.name, count=5))):
        itself = equal("id", one.findtext("map:id", namespaces=NAMES))
        for name in (column.name for column in FeatureType(layer, None).columns if column.kind != "list"):
            value, item = one.findtext(f"map:{name}", namespaces=NAMES), layer.field(name.removesuffix("_label"))
            gathered = item and (item.lines or (layer.name in BY_LINES and item.name in ("status", "valid_until")))
            if value and not gathered and not (item and item.kind == "flag" and name.endswith("_label")):
                found = ask(client, "GetFeature", typenames=layer.name, filter=fes(itself, equal(name, escape(value))))
                assert len(features(document(found))) == 1, name


@LAYERS
@pytest.mark.parametrize(
    ("operator", "holds"),
    [
        ("PropertyIsLessThan", lambda value, end: value < end),
        ("PropertyIsGreaterThan", lambda value, end: value > end),
        ("PropertyIsLessThanOrEqualTo", lambda value, end: value <= end),
        ("PropertyIsGreaterThanOrEqualTo", lambda value, end: value >= end),
    ],
)
def test_numbers_and_dates_are_compared(
    layer: Layer, operator: str, holds: Callable[[object, object], bool], client: Client
) -> None:
    """A.5; 7.7.3.1 and 7.7.3.3: ComparisonOperatorTests.propertyIsLessThan_matchAny, …_matchAll, propertyIsGreaterThan,
    …EqualTo. Where lines are asked, one of them decides.
    """
    for name, read in _measured(layer):
        values = sorted(map(read, sample(client, layer, name)))
        for end in {values[0], values[len(values) // 2], values[-1]} if values else ():
            for action in ("Any", "All"):
                test = compared(operator, f"map:{name}", str(end), matchAction=action)
                found = told(client, layer, name, test)
                assert all(one and holds(read(one), end) for one in found), (name, end)
                assert found or not any(holds(value, end) for value in values), (name, end)


def _measured(layer: Layer) -> list[tuple[str, Callable[[str], object]]]:
    dates = [] if layer.name in BY_LINES else elements(layer, "date")
    return [
        *((name, float) for name in elements(layer, "integer", "number") if name != "id"),
        *((d, str) for d in dates),
    ]


@LAYERS
def test_what_lies_between_two_values_is_found(layer: Layer, client: Client) -> None:
    """A.6; 7.7.3.7: PropertyIsBetweenOperatorTests.propertyIsBetween."""
    for name, read in _measured(layer):
        values = sorted(map(read, sample(client, layer, name)))
        if values:
            low, high = values[len(values) // 4], values[-len(values) // 4]
            ends = "".join(
                f"<fes:{end}Boundary><fes:Literal>{value}</fes:Literal></fes:{end}Boundary>"
                for end, value in (("Lower", low), ("Upper", high))
            )
            test = f"<fes:PropertyIsBetween>{reference(f'map:{name}')}{ends}</fes:PropertyIsBetween>"
            found = told(client, layer, name, test)
            assert found and all(low <= read(one) <= high for one in found if one), name


@LAYERS
def test_null_is_what_a_feature_does_not_have(layer: Layer, client: Client) -> None:
    """A.6; 7.7.3.5: PropertyIsNullOperatorTests.gmlNameIsNull and propertyIsNotNull."""
    total = hits(ask(client, "GetFeature", typenames=layer.name, resulttype="hits"))
    for binding in BINDINGS:
        own = f"map:{layer.name}/gml:name"
        for name, null in (("gml:name", total), ("gml:name[1]", total), (own, total), ("map:geom", 0)):
            test = f"<fes:PropertyIsNull>{reference(name)}</fes:PropertyIsNull>"
            for asked, wanted in ((test, null), (f"<fes:Not>{test}</fes:Not>", total - null)):
                found = document(put(client, binding, "GetFeature", layer.name, fes(asked), count=10))
                assert int(found.get("numberMatched")) == wanted, name
                assert all((one.find(name, NAMES) is None) == (asked == test) for one in features(found))


def test_a_name_without_a_prefix_is_ours_whatever_the_namespace_by_default(client: Client) -> None:
    """A.14; 7.4.4: every site has a name, none has one of GML's."""
    null = "<fes:PropertyIsNull><fes:ValueReference>name</fes:ValueReference></fes:PropertyIsNull>"
    asked = fes(null).replace("<fes:Filter ", f'<fes:Filter xmlns="{NAMES["gml"]}" ', 1)
    assert hits(ask(client, "GetFeature", typenames=SITES, filter=asked, resulttype="hits")) == 0


@LAYERS
def test_nil_is_what_a_feature_says_it_has_no_value_of(layer: Layer, client: Client, world: date) -> None:
    """A.6; 7.7.3.6: PropertyIsNilOperatorTests.propertyIsNil, for every element that can be nil."""
    schema = schema_with(body(ask(client, "DescribeFeatureType", typenames=layer.name)), NAMES["map"])
    xsi = "{http://www.w3.org/2001/XMLSchema-instance}nil"
    asked_of_places = [] if layer.name in BY_LINES else elements(layer, "text", "date", "integer", "number")
    for name in [*asked_of_places, "geom"]:
        test = f"<fes:PropertyIsNil>{reference(f'map:{name}')}</fes:PropertyIsNil>"
        for binding in BINDINGS:
            found = document(put(client, binding, "GetFeature", layer.name, fes(test), count=5))
            assert all(one.find(f"map:{name}", NAMES).get(xsi) == "true" for one in features(found)), name
        schema.assertValid(found)


def test_a_feature_without_a_value_is_nil(client: Client, committed: Callable[[Model], Model]) -> None:
    """A.6; 7.7.3.6: there is such a feature; no reasons are known."""
    site = InspectionSite.objects.filter(publish_state="approved_public")[0]
    site.pk, site.source_id, site.last_checked = None, "test-nil", None
    committed(site)
    nil = f"<fes:PropertyIsNil{{}}>{reference('last_checked')}</fes:PropertyIsNil>"
    answer = ask(client, "GetFeature", typenames=SITES, filter=fes(nil.format(""), equal("id", str(site.pk))))
    (feature,) = features(document(answer))
    assert feature.find("map:last_checked", NAMES).get("{http://www.w3.org/2001/XMLSchema-instance}nil") == "true"
    reasoned = ask(client, "GetFeature", typenames=SITES, filter=fes(nil.format(' nilReason="withheld"')))
    assert refused(reasoned) == (400, "OptionNotSupported", "nilReason")


@pytest.mark.parametrize("binding", BINDINGS)
def test_properties_that_are_not_there_are_refused(binding: str, client: Client) -> None:
    """A.2; 8.3 and 09-025r2, 11.4: ComparisonOperatorTests.invalidPropertyReference and invalidOperand_boundedBy,
    BBOXOperatorTests.invalidGeometryOperand.
    """
    foreign = compared("PropertyIsLessThanOrEqualTo", "ex:undefined", "1355941270")
    asked = fes(foreign).replace("<fes:Filter ", '<fes:Filter xmlns:ex="http://example.org" ', 1)
    assert refused(put(client, binding, "GetFeature", SITES, asked)) == (400, INVALID, "valueReference")
    unknown = fes(compared("PropertyIsLessThanOrEqualTo", "map:undefined", "1355941270"))
    assert refused(put(client, binding, "GetFeature", SITES, unknown)) == (400, INVALID, "filter")
    bounded = fes(compared("PropertyIsLessThanOrEqualTo", "gml:boundedBy", envelope("105 20", "106 21")))
    assert refused(put(client, binding, "GetFeature", SITES, bounded)) == (400, "OperationProcessingFailed", "filter")
    described = fes(spatial("BBOX", envelope("105 20", "106 21"), "gml:description"))
    assert refused(put(client, binding, "GetFeature", SITES, described)) == (400, INVALID, "valueReference")


@pytest.mark.parametrize("binding", BINDINGS)
@LAYERS
def test_resource_ids_choose_features(layer: Layer, binding: str, client: Client) -> None:
    """A.4; 7.11 and 09-025r2, 7.2.2 and 7.9.2.4.1: ResourceIdOperatorTests.twoValidFeatureIdentifiers,
    unknownFeatureIdentifier, inconsistentFeatureIdentifierAndType.
    """
    both = ids(ask(client, "GetFeature", typenames=layer.name, count=2))
    other = next(one for one in all_layers() if one is not layer)

    def chosen(*identifiers: str) -> object:
        if binding == "GET":
            return ask(client, "GetFeature", typenames=f"map:{layer.name}", resourceid=",".join(identifiers))
        named = "".join(f'<fes:ResourceId rid="{one}"/>' for one in identifiers)
        return put(client, binding, "GetFeature", layer.name, f"<fes:Filter>{named}</fes:Filter>")

    assert ids(chosen(*(f"{layer.name}.{one}" for one in both))) == both  # type: ignore[arg-type]
    assert ids(chosen("test-0aa0c9f0-7f7f-4a3a")) == []  # type: ignore[arg-type]
    (foreign,) = ids(ask(client, "GetFeature", typenames=other.name, count=1))
    assert refused(chosen(f"{other.name}.{foreign}")) == (400, INVALID, "resourceId")  # type: ignore[arg-type]


@LAYERS
def test_boxes_and_polygons_of_the_extent_hold_the_features(layer: Layer, client: Client) -> None:
    """A.7 and A.8; 7.8.3.2 and 7.8.3.3: BBOXOperatorTests.nonSpecificBBOX and bboxWithDefaultExtent,
    IntersectsTests.intersectsPolygon: latitude first in the types' own system, with its name and without.
    """
    extent = document(ask(client, "GetCapabilities")).find(".//ows:WGS84BoundingBox", NAMES)
    west, south = extent.findtext("ows:LowerCorner", None, NAMES).split()
    east, north = extent.findtext("ows:UpperCorner", None, NAMES).split()
    urn = "urn:ogc:def:crs:EPSG::4326"
    box = envelope(f"{south} {west}", f"{north} {east}", srs=urn)
    corners = f"{south} {west} {south} {east} {north} {east} {north} {west} {south} {west}"
    ring = f"<gml:LinearRing><gml:posList>{corners}</gml:posList></gml:LinearRing>"
    polygon = f'<gml:Polygon gml:id="p1" srsName="{urn}"><gml:exterior>{ring}</gml:exterior></gml:Polygon>'
    total = hits(ask(client, "GetFeature", typenames=layer.name, resulttype="hits"))
    for test in (
        f"<fes:BBOX>{box}</fes:BBOX>",
        spatial("BBOX", box, "map:geom"),
        spatial("BBOX", box.replace(f' srsName="{urn}"', ""), "map:geom"),
        spatial("Intersects", polygon, "map:geom"),
    ):
        for binding in BINDINGS:
            assert hits(put(client, binding, "GetFeature", layer.name, fes(test), resultType="hits")) == total, test
    swapped = spatial("BBOX", envelope(f"{west} {south}", f"{east} {north}", srs=urn))
    assert put(client, "POST", "GetFeature", layer.name, fes(swapped)).status_code == 400


@LAYERS
@pytest.mark.parametrize(
    ("operator", "holds"),
    [
        ("After", lambda value, first, last: value > last),
        ("Before", lambda value, first, last: value < first),
        ("During", lambda value, first, last: first < value < last),
    ],
)
def test_dates_lie_after_before_and_within_a_period(
    layer: Layer, operator: str, holds: Callable[[str, str, str], bool], client: Client
) -> None:
    """A.9 and A.10; 7.14: AfterTests.afterPeriod, BeforeTests.beforePeriod, DuringTests.duringFixedPeriod; moments in
    UTC stand for their day in Viet Nam.
    """
    for name in [] if layer.name in BY_LINES else elements(layer, "date"):
        values = sorted(sample(client, layer, name))
        first, last = values[len(values) // 3], values[2 * len(values) // 3]
        for moments in ((first, last), (f"{first}T03:00:00Z", f"{last}T03:00:00Z")):
            if first < last:
                found = told(client, layer, name, temporal(operator, f"map:{name}", *moments))
                assert found and all(one and holds(one, first, last) for one in found), (name, moments)


@LAYERS
@pytest.mark.parametrize("offset", ["Z", "+09:00"])
def test_dates_lie_after_an_instant(layer: Layer, offset: str, client: Client) -> None:
    """A.10; 7.14.1: AfterTests.afterInstant and afterInstantWithOffset."""
    for name in elements(layer, "date"):
        values = sorted(sample(client, layer, name))
        first = values[len(values) // 3]
        found = told(client, layer, name, temporal("After", f"map:{name}", f"{first}T12:00:00{offset}"))
        assert all(one and one > first for one in found) and (found or first == values[-1]), name


def test_paths_of_the_least_kind_are_read(client: Client) -> None:
    """A.14; 7.4.4: a name, the type before it, the first of what there is."""
    wanted = hits(ask(client, "GetFeature", typenames=SITES, filter=fes(equal("province", "01")), resulttype="hits"))
    for path in ("map:province", f"map:{SITES}/map:province", f"{SITES}/province", "province[1]"):
        for binding in BINDINGS:
            found = put(client, binding, "GetFeature", SITES, fes(equal(path, "01")), resultType="hits")
            assert hits(found) == wanted > 0, path


def test_functions_that_are_declared_are_computed(client: Client) -> None:
    """A.3; 7.6."""
    declared = document(ask(client, "GetCapabilities")).xpath("//fes:Function/@name", namespaces=NAMES)
    assert declared == ["casei", "accenti"]
    name = sample(client, next(one for one in all_layers() if one.name == SITES), "name")[0]
    for function in declared:
        sides = (reference("name"), f"<fes:Literal>{escape(name)}</fes:Literal>")
        wrapped = "".join(f'<fes:Function name="{function}">{side}</fes:Function>' for side in sides)
        test = f"<fes:PropertyIsEqualTo>{wrapped}</fes:PropertyIsEqualTo>"
        assert ids(ask(client, "GetFeature", typenames=SITES, filter=fes(test)))
