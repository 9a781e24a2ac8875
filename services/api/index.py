"""Where the API begins: what there is and where; and the way from addresses that lack their last slash."""

from django.http import HttpRequest, HttpResponsePermanentRedirect, JsonResponse

from geodata.language import both
from layers.filters import single_values
from layers.layer import Layer
from layers.public_address import absolute
from layers.registry import all_layers, get
from layers.scope import read_only

FIXED = ("search", "find", "schema", "verify")
TITLE = both("Bản đồ số tiêu chuẩn, đo lường, chất lượng", "National map of standards, metrology and quality")


@read_only
def index(request: HttpRequest) -> JsonResponse:
    """The layers with their addresses, search, and the description for programs."""
    single_values(request.GET, known={"lang"})
    body = {
        "title": TITLE,
        "layers": [_layer(request, layer) for layer in all_layers()],
        "links": {
            "search": absolute(request, "/api/v1/search/?q="),
            "find": absolute(request, "/api/v1/find/?competence="),
            "verify": absolute(request, "/api/v1/verify/?number="),
            "schema": absolute(request, "/api/v1/schema/"),
            "ogc": absolute(request, "/ogc/"),
            "layers": absolute(request, "/layers.json"),
            "errors": absolute(request, "/about/errors"),
        },
    }
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = "no-cache", "*"
    return response


def _layer(request: HttpRequest, layer: Layer) -> dict[str, object]:
    links = {
        "items": absolute(request, f"/api/v1/{layer.name}/"),
        "facets": absolute(request, f"/api/v1/{layer.name}/facets/"),
        "tiles": absolute(request, f"/tiles/{layer.name}.json"),
        "list": absolute(request, f"/list/{layer.name}"),
    }
    return {"id": layer.name, "title": layer.title, "description": layer.description, "links": links}


@read_only
def with_slash(request: HttpRequest, first: str | None = None) -> HttpResponsePermanentRedirect:
    """The same address with its slash, parameters kept (308). Raises NotFound for an unknown layer."""
    if first is not None and first not in FIXED:
        get(first)
    response = HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True), preserve_request=True)
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = "no-cache", "*"
    return response
