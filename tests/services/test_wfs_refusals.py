"""Bad requests to WFS (bad inputs, group W): each is refused by an exception report, and nothing lies beneath it."""

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client, override_settings

from layers.cql2.limits import MAX_VERTICES
from layers.registry import all_layers
from tests.services.wfs_requests import (
    BY_ID,
    DECLARED,
    DEVICES,
    SITES,
    ask,
    body,
    compared,
    document,
    envelope,
    equal,
    fes,
    hits,
    ids,
    joined,
    point,
    query,
    reference,
    refused,
    request,
    send,
    spatial,
    temporal,
)

PARSING, INVALID = "OperationParsingFailed", "InvalidParameterValue"
ALL_SITES = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typenames": SITES, "count": "1"}


@pytest.mark.parametrize(
    ("case", "sent", "status"),
    [
        ("W01", f"<!DOCTYPE a>{request('GetFeature', query(SITES))}", 400),
        ("W02", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', 400),
        ("W04", request("GetFeature", query(SITES, "<a>" * 1000 + "</a>" * 1000)), 400),
        ("W04", "x" * 1_100_000, 413),
        ("W05", "hello", 400),
        ("W05", request("GetFeature", query(SITES))[:-5], 400),
        ("W06", b"\xff\xfe<\x00", 400),
        ("W07", '<GetFeature service="WFS" version="2.0.0"><Query typeNames="x"/></GetFeature>', 400),
        ("W07", request("GetFeature", query(SITES)).replace("opengis.net/wfs/2.0", "opengis.net/wfs"), 400),
        ("W07", request("GetFeature", query(SITES, fes(equal("name", "a")))).replace("net/fes/2.0", "net/ogc"), 400),
        ("W27", '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>', 400),
    ],
)
def test_xml_that_is_no_request_is_refused(case: str, sent: str | bytes, status: int, client: Client) -> None:
    found = refused(send(client, sent))
    assert found[:2] == (status, PARSING)


def test_what_points_elsewhere_is_not_followed(client: Client) -> None:
    """W02: an address of a schema is only read past; W21: a link is refused."""
    sent = request("GetFeature", query(SITES), **{"xsi:schemaLocation": "x http://127.0.0.1:9/x.xsd", "count": "1"})
    sent = sent.replace("<wfs:GetFeature", '<wfs:GetFeature xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"')
    assert len(ids(send(client, sent))) == 1
    link = '<gml:Point xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="http://127.0.0.1:9/"/>'
    asked = ask(client, "GetFeature", typenames=SITES, filter=fes(spatial("Within", link)))
    assert refused(asked) == (400, PARSING, "filter")


def test_utf_16_is_read(client: Client) -> None:
    """W06."""
    sent = '<?xml version="1.0" encoding="UTF-16"?>' + request("GetFeature", query(SITES), count=1)
    assert len(ids(send(client, sent.encode("utf-16")))) == 1


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"version": "9.9.9"}, (400, INVALID, "version")),
        ({"version": "2.0"}, (400, INVALID, "version")),
        ({"version": "../../x"}, (400, INVALID, "version")),
        ({"version": None}, (400, "MissingParameterValue", "VERSION")),
        ({"request": None}, (400, "MissingParameterValue", "request")),
        ({"request": "GetMap"}, (400, "OperationNotSupported", "request")),
        ({"request": "Transaction"}, (400, "OperationNotSupported", "request")),
        ({"request": "LockFeature"}, (400, "OperationNotSupported", "request")),
        ({"request": "CreateStoredQuery"}, (400, "OperationNotSupported", "request")),
        ({"request": "DropStoredQuery"}, (400, "OperationNotSupported", "request")),
        ({"service": "WMS"}, (400, INVALID, "service")),
        ({"typenames": None}, (400, "MissingParameterValue", "typeNames")),
        ({"typenames": "violations_hidden"}, (400, INVALID, "typeNames")),
        ({"typenames": f"{SITES},{DEVICES}"}, (400, "OptionNotSupported", "typeNames")),
        ({"typenames": f"({SITES})({DEVICES})"}, (400, "OptionNotSupported", "typeNames")),
        ({"typenames": f"map:{SITES}", "namespaces": "xmlns(map,urn:other)"}, (400, INVALID, "typeNames")),
        ({"typenames": f"other:{SITES}"}, (400, INVALID, "typeNames")),
        ({"aliases": "a"}, (400, "OptionNotSupported", "typeNames")),
        ({"storedquery_id": "urn:x"}, (400, INVALID, "storedQuery_id")),
        ({"storedquery_id": BY_ID}, (400, "MissingParameterValue", "ID")),
        ({"storedquery_id": BY_ID, "id": f"{SITES}.1", "bbox": "1,1,2,2"}, (400, INVALID, "bbox")),
        ({"resourceid": f"{DEVICES}.1"}, (400, INVALID, "resourceId")),
        ({"resourceid": ",".join(f"{SITES}.{one}" for one in range(1001))}, (414, INVALID, "")),
        ({"propertyname": "secret"}, (400, INVALID, "propertyName")),
        ({"propertyname": "name,,geom"}, (400, INVALID, "propertyName")),
        ({"propertyname": "//name"}, (400, PARSING, "ValueReference")),
        ({"propertyname": "count(name)"}, (400, PARSING, "ValueReference")),
        ({"propertyname": "@*"}, (400, PARSING, "ValueReference")),
        ({"propertyname": "__class__"}, (400, INVALID, "propertyName")),
        ({"bbox": "1,1,2,2", "resourceid": f"{SITES}.1"}, (400, INVALID, "resourceid")),
        ({"outputformat": "text/html"}, (400, INVALID, "outputFormat")),
        ({"outputformat": "../../x"}, (400, INVALID, "outputFormat")),
        ({"count": "-1"}, (400, INVALID, "count")),
        ({"count": "abc"}, (400, INVALID, "count")),
        ({"count": "1_0"}, (400, INVALID, "count")),
        ({"startindex": "-1"}, (400, INVALID, "startIndex")),
        ({"startindex": "1000001"}, (400, INVALID, "startIndex")),
        ({"startindex": "1" + "0" * 30}, (400, INVALID, "startIndex")),
        ({"resulttype": "abc"}, (400, INVALID, "resultType")),
        ({"resolve": "remote"}, (400, "OptionNotSupported", "resolve")),
        ({"srsname": "EPSG:999999"}, (400, INVALID, "srsName")),
        ({"srsname": "+proj=longlat +nadgrids=@http://127.0.0.1:9/"}, (400, INVALID, "srsName")),
        ({"srsname": "EPSG:3405", "outputformat": "csv"}, (400, INVALID, "srsName")),
        ({"bbox": "1,2,3"}, (400, INVALID, "bbox")),
        ({"bbox": "1,2,3,x"}, (400, INVALID, "bbox")),
        ({"bbox": "1,2,3,4,EPSG:999999"}, (400, INVALID, "bbox")),
        ({"bbox": "3,3,2,2"}, (400, INVALID, "bbox")),
        ({"bbox": "105,95,106,96,EPSG:4326"}, (400, INVALID, "bbox")),
        ({"sortby": "unknown"}, (400, INVALID, "sortBy")),
        ({"sortby": "geom"}, (400, INVALID, "sortBy")),
        ({"sortby": "name SIDEWAYS"}, (400, INVALID, "sortBy")),
        ({"sortby": "name,name,name,name"}, (400, INVALID, "sortBy")),
        ({"filter_language": "XPATH"}, (400, INVALID, "filter_language")),
        ({"filter": "<!DOCTYPE a><a/>"}, (400, PARSING, "filter")),
        ({"filter": "status = 'active'"}, (400, PARSING, "filter")),
        ({"status": "active"}, (400, INVALID, "status")),
        ({"Province": "01"}, (400, INVALID, "province")),
        ({"lang": "fr"}, (400, INVALID, "lang")),
    ],
)
def test_an_address_that_means_nothing_is_refused(
    changes: dict[str, str | None], found: tuple[int, str, str], client: Client
) -> None:
    """W08 to W13, W15, W18, W22, W23 and what group P says of paging."""
    asked = {name: value for name, value in {**ALL_SITES, **changes}.items() if value is not None}
    assert refused(client.get("/wfs", asked)) == found


