"""Addresses in answers: of the public address that the operator named, else of the one that was asked."""

from django.conf import settings
from django.http import HttpRequest


def absolute(request: HttpRequest, path: str) -> str:
    """The full address of a path (with its query) of ours. Behind a proxy only `MAP_PUBLIC_ADDRESS` is believed."""
    return settings.PUBLIC_ADDRESS + path if settings.PUBLIC_ADDRESS else request.build_absolute_uri(path)
