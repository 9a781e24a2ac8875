"""`/embed`, a smaller live map for pages of others, and `/print`, a sheet of A4."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt

from layers.errors import FeatureError
from layers.public_address import absolute
from layers.query import reading
from layers.scope import read_only
from mapapp.addresses import with_query
from mapapp.clean_address import clean_address
from mapapp.errors import refusal
from mapapp.sharing.addresses import pictures, with_state
from mapapp.sharing.paper import ORIENTATIONS, SIZES, qr_code
from mapapp.sharing.picture import sources
from mapapp.sharing.sparing import is_spared, varies_by_sparing
from mapapp.sharing.state import MapState, own_code, read_state
from tiles.picture.palette import THEMES

EMBEDDED = {"width": 640, "height": 480}
ON_PAPER = {"theme": "light", "frame": "paper"}


@varies_by_sparing
@csp_replace({"frame-ancestors": ["*"]})
@xframe_options_exempt
@read_only
@clean_address
def embed_page(request: HttpRequest) -> HttpResponse:
    """The live map without panels: the one page that pages of other sites may frame.

    Its refusals are framed too: of a blocked frame nobody learns what is wrong with the address.
    """
    try:
        return _embedded(request)
    except FeatureError as error:
        return refusal(request, error)


def _embedded(request: HttpRequest) -> HttpResponse:
    state = read_state(request.GET, own=("theme",))
    theme = own_code(state.own, "theme", THEMES)
    with reading(None, "page"):
        foot = " · ".join(reversed(sources(state)))
    return render(
        request,
        "sharing/embed.html",
        {
            "foot": foot,
            "theme": "" if theme == "auto" else theme,
            "full_map": with_query("/", state.parameters),
            "area": state.area,
            "spared": is_spared(request),
            "pictures": pictures(state.parameters, state.area),
            "still": with_state("/picture.svg", state.parameters, theme=theme, frame="paper", **EMBEDDED),
        },
    )


@read_only
@clean_address
def print_page(request: HttpRequest) -> HttpResponse:
    """A sheet of A4 with the picture, its title, the day and sources, and the address as text and as a code to scan."""
    state = read_state(request.GET, own=("orientation",))
    orientation = own_code(state.own, "orientation", ORIENTATIONS)
    width, height = SIZES[orientation]
    address = absolute(request, with_query("/", state.parameters))
    with reading(None, "page"):
        foot = sources(state)
    return render(
        request,
        "sharing/print.html",
        {
            "orientation": orientation,
            "width": width,
            "height": height,
            "picture": with_state("/picture.svg", state.parameters, width=width, height=height, **ON_PAPER),
            "others": [(name, with_state("/print", state.parameters, orientation=name)) for name in ORIENTATIONS],
            "map": with_query("/", state.parameters),
            "titles": titles(state),
            "foot": foot,
            "address": address,
            "code": qr_code(address),
        },
    )


def titles(state: MapState) -> list[object]:
    """What the layers shown are called."""
    return [layer.title for layer, _ in state.asked]
