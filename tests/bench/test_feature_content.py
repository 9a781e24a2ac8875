"""Answers of features, as servers of several kinds write them."""

from bench.feature_content import ids, matched, next_path

PAGE = (
    b'{"type":"FeatureCollection","numberMatched":12,"features":[{"type":"Feature","id":7,"properties":{}},'
    b'{"type":"Feature","id":"9","properties":{"id":3}},{"type":"Feature","properties":{"id":11}}],'
    b'"links":[{"rel":"self","href":"http://here/items"},'
    b'{"href":"http://here/items?limit=3&cursor=a%3Ab","rel":"next","type":"application/geo+json"}]}'
)
COLLECTION = b"""<?xml version="1.0"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"
  xmlns:m="urn:m" numberMatched="unknown" numberReturned="2" next="http://here/wfs?count=2&amp;STARTINDEX=2">
<wfs:boundedBy><gml:Envelope gml:id="e.1"/></wfs:boundedBy>
<wfs:member><m:device gml:id="device.5"><m:geom><gml:Point gml:id="device.5.geom"/></m:geom></m:device></wfs:member>
<wfs:member><m:device gml:id="device.6"/></wfs:member>
</wfs:FeatureCollection>"""


def test_ids_are_those_of_features_wherever_a_server_puts_them():
    assert ids("geojson", PAGE) == [7, 9, 11]
    assert ids("gml", COLLECTION) == [5, 6]


def test_the_next_page_is_where_the_answer_says():
    assert next_path("geojson", PAGE) == "/items?limit=3&cursor=a%3Ab"
    assert next_path("gml", COLLECTION) == "/wfs?count=2&STARTINDEX=2"
    assert next_path("geojson", PAGE.replace(b'"next"', b'"prev"')) is None


def test_a_number_that_is_not_said_is_none():
    assert matched(PAGE) == 12
    assert matched(COLLECTION) is None
    assert matched(COLLECTION.replace(b"unknown", b"3")) == 3
