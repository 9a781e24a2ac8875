"""`/area.json`: where the filters of a state lead, for a map that is open already."""

from django.http import HttpRequest, JsonResponse

from layers.query import reading
from layers.scope import read_only
from mapapp.map_state import refuse_unknown_state
from mapapp.sharing.state import area_asked


@read_only
def area_json(request: HttpRequest) -> JsonResponse:
    """`bbox` in degrees (west, south, east, north) of the circle, box, communes or provinces of a state, else null."""
    refuse_unknown_state(request.GET)
    with reading(None, "page"):
        response = JsonResponse({"bbox": area_asked(request.GET)})
    response["Cache-Control"] = "no-cache"
    return response
