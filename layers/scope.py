"""How a request asks: as the signed-in caller (`scope=staff`) or as anybody, and by reading only."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from layers.access import User
from layers.errors import BadParameter


def is_staff_scope(request: HttpRequest) -> bool:
    """Whether the address asks for what the caller may see. Raises BadParameter for another scope."""
    scope = request.GET.get("scope")
    if scope not in (None, "staff"):
        raise BadParameter(
            "scope.unknown", "scope chỉ nhận giá trị staff.", "scope can only be staff.", parameter="scope"
        )
    return scope == "staff"


def caller(request: HttpRequest) -> User:
    """The signed-in (or anonymous) user of the staff scope; None, the public, without it."""
    return request.user if is_staff_scope(request) else None


def read_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view for GET and HEAD alone. Another method is refused as such (405), never as a forged form (403)."""
    return csrf_exempt(require_safe(view))