@pytest.mark.parametrize("name", ["version", "request", "typenames", "count"])
def test_a_name_given_twice_is_refused_in_any_letters(name: str, client: Client) -> None:
    """W24, W25."""
    assert len(ids(client.get("/wfs", {key.title(): value for key, value in ALL_SITES.items()}))) == 1
    twice = "&".join(f"{key}={value}" for key, value in (*ALL_SITES.items(), (name.upper(), "1")))
    assert refused(client.get(f"/wfs?{twice}"))[:2] == (400, INVALID)


def test_names_of_others_are_passed_over(client: Client) -> None:
    """QGIS, ArcGIS and load balancers put their own names into addresses."""
    assert len(ids(client.get("/wfs", {**ALL_SITES, "app_name": "x", "_": "1", "typename": SITES}))) == 1


def test_a_request_stands_in_one_place(client: Client) -> None:
    """W25, W26."""
    sent = request("GetFeature", query(SITES), count=1)
    both = client.post("/wfs?service=WFS&request=GetFeature", sent, content_type="text/xml")
    assert refused(both)[:2] == (400, PARSING)
    assert len(ids(client.post("/wfs?lang=en", sent, content_type="application/xml"))) == 1
    form = client.post("/wfs", sent, content_type="application/x-www-form-urlencoded")
    assert refused(form)[:2] == (415, PARSING)


