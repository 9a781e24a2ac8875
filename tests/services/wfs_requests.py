"""Requests to WFS and filters of FES, written and read as its clients do."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponseBase
from django.test import Client
from lxml import etree

from layers.layer import Layer
from tests.ogc_schemas import wfs_schema

NAMES = {
    "wfs": "http://www.opengis.net/wfs/2.0",
    "fes": "http://www.opengis.net/fes/2.0",
    "gml": "http://www.opengis.net/gml/3.2",
    "ows": "http://www.opengis.net/ows/1.1",
    "map": "urn:x-map:features",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMES.items())
BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
SITES, DEVICES = "inspection_sites", "measuring_devices"


def ask(client: Client, request: str, **parameters: object) -> HttpResponseBase:
    """A request in KVP. The filter of one that is answered is valid by the schema."""
    response = client.get("/wfs", {"service": "WFS", "version": "2.0.0", "request": request, **parameters})
    if response.status_code == 200 and "filter" in parameters:
        wfs_schema().assertValid(etree.fromstring(str(parameters["filter"])))
    return response


def send(client: Client, body: str | bytes, content_type: str = "text/xml", **headers: Any) -> HttpResponseBase:
    """A request in XML. One that is answered is valid by the schema."""
    response = client.post("/wfs", body, content_type=content_type, headers=headers)
    if response.status_code == 200:
        wfs_schema().assertValid(etree.fromstring(body.encode() if isinstance(body, str) else body))
    return response


def put(
    client: Client, binding: str, operation: str, type_name: str = "", filtered: str = "", **attributes: object
) -> HttpResponseBase:
    """The same request in KVP (GET) or in XML (POST): a query of a type, or an operation without one."""
    if binding == "POST":
        return send(client, request(operation, query(type_name, filtered) if type_name else "", **attributes))
    typed = {"typenames": f"map:{type_name}", "namespaces": f"xmlns(map,{NAMES['map']})"} if type_name else {}
    given = {name.lower(): value for name, value in attributes.items()}
    return ask(client, operation, **typed, **({"filter": filtered} if filtered else {}), **given)


def request(operation: str, content: str = "", **attributes: object) -> str:
    """A request in XML."""
    given = "".join(
        f' {name}="{value}"' for name, value in {"service": "WFS", "version": "2.0.0", **attributes}.items()
    )
    return f"<wfs:{operation} {DECLARED}{given}>{content}</wfs:{operation}>"


def query(type_name: str, content: str = "", **attributes: object) -> str:
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<wfs:Query typeNames="map:{type_name}"{given}>{content}</wfs:Query>'


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined,call-overload]


def document(response: HttpResponseBase) -> Any:
    content = body(response)
    assert response.status_code == 200, content.decode()
    return etree.fromstring(content)


def ids(response: HttpResponseBase) -> list[int]:
    """The ids of the features of a collection, in its order."""
    return [int(one.get(f"{{{NAMES['gml']}}}id").rpartition(".")[2]) for one in features(document(response))]


def features(collection: Any) -> list[Any]:
    return list(collection.iterfind("wfs:member/*", NAMES))


def hits(response: HttpResponseBase) -> int:
    return int(document(response).get("numberMatched"))


def texts(collection: Any, name: str) -> list[str]:
    return [one.text for one in collection.iterfind(f".//map:{name}", NAMES)]


def refused(response: HttpResponseBase) -> tuple[int, str, str]:
    """Status, code and locator of an exception report that says nothing of what lies beneath."""
    content = body(response)
    report = etree.fromstring(content)
    assert report.tag == f"{{{NAMES['ows']}}}ExceptionReport" and report.get("version") == "2.0.0", content
    told = content.decode().lower()
    for leaked in ("select ", "psycopg", "traceback", "gisserver", "lxml", "django", "site-packages", "literal for"):
        assert leaked not in told, told
    (one,) = report.iterfind("ows:Exception", NAMES)
    assert len(one.findall("ows:ExceptionText", NAMES)) == 2
    return response.status_code, one.get("exceptionCode"), one.get("locator") or ""


def fes(*tests: str) -> str:
    """A filter of tests that must all hold."""
    return f"<fes:Filter {DECLARED}>{joined('And', tests)}</fes:Filter>"


def joined(operator: str, tests: Iterable[str]) -> str:
    several = list(tests)
    return several[0] if len(several) == 1 else f"<fes:{operator}>{''.join(several)}</fes:{operator}>"


def compared(operator: str, name: str, value: str, **attributes: str) -> str:
    given = "".join(f' {key}="{said}"' for key, said in attributes.items())
    return f"<fes:{operator}{given}>{reference(name)}<fes:Literal>{value}</fes:Literal></fes:{operator}>"


def reference(name: str) -> str:
    return f"<fes:ValueReference>{name}</fes:ValueReference>"


def equal(name: str, value: str) -> str:
    return compared("PropertyIsEqualTo", name, value)


def spatial(operator: str, shape: str, name: str = "geom") -> str:
    return f"<fes:{operator}>{reference(name)}{shape}</fes:{operator}>"


def envelope(lower: str, upper: str, srs: str = "urn:ogc:def:crs:OGC:1.3:CRS84") -> str:
    corners = f"<gml:lowerCorner>{lower}</gml:lowerCorner><gml:upperCorner>{upper}</gml:upperCorner>"
    return f'<gml:Envelope srsName="{srs}">{corners}</gml:Envelope>'


def point(pos: str, srs: str = "urn:ogc:def:crs:OGC:1.3:CRS84") -> str:
    return f'<gml:Point gml:id="p" srsName="{srs}"><gml:pos>{pos}</gml:pos></gml:Point>'


def near(lon: str, lat: str, metres: str) -> str:
    about = f'{point(f"{lon} {lat}")}<fes:Distance uom="m">{metres}</fes:Distance>'
    return f"<fes:DWithin>{reference('geom')}{about}</fes:DWithin>"


def temporal(operator: str, name: str, first: str, last: str = "") -> str:
    instant = "<gml:TimeInstant gml:id='{}'><gml:timePosition>{}</gml:timePosition></gml:TimeInstant>"
    if last:
        ends = f"<gml:begin>{instant.format('t1', first)}</gml:begin><gml:end>{instant.format('t2', last)}</gml:end>"
        time = f"<gml:TimePeriod gml:id='t'>{ends}</gml:TimePeriod>"
    else:
        time = instant.format("t", first)
    return f"<fes:{operator}>{reference(name)}{time}</fes:{operator}>"


def twin(layer: Layer, asked: dict[str, str]) -> str | None:
    """The same question as a filter of FES; None for one that FES has no words for, and for an empty one."""
    properties = {item.name: item for item in layer.fields if item.shown and not item.roles}
    tests = []
    for name, value in asked.items():
        item = properties.get(name)
        if name == "bbox":
            west, south, east, north = value.split(",")
            tests.append(spatial("BBOX", envelope(f"{west} {south}", f"{east} {north}")))
        elif name == "within":
            tests.append(near(*value.split(",")))
        elif name == "province" or (item and item.filter == "code"):
            tests.append(joined("Or", (equal(name, code) for code in value.split(","))))
        elif item and item.filter == "flag":
            tests.append(equal(name, value))
        elif item and item.filter == "dates":
            tests.append(_between(name, *(value.split("/") if "/" in value else (value, value))))
        else:
            return None
    return fes(*tests) if tests else None


def _between(name: str, first: str, last: str) -> str:
    ends = [("GreaterThanOrEqualTo", first), ("LessThanOrEqualTo", last)]
    return joined("And", (compared(f"PropertyIs{sign}", name, end) for sign, end in ends if end != ".."))
