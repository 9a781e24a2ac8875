"""What the map's page shows before its map, and instead of it: pictures, ways on by plain links, lists."""

from django.http import HttpRequest, QueryDict

from layers.filters import SHARED
from layers.layer import Layer
from mapapp.addresses import with_query
from mapapp.map_state import OWN, shown_layers
from mapapp.sharing.addresses import pictures, steps, with_state
from mapapp.sharing.preview import map_preview
from mapapp.sharing.sparing import is_spared
from mapapp.sharing.state import area_of


def sharing_context(request: HttpRequest) -> dict[str, object]:
    """For the template of the map's page, whose state was checked before."""
    state = request.GET
    area = area_of(state)
    return {
        "area": area,
        "spared": is_spared(request),
        "pictures": pictures(state, area),
        "steps": steps("/", state, area),
        "print_href": with_state("/print", state),
        "lists": [(layer, _list(layer, state)) for layer in shown_layers(state.dict())],
        "preview": map_preview(request),
    }


def _list(layer: Layer, state: QueryDict) -> str:
    """The list of a layer under the filters that it is drawn with."""
    query = QueryDict(mutable=True)
    for name, value in state.items():
        of, _, bare = name.rpartition(".")
        if name == "lang" or (name not in OWN and (name in SHARED or of in ("", layer.name))):
            query[bare or name] = value
    return with_query(f"/list/{layer.name}", query)
