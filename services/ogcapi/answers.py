"""A document as an answer: JSON for programs, a page for people, readable from any origin."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from layers.access import User
from layers.scope import read_only
from services.negotiation import HTML, Form

METHODS = "GET, HEAD, OPTIONS"
View = Callable[..., HttpResponseBase]


def caller(request: HttpRequest) -> User:
    """Whose rights the answer follows: the service goes by the Authorization header (never by a session, which another
    site could use), and knows no keys yet. So everybody is the public.
    """
    return None


def resource(view: View) -> View:
    """The view for GET, HEAD and OPTIONS, with what every answer of the service says."""
    reading = read_only(view)  # type: ignore[arg-type]

    @wraps(reading)
    def answered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        response = _methods() if request.method == "OPTIONS" else reading(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Content-Crs"
        response.headers.setdefault("Cache-Control", "no-cache")
        vary = response.get("Vary", "")
        response["Vary"] = f"{vary}, Accept" if vary else "Accept"
        return response

    answered.csrf_exempt = True  # type: ignore[attr-defined]
    return answered


def document(request: HttpRequest, form: Form, body: dict[str, Any], template: str, **context: object) -> HttpResponse:
    """The document `body` in that form; on a page the template shows it as `document`, with the context beside it."""
    if form == HTML:
        return render(request, template, {"document": body, **context})
    return JsonResponse(body, content_type=form.media_type, json_dumps_params={"ensure_ascii": False})


def _methods() -> HttpResponse:
    """What a browser asks before it lets a page of another origin read (Fetch standard, CORS)."""
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Authorization, Content-Type"
    return response
