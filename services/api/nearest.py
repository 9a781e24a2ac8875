"""`/api/v1/{layer}/nearest/`: the features nearest to a position, under all filters."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from layers.errors import BadParameter
from layers.filters import parse, read_position
from layers.nearest import nearest
from layers.numbers import read_integer
from layers.query import matching, reading, select
from layers.registry import get
from layers.scope import caller
from services.api.views import answer, collection

DEFAULT_LIMIT, MAX_LIMIT = 10, 100
OWN = ("lon", "lat", "limit", "scope", "lang")


@extend_schema(exclude=True)
@api_view(["GET"])
def nearest_items(request: Request, layer: str) -> Response:
    """A GeoJSON collection, nearest first, each feature with `distance_m`: metres as the crow flies."""
    declared, user = get(layer), caller(request._request)
    query = parse(declared, request.GET, user, also=OWN)
    limit = read_integer(request.GET.get("limit", str(DEFAULT_LIMIT)), "limit", least=1, most=MAX_LIMIT, cut=True)
    position = read_position(request.GET)
    if position is None:
        raise BadParameter("position.missing", "Cần lon và lat.", "lon and lat are needed.", parameter="lon")
    with reading(user, "page"):
        far = nearest(declared, query, *position, limit, user)
        chosen = matching(declared, query, user).filter(pk__in=far)
        rows = {row[0]: row for row in select(declared, query, user, geometry=True, rows=chosen)}
        page = collection(declared, query, [rows[pk] for pk in far], user)
    for feature, metres in zip(page["features"], far.values(), strict=True):
        feature["properties"]["distance_m"] = round(metres, 1)
    page["numberReturned"] = len(far)
    return answer(request, page)
