"""`/data/catalog.jsonld`: what there is to download, as DCAT 3 (W3C) in the spirit of DCAT-AP."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, JsonResponse

from geodata.archipelagos import COUNTRY_VIEW
from geodata.crs import CRS84_URI
from geodata.language import Both, both
from layers.filters import single_values
from layers.layer import Layer
from layers.public_address import absolute
from layers.query import map_day, reading
from layers.registers.map_day import is_demo
from layers.registry import all_layers, all_tables
from layers.scope import read_only
from services.downloads.forms import Form, forms_of
from services.downloads.full.manifest import Manifest, Whole, manifest_of
from services.downloads.names import DEMO, LICENCE, PUBLISHER

MEDIA_TYPE = "application/ld+json"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "geo": "http://www.opengis.net/ont/geosparql#",
}
_TITLE = both("Dữ liệu mở về tiêu chuẩn, đo lường, chất lượng", "Open data on standards, metrology and quality")
_MEDIA = "https://www.iana.org/assignments/media-types/"
_COUNTRY = "http://publications.europa.eu/resource/authority/country/VNM"
_LANGUAGES = [{"@id": f"http://publications.europa.eu/resource/authority/language/{code}"} for code in ("VIE", "ENG")]

Node = dict[str, Any]


@read_only
def catalog(request: HttpRequest) -> JsonResponse:
    """The catalogue of all layers and tables with their files."""
    single_values(request.GET, known=set())
    with reading(None, "page"):
        day, demo = map_day("open"), is_demo()
    datasets = [_dataset(request, each, day, demo=demo) for each in (*all_layers(), *all_tables())]
    page = absolute(request, "/data/")
    told: Node = {
        "@context": CONTEXT,
        "@id": absolute(request, "/data/catalog.jsonld"),
        "@type": "dcat:Catalog",
        "dct:title": _words(_TITLE),
        "dct:description": _words(LICENCE),
        "dct:publisher": _publisher(page),
        "dct:license": _licence(page),
        "dct:language": _LANGUAGES,
        "dct:modified": _day(day),
        "foaf:homepage": {"@id": page},
        "dcat:dataset": datasets,
    }
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False}, content_type=MEDIA_TYPE)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-cache"
    return response


def _dataset(request: HttpRequest, layer: Layer, day: date, *, demo: bool) -> Node:
    page = absolute(request, "/data/")
    description = both(f"{layer.description.vi} {DEMO.vi}", f"{layer.description.en} {DEMO.en}")  # type: ignore[attr-defined]
    return {
        "@id": f"{page}#{layer.name}",
        "@type": "dcat:Dataset",
        "dct:identifier": layer.name,
        "dct:title": _words(layer.title),
        "dct:description": _words(description if demo else layer.description),
        "dct:publisher": _publisher(page),
        "dct:license": _licence(page),
        "dct:language": _LANGUAGES,
        "dct:modified": _day(day),
        "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/CONT"},
        "dcat:landingPage": {"@id": f"{page}#{layer.name}"},
        "dct:spatial": _where(),
        "dcat:distribution": list(_distributions(request, layer)),
    }


def _distributions(request: HttpRequest, layer: Layer) -> Iterator[Node]:
    """Each form of this moment, then each whole file that was made."""
    made = manifest_of(layer)
    for form in forms_of(layer):
        yield _distribution(request, layer, form, f"/data/{layer.name}.{form.name}")
    for form in forms_of(layer):
        if made and form.name in made.files:
            address = f"/data/full/{layer.name}.{form.name}"
            yield {**_distribution(request, layer, form, address), **_stored(made, made.files[form.name])}


def _distribution(request: HttpRequest, layer: Layer, form: Form, path: str) -> Node:
    address = absolute(request, path)
    system = {"dct:conformsTo": {"@id": CRS84_URI}} if layer.geometry else {}
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": _words(form.title),
        "dct:format": form.name,
        "dcat:mediaType": {"@id": _MEDIA + form.media_type.partition(";")[0]},
        "dcat:accessURL": {"@id": absolute(request, "/data/")},
        "dcat:downloadURL": {"@id": address},
        "dct:license": _licence(absolute(request, "/data/")),
        **system,
    }


def _stored(made: Manifest, file: Whole) -> Node:
    """What is known of a file that lies ready."""
    return {
        "dct:modified": {"@type": "xsd:dateTime", "@value": made.made_at},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.size)},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": file.sha256},
        },
    }


def _publisher(page: str) -> Node:
    return {"@id": f"{page}#publisher", "@type": "foaf:Agent", "foaf:name": _words(PUBLISHER)}


def _licence(page: str) -> Node:
    return {"@id": f"{page}#licence", "@type": "dct:LicenseDocument", "dct:title": _words(LICENCE)}


def _where() -> Node:
    """The country with its islands, as a box."""
    west, south, east, north = COUNTRY_VIEW
    ring = ", ".join(f"{x} {y}" for x, y in ((west, south), (east, south), (east, north), (west, north), (west, south)))
    box = {"@type": "geo:wktLiteral", "@value": f"POLYGON(({ring}))"}
    return {"@id": _COUNTRY, "@type": "dct:Location", "dcat:bbox": box}


def _words(text: Both | object) -> list[Node]:
    return [{"@language": "vi", "@value": text.vi}, {"@language": "en", "@value": text.en}]  # type: ignore[attr-defined]


def _day(day: date) -> Node:
    return {"@type": "xsd:date", "@value": day.isoformat()}