@pytest.mark.parametrize("resource", ["labs.1' OR '1'='1", "labs.", "1", f"{SITES}.99999999999", f"{SITES}.", "é.1"])
def test_a_resource_that_is_none_of_ours_gives_nothing(resource: str, client: Client) -> None:
    """W14."""
    assert ids(ask(client, "GetFeature", typenames=SITES, resourceid=resource)) == []
    assert refused(ask(client, "GetFeature", storedquery_id=BY_ID, id=resource)) == (404, "NotFound", "ID")


LIKE = {"wildCard": "*", "singleChar": "?", "escapeChar": "!"}
RING = "<gml:LinearRing{}><gml:posList>{}</gml:posList></gml:LinearRing>"
SRS = 'srsName="urn:ogc:def:crs:EPSG::4326"'


def polygon(positions: str, *, ring: str = "") -> str:
    return f"<gml:Polygon {SRS}><gml:exterior>{RING.format(ring, positions)}</gml:exterior></gml:Polygon>"


def measured(operator: str, unit: str, distance: str) -> str:
    about = f"{reference('geom')}{point('105 21')}<fes:Distance uom='{unit}'>{distance}</fes:Distance>"
    return f"<fes:{operator}>{about}</fes:{operator}>"


@pytest.mark.parametrize(
    ("case", "test"),
    [
        ("W14", "".join(f'<fes:ResourceId rid="{SITES}.{one}"/>' for one in range(1001))),
        ("W15", equal("site/name", "a")),
        ("W15", equal("//name", "a")),
        ("W15", equal("count(name)", "a")),
        ("W15", equal("owner__password", "a")),
        ("W15", equal("layers.models.Site", "a")),
        ("W16", equal("risk_level", "high")),
        ("W17", compared("PropertyIsLike", "name", "a*")),
        ("W17", compared("PropertyIsLike", "name", "a*", **{**LIKE, "wildCard": "abcde"})),
        ("W17", compared("PropertyIsLike", "name", "a*", **{**LIKE, "escapeChar": "*"})),
        ("F09", compared("PropertyIsLike", "name", "*a" * 200, **LIKE)),
        ("W18", equal("name", "a") + equal("name", "b") + ""),
        ("W19", f"<fes:PropertyIsEqualTo>{reference('name')}</fes:PropertyIsEqualTo>"),
        ("W19", equal("name", "<fes:Literal>a</fes:Literal>")),
        ("W19", equal("name", "a").replace("<fes:Literal>a", '<fes:Function name="pg_sleep"/><fes:Literal>a')),
        ("W19", equal("name", "a").replace("<fes:Literal>a</fes:Literal>", '<fes:Function name="pg_sleep"/>')),
        ("W20", spatial("Within", point("21 105", "EPSG:999999"))),
        ("W20", spatial("Within", polygon("21 105 21 106 22 106 21 105", ring=' srsName="EPSG:3857"'))),
        ("W20", spatial("Within", polygon("21 105 21 106 22"))),
        ("W20", spatial("Within", polygon("21 105 21 106 nan 106 21 105"))),
        ("W20", spatial("Within", polygon("21 105 21 106 22 words 21 105"))),
        ("W20", spatial("Within", polygon("21 105 21 106 21 105"))),
        ("W20", spatial("Within", point("21 105").replace("<gml:Point", '<gml:Point srsDimension="7"'))),
        ("W20", spatial("Within", point("200 105"))),
        ("W21", spatial("Within", point("21 105")).replace("gml:", "old:").replace("<old:", "<old:", 1)),
        ("W21", spatial("Within", f"<gml:Curve {SRS}><gml:segments/></gml:Curve>")),
        ("W21", joined("And", (spatial("Within", point("21 105")), spatial("Within", point("21 106"))))),
        ("F07", compared("PropertyIsGreaterThan", "last_checked", "abc")),
        ("F07", compared("PropertyIsGreaterThan", "geom", "5")),
        ("F08", compared("PropertyIsEqualTo", "id", "9" * 60)),
        ("F02", "<fes:Not>" * 30 + equal("name", "a") + "</fes:Not>" * 30),
        ("F02", "<fes:Not>" * 5000 + equal("name", "a") + "</fes:Not>" * 5000),
        ("F03", joined("Or", [equal("name", str(one)) for one in range(2000)])),
        ("F03", joined("Or", [equal("commune_label", str(one)) for one in range(2000)])),
        ("F09", compared("PropertyIsLike", "commune_label", "*a" * 200, **LIKE)),
        ("F09", compared("PropertyIsLike", "commune_label", "a!", **LIKE)),
        ("F07", compared("PropertyIsLessThan", "commune_label", "a")),
        ("F14", spatial("Within", polygon(" ".join("21 105" for _ in range(3000))))),
        ("F15", measured("DWithin", "parsec", "1")),
        ("F15", measured("DWithin", "m", "100<fes:PropertyIsNil/>")),
        ("F15", measured("DWithin", "m", "1").replace("geom</fes:V", "geom<fes:PropertyIsNil/></fes:V")),
        ("F15", "<fes:PropertyIsNil/>"),
        ("F15", measured("DWithin", "m", "-1")),
        ("F15", measured("Beyond", "m", "1")),
        ("F21", temporal("After", "name", "2026-01-01")),
        ("F21", temporal("During", "last_checked", "2026-12-31", "2026-01-01")),
        ("F21", temporal("After", "last_checked", "2026-02-30")),
    ],
)
def test_a_filter_that_means_nothing_is_refused_and_the_next_request_is_fine(
    case: str, test: str, client: Client
) -> None:
    filtered = f'<fes:Filter {DECLARED} xmlns:old="http://www.opengis.net/gml">{test}</fes:Filter>'
    status, code, _ = refused(send(client, request("GetFeature", query(SITES, filtered))))
    assert status in (400, 413) and code in (PARSING, INVALID, "OptionNotSupported"), case
    assert len(ids(client.get("/wfs", ALL_SITES))) == 1


