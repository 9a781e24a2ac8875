"""The REST API: pages of features, one feature, facets. `operations.py` describes them layer by layer."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from layers.access import User, connection_for
from layers.counting import count
from layers.facets import facets
from layers.filters import parse, read_codes, single_values
from layers.in_force import in_force
from layers.layer import Layer
from layers.lookup import find
from layers.numbers import read_integer
from layers.order import BY_ID, read_order
from layers.paging import read_page
from layers.public_address import absolute
from layers.query import FeatureQuery, columns, reading
from layers.registers.map_day import is_demo
from layers.registry import get
from layers.scope import caller, is_staff_scope
from layers.units import COMMUNES, PROVINCES
from layers.values import as_properties
from services.api.serializers import serializer_for

DEFAULT_LIMIT, MAX_LIMIT = 100, 1000
OWN = ("limit", "cursor", "sortby", "scope", "lang")


@extend_schema(exclude=True)
@api_view(["GET"])
def items(request: Request, layer: str) -> Response:
    """One page of a layer's features as GeoJSON, in the order of their ids or of a field, with `next` by keyset."""
    declared, user = get(layer), caller(request._request)
    query = parse(declared, request.GET, user, also=OWN)
    limit, cursor = _limit(request), request.GET.get("cursor")
    order = read_order(request.GET["sortby"], declared, user) if "sortby" in request.GET else BY_ID
    with reading(user, "page"):
        found = read_page(declared, query, user, limit=limit, cursor=cursor, order=order, geometry=True)
        page = collection(declared, query, found.rows, user)
    page["numberReturned"] = len(found.rows)
    if found.matched is not None:
        page["numberMatched"] = found.matched
    page["links"] = _links(request, found.next)
    return answer(request, page)


@extend_schema(exclude=True)
@api_view(["GET"])
def item(request: Request, layer: str, number: str) -> Response:
    """One feature as GeoJSON. Withdrawn ones answer 410, merged ones 301."""
    declared, user = get(layer), caller(request._request)
    single_values(request.GET, known={"scope", "lang", "on"})
    query = parse(declared, request.GET, user, also=OWN)
    with reading(user, "record"):
        row = find(declared, query, number, user)
        feature = collection(declared, query, [row], user)["features"][0]
    return answer(request, feature)


@extend_schema(exclude=True)
@api_view(["GET"])
def layer_facets(request: Request, layer: str) -> Response:
    """How many rows each value of each filter would give, under the other filters of the address."""
    declared, user = get(layer), caller(request._request)
    query = parse(declared, request.GET, user, also=("only", "scope", "lang"))
    only = _only(declared, request)
    with reading(user, "facets"):
        counted = facets(declared, query, user, only=only)
        named = {name: _named(declared, name, rows, user) for name, rows in counted.items()}
        matched = count(declared, query, user)
    return answer(request, {"numberMatched": matched, "facets": named})


def _limit(request: Request) -> int:
    return read_integer(request.GET.get("limit", str(DEFAULT_LIMIT)), "limit", least=1, most=MAX_LIMIT, cut=True)


def collection(layer: Layer, query: FeatureQuery, rows: list[tuple], user: User) -> dict:
    """The rows, as `select` gives them with geometry last, as a GeoJSON collection in their order."""
    fields = columns(layer, user)
    alive = in_force(layer, query, [row[0] for row in rows], user)
    forces = [alive.get(row[0]) for row in rows]
    properties = as_properties(fields, (row[1:-1] for row in rows), user, in_force=forces)
    features = [{"id": row[0], "geom": row[-1], **values} for row, values in zip(rows, properties, strict=True)]
    return dict(serializer_for(layer, fields)(features, many=True).data)


def _links(request: Request, cursor: str) -> list[dict[str, str]]:
    """A link to this page and one to the next, which begins at the cursor, if there is one."""
    links = [
        {"rel": "self", "type": "application/geo+json", "href": absolute(request._request, request.get_full_path())}
    ]
    if cursor:
        asked = request.GET.copy()
        asked["cursor"] = cursor
        href = absolute(request._request, f"{request.path}?{asked.urlencode()}")
        links.append({"rel": "next", "type": "application/geo+json", "href": href})
    return links


def _only(layer: Layer, request: Request) -> set[str] | None:
    """The filters to count, or None for all. Raises BadParameter for one that the layer has not."""
    if "only" not in request.GET:
        return None
    names = {"province", "commune", *(field.name for field in layer.filters if field.counted)}
    return set(read_codes(request.GET["only"], "only", names))


def _named(layer: Layer, name: str, rows: dict[str, int], user: User) -> list[dict]:
    """The values in the order of their list: those with no rows too, unless the list is too long to send."""
    codes = {"province": PROVINCES, "commune": COMMUNES}.get(name) or layer.field(name).choices
    using = connection_for(user)
    if codes is None:  # a flag
        return [{"code": code, "label": code, "count": rows.get(code, 0)} for code in ("true", "false")]
    if not getattr(codes, "inline", True):
        labels = codes.labels(using, list(rows))
        return [{"code": code, "label": labels.get(code, code), "count": rows[code]} for code in sorted(rows)]
    return [{"code": one.code, "label": one.label, "count": rows.get(one.code, 0)} for one in codes.read(using)]


def answer(request: Request, body: dict) -> Response:
    """The body with what every answer of the API says: demo data, how it may be cached and by whom read."""
    if is_demo():
        body["demo"] = True
    response = Response(body, content_type="application/geo+json" if "type" in body else None)
    response["Cache-Control"] = "private, no-store" if is_staff_scope(request._request) else "no-cache"
    if not is_staff_scope(request._request):
        response["Access-Control-Allow-Origin"] = "*"
    return response
