"""The public pages: the map, one record, the list twin."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from geodata.credits import boundaries_are_approximate, files_loaded, ground_credits
from geodata.streets_in_use import streets_credits
from layers.credits import position_credits
from layers.describe import describe_map
from layers.filters import single_values
from layers.query import map_day, reading
from layers.registers.device_status import DEVICE_STATUSES
from layers.registers.qualification_status import QUALIFICATION_STATUSES
from layers.registry import all_layers, get
from layers.scope import read_only
from mapapp.clean_address import clean_address
from mapapp.data_page import data_context
from mapapp.errors import TITLES
from mapapp.finding import find_context
from mapapp.lists import list_context
from mapapp.map_state import refuse_unknown_state
from mapapp.record.page import described, record_context
from mapapp.sharing.first_paint import sharing_context
from mapapp.sharing.preview import record_preview
from mapapp.sharing.sparing import varies_by_sparing


@varies_by_sparing
@read_only
@clean_address
def map_page(request: HttpRequest) -> HttpResponse:
    """The national map. What it shows stands in the address; the page's own modules read it."""
    refuse_unknown_state(request.GET)
    return render(request, "map.html", {"layers": all_layers(), **sharing_context(request)})


@read_only
def layers_json(request: HttpRequest) -> JsonResponse:
    """The public layers, in the language asked for."""
    single_values(request.GET, known={"lang"})
    with reading(None, "page"):
        layers = describe_map(all_layers(), due_soon_days=settings.DUE_SOON_DAYS)
    response = JsonResponse(layers, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = "no-cache", "*"
    return response


@read_only
@clean_address
def record_page(request: HttpRequest, layer: str, number: str) -> HttpResponse:
    """One record, readable without JavaScript. Merged records lead on, withdrawn ones answer 410."""
    declared = get(layer)
    context = record_context(request, declared, number)
    preview = record_preview(request, declared, context["record"], at_home=context["at_home"])
    return render(request, "record.html", {**context, "preview": preview})


@read_only
def record_json(request: HttpRequest, layer: str, number: str) -> HttpResponse:
    """The same as JSON."""
    record = described(request, get(layer), number)
    response = JsonResponse(record, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-cache"
    return response


@read_only
@clean_address
def list_page(request: HttpRequest, layer: str) -> HttpResponse:
    """The list twin of the map: the same filters, readable without JavaScript."""
    return render(request, "list.html", list_context(request, get(layer)))


@read_only
@clean_address
def find_page(request: HttpRequest) -> HttpResponse:
    """Who can do this: the form, and under it the places with the line that permits each."""
    return render(request, "find.html", find_context(request))


@read_only
@clean_address
def data_page(request: HttpRequest) -> HttpResponse:
    """Every layer as files; with `layer` and its filters, exactly those rows."""
    return render(request, "data.html", data_context(request))


@read_only
@clean_address
def about_page(request: HttpRequest) -> HttpResponse:
    """What this map is, what its signs mean, what it does not show, how errors are corrected."""
    single_values(request.GET, known={"lang"})
    statuses = {"devices": DEVICE_STATUSES.items, "qualifications": QUALIFICATION_STATUSES.items}
    with reading(None, "page"):
        sources = {
            "day": map_day("open"),
            "position_credits": position_credits(),
            "ground_credits": ground_credits(),
            "streets_credits": streets_credits(),
            "approximate": boundaries_are_approximate(),
            "files": files_loaded(),
        }
    shown = {"layers": all_layers(), "due_soon_days": settings.DUE_SOON_DAYS}
    return render(request, "about.html", {**shown, **statuses, **sources})


@read_only
@clean_address
def errors_page(request: HttpRequest) -> HttpResponse:
    """What refusals look like and mean: the `type` of every problem points here."""
    single_values(request.GET, known={"lang"})
    return render(request, "errors.html", {"titles": TITLES})