def line(positions: int) -> str:
    identity = f"gml:id='l{positions}' {SRS}"
    return (
        f"<gml:LineString {identity}><gml:posList>{'21 105 22 106 ' * (positions // 2)}</gml:posList></gml:LineString>"
    )


def test_positions_are_counted_over_the_whole_filter_before_one_is_read(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F14: what is too large costs nothing but its length."""
    most = [spatial("Intersects", line(positions)) for positions in (MAX_VERTICES - 400, 400)]
    assert hits(send(client, request("GetFeature", query(SITES, fes(*most)), resultType="hits"))) == 0
    monkeypatch.setattr("services.wfs.literals.read_number", None)
    monkeypatch.setattr("services.wfs.literals.transformer", None)
    for tests in ([*most, spatial("Within", point("21 105"))], [spatial("Intersects", line(120_000))]):
        too_many = send(client, request("GetFeature", query(SITES, fes(*tests))))
        assert refused(too_many) == (400, INVALID, "filter")


@pytest.mark.parametrize("text", ["' OR '1'='1", "'; DROP TABLE layers_ticket", "x''y", "\\", "$$x$$", "%s", "{0}"])
def test_texts_are_texts(text: str, client: Client) -> None:
    """F06."""
    escaped = text.replace("<", "&lt;")
    assert hits(ask(client, "GetFeature", typenames=SITES, filter=fes(equal("name", escaped)), resulttype="hits")) == 0


def test_a_property_that_only_others_may_see_is_as_unknown_as_any(client: Client) -> None:
    """W16, F04: the answers differ in the name alone."""
    hidden, unknown = (
        body(ask(client, "GetPropertyValue", typenames=DEVICES, valuereference=name)).decode()
        for name in ("serial_no", "serial_xx")
    )
    assert hidden.replace("serial_no", "serial_xx") == unknown
    assert any(item.roles for layer in all_layers() for item in layer.fields)


def test_a_handle_is_named_where_its_request_cannot_be_read(client: Client) -> None:
    """09-025r2, 7.5."""
    sent = request("GetFeature", query(SITES, "<wfs:Nonsense/>"), handle="my request")
    assert refused(send(client, sent)) == (400, PARSING, "my request")


def test_a_count_beyond_the_most_is_cut_to_it(client: Client) -> None:
    """W23."""
    found = document(ask(client, "GetFeature", typenames="provinces", count="9" * 30, propertyname="name"))
    assert found.get("numberReturned") == found.get("numberMatched") == "34"


@override_settings(PUBLIC_ADDRESS="https://map.example")
def test_addresses_in_answers_are_of_the_public_one(client: Client) -> None:
    """W28."""
    headers = {"x-forwarded-host": "evil.example"}
    asked = {"service": "WFS", "request": "GetCapabilities"}
    capabilities = body(client.get("/wfs", asked, headers=headers)).decode()
    page = body(client.get("/wfs", ALL_SITES, headers=headers)).decode()
    for told in (capabilities, page):
        assert "evil.example" not in told and "127.0.0.1" not in told and "https://map.example/wfs?" in told


def test_refusals_speak_the_language_asked_for_first(client: Client) -> None:
    vietnamese = body(client.get("/wfs", {**ALL_SITES, "count": "x"})).decode()
    english = body(client.get("/wfs", {**ALL_SITES, "count": "x", "lang": "en"})).decode()
    assert vietnamese.index("số nguyên") < vietnamese.index("whole number")
    assert english.index("whole number") < english.index("số nguyên") and 'xml:lang="en"' in english


def test_other_methods_are_answered_as_such(client: Client) -> None:
    assert refused(client.put("/wfs", "x", content_type="text/xml"))[0] == 405
    options = client.options("/wfs")
    assert options.status_code == 200 and "POST" in options["Allow"] and options["Access-Control-Allow-Origin"] == "*"
    head = client.head("/wfs", ALL_SITES)
    assert head.status_code == 200 and head["Content-Type"].startswith("application/gml+xml")
    assert "Content-Length" not in head and body(head) == b""
    assert client.get("/wfs", ALL_SITES)["Access-Control-Allow-Origin"] == "*"
    assert client.get("/wfs")["Access-Control-Allow-Origin"] == "*"
    assert refused(client.get("/wfs")) == (400, "MissingParameterValue", "request")


def test_the_library_never_parses_what_was_sent(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own reader is a second one: nothing may reach it."""
    monkeypatch.setattr("gisserver.parsers.xml.DefusedXMLParser", None)
    filtered = fes(spatial("Within", envelope("105 20", "106 22")))
    assert ids(send(client, request("GetFeature", query(SITES, filtered), count=1)))
    assert ids(ask(client, "GetFeature", typenames=SITES, filter=filtered, count=1))


def test_what_breaks_beneath_is_told_in_our_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """C2: neither what the database says nor what it was asked."""

    def broken(*args: object) -> None:
        with connections["open"].cursor() as cursor:
            cursor.execute("SELECT secret_column FROM accounts_user")

    monkeypatch.setattr("services.wfs.answers.matching", broken)
    client.raise_request_exception = False
    assert refused(client.get("/wfs", ALL_SITES)) == (500, "NoApplicableCode", "")
    monkeypatch.undo()
    monkeypatch.setitem(settings.QUERY_LIMITS_MS, "page", 1)
    slow = ask(client, "GetFeature", typenames="laboratories", count=900)
    assert refused(slow) == (422, "OperationProcessingFailed", "")
