"""The network address that a request comes from, and the network that counts as one caller."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.http import HttpRequest

# A household or a phone holds a whole IPv6 network of this length; single addresses of it cost nothing.
HOME = 64
# What a company or a university is given.
SITE = 48


def address_of(request: HttpRequest) -> str:
    """The network address that a request comes from.

    The server listens on this machine alone: a request from outside comes through its proxy, which names the address
    as the last of `X-Forwarded-For`. What a caller wrote there himself stands before it and counts for nothing.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if not peer.startswith(("127.", "::1")):
        return peer
    return request.headers.get("X-Forwarded-For", peer).rpartition(",")[2].strip()[:60] or peer


def network_of(address: str, prefix: int = HOME) -> str:
    """The address, of IPv6 its network of that length; what is no address stands for itself."""
    found = _read(address)
    return str(ip_network((found, prefix), strict=False)) if isinstance(found, IPv6Address) else str(found or address)


def _read(address: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found
