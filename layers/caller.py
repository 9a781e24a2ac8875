"""Who sends a request, as far as a network tells it."""

from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The network address that a request comes from.

    The server listens on this machine alone: a request from outside comes through its proxy, which names the address
    as the last of `X-Forwarded-For`. What a caller wrote there himself stands before it and counts for nothing.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if not peer.startswith(("127.", "::1")):
        return peer
    return request.headers.get("X-Forwarded-For", peer).rpartition(",")[2].strip()[:60] or peer
