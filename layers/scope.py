"""`scope=staff`: whether a request asks as the signed-in caller or as anybody."""

from django.http import HttpRequest

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
