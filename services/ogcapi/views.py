"""OGC API - Features over HTTP: landing page, conformance, description, collections, features, schemas."""

from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect

from layers.filters import single_values
from layers.layer import Layer
from layers.query import reading
from layers.registers.map_day import is_demo
from layers.registry import all_layers, get
from services.negotiation import HTML, JSON, Form, chosen
from services.ogcapi import collections, conformance, features, openapi, pages, schemas
from services.ogcapi.answers import caller, document, resource
from services.ogcapi.asking import MAX_LIMIT, read_asked, read_moment
from services.ogcapi.collections import ABOUT, TITLE, Json
from services.ogcapi.links import OPENAPI, SCHEMA, here, of_landing_page, representations, there
from services.ogcapi.systems import URIS

PLAIN = {"f", "lang"}
DOCUMENTS, SCHEMAS = (JSON, HTML), (SCHEMA, HTML)


@resource
def to_landing_page(request: HttpRequest) -> HttpResponseBase:
    """The address of the service with its slash, parameters kept (308)."""
    return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True), preserve_request=True)


@resource
def landing_page(request: HttpRequest) -> HttpResponseBase:
    """Where the service begins: what it is, and links to all that it has (/req/core/root-success)."""
    form = _plain(request, DOCUMENTS)
    links = [*representations(request, form, DOCUMENTS), *of_landing_page(request)]
    body: Json = {"title": str(TITLE), "description": str(ABOUT), "links": links}
    if is_demo():
        body["demo"] = True
    shown = {"layers": all_layers(), "address": there(request, "/")}
    return document(request, form, body, "ogcapi/landing.html", **shown)


@resource
def conformance_classes(request: HttpRequest) -> HttpResponseBase:
    """The conformance classes that hold (/req/core/conformance-success)."""
    form = _plain(request, DOCUMENTS)
    body = {"conformsTo": list(conformance.CLASSES), "links": representations(request, form, DOCUMENTS)}
    return document(request, form, body, "ogcapi/conformance.html")


@resource
def description(request: HttpRequest) -> HttpResponseBase:
    """OpenAPI 3.0, for programs or to be read."""
    form = _plain(request, (OPENAPI, HTML))
    with reading(None, "reference"):
        body = openapi.described(request)
    return document(request, form, body, "ogcapi/api.html", json=here(request, f="json"))


@resource
def all_collections(request: HttpRequest) -> HttpResponseBase:
    """Every layer as a collection (/req/core/fc-md-success)."""
    form = _plain(request, DOCUMENTS)
    with reading(None, "page"):
        listed = [_with_self(request, layer) for layer in all_layers()]
    body = {"links": representations(request, form, DOCUMENTS), "collections": listed, "crs": list(URIS)}
    return document(request, form, body, "ogcapi/collections.html")


@resource
def one_collection(request: HttpRequest, layer: str) -> HttpResponseBase:
    """A layer as a collection (/req/core/sfc-md-success)."""
    declared = get(layer)
    form = _plain(request, DOCUMENTS)
    with reading(None, "page"):
        body = collections.described(request, declared)
    body["links"] = [*representations(request, form, DOCUMENTS), *body["links"]]
    return document(request, form, body, "ogcapi/collection.html", layer=declared)


@resource
def items(request: HttpRequest, layer: str) -> HttpResponseBase:
    """A page of a collection's features under all filters (/req/core/fc-response)."""
    declared, form = get(layer), chosen(request, features.FORMS)
    most = pages.MAX_ROWS if form == HTML else MAX_LIMIT
    asked = read_asked(declared, request.GET, caller(request), most=most)
    if form != HTML:
        return features.page_of_features(request, asked)
    links = representations(request, form, features.FORMS)
    return document(request, form, {"links": links}, "ogcapi/items.html", **pages.items_context(request, asked))


@resource
def item(request: HttpRequest, layer: str, number: str) -> HttpResponseBase:
    """One feature; withdrawn ones answer 410, merged ones 301 (/req/core/f-success)."""
    declared, form, user = get(layer), chosen(request, features.FORMS), caller(request)
    query, crs = read_moment(declared, request.GET, user)
    if form != HTML:
        return features.one_feature(request, declared, number, query=query, crs=crs, user=user)
    links = representations(request, form, features.FORMS)
    context = pages.item_context(declared, query, number, user)
    return document(request, form, {"links": links}, "ogcapi/item.html", **context)


@resource
def queryables(request: HttpRequest, layer: str) -> HttpResponseBase:
    """What a filter may speak of."""
    return _schema(request, get(layer), "queryables")


@resource
def schema(request: HttpRequest, layer: str) -> HttpResponseBase:
    """What a feature holds."""
    return _schema(request, get(layer), "schema")


def _schema(request: HttpRequest, layer: Layer, name: str) -> HttpResponseBase:
    form = _plain(request, SCHEMAS)
    made = schemas.queryables if name == "queryables" else schemas.returnables
    with reading(None, "page"):
        body = made(layer, there(request, f"/collections/{layer.name}/{name}"))
    told = {"layer": layer, "name": name, "fields": pages.fields_in_words(body), "json": here(request, f="json")}
    return document(request, form, body, "ogcapi/schema.html", **told)


def _plain(request: HttpRequest, forms: tuple[Form, ...]) -> Form:
    """The form of a document that takes no other parameters. Raises BadParameter for one."""
    single_values(request.GET, known=PLAIN)
    return chosen(request, forms)


def _with_self(request: HttpRequest, layer: Layer) -> Json:
    """A collection in the list: its own address is that of the document about it alone."""
    body = collections.described(request, layer)
    body["links"] = [collections.to(request, layer), *body["links"]]
    return body
