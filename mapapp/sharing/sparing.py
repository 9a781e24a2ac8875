"""Browsers that save data say so (the Save-Data client hint): to them the map is offered, not sent."""

from django.http import HttpRequest
from django.views.decorators.vary import vary_on_headers

_HINT = "Save-Data"

varies_by_sparing = vary_on_headers(_HINT)


def is_spared(request: HttpRequest) -> bool:
    """Whether the map waits until it is asked for, as `static/js/sparing.js` decides in the page itself."""
    return str(request.headers.get(_HINT, "")).strip().lower() == "on"
