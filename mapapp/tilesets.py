"""Tilesets and tile matrix sets of OGC API - Tiles, as JSON for programs and as pages for people.

What they say is made by `tiles`, how the service answers by `services`: neighbours, who meet here.
"""

from django.http import HttpRequest, HttpResponseBase

from layers.registry import get
from mapapp.addresses import replaced, with_query
from services.negotiation import HTML, JSON, chosen
from services.ogcapi.answers import document, resource
from services.ogcapi.links import representations
from tiles import tilesets as told

Json = told.Json

FORMS = (JSON, HTML)


@resource
def all_matrix_sets(request: HttpRequest) -> HttpResponseBase:
    """The tile matrix sets."""
    return _answered(request, told.all_matrix_sets(request), "matrix_sets")


@resource
def matrix_set(request: HttpRequest, name: str) -> HttpResponseBase:
    """A tile matrix set."""
    return _answered(request, told.matrix_set(request, name), "matrix_set")


@resource
def all_tilesets(request: HttpRequest, layer: str) -> HttpResponseBase:
    """The tilesets of a collection."""
    body = told.tilesets(request, layer)
    there = with_query(f"{request.path}/{told.NAME}", replaced(request, f="html"))
    return _answered(request, body, "tilesets", layer=get(layer), there=there)


@resource
def tileset(request: HttpRequest, layer: str, name: str) -> HttpResponseBase:
    """A tileset."""
    body = told.tileset(request, layer, name)
    address = next(link["href"] for link in body["links"] if link["rel"] == "item")
    return _answered(request, body, "tileset", layer=get(layer), address=address)


def _answered(request: HttpRequest, body: Json, page: str, **context: object) -> HttpResponseBase:
    form = chosen(request, FORMS)
    body["links"] = [*representations(request, form, FORMS), *body.get("links", ())]
    return document(request, form, body, f"tilesets/{page}.html", **context)
