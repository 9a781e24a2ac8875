"""A stored tile as an answer: in a coding that the caller takes, with a tag that follows from its version."""

from typing import Protocol

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

MVT = "application/vnd.mapbox-vector-tile"
FOREVER = "public, max-age=31536000, immutable"
# How the tag of each coding ends: two representations never have one tag.
_ENDINGS = {"br": ".br", "gzip": ".gz", "": ""}


class Stored(Protocol):
    """A tile of a version with its bytes by gzip, empty where the tile is."""

    @property
    def version(self) -> str:
        """Names the state of the data that it shows."""

    @property
    def gzipped(self) -> bytes:
        """Its bytes by gzip."""

    @property
    def plain(self) -> bytes:
        """Its bytes as they are."""

    def by_brotli(self) -> bytes | None:
        """Its bytes by brotli, where they are at hand."""


def stored_tile(request: HttpRequest, tile: Stored, question: str) -> HttpResponse:
    """200 with the tile by brotli (where it is at hand), by gzip or as it is; 204 where it is empty; 304 where known.

    `question` is the digest of the filters.
    """
    tag = known_tag(request, tile.version, question)
    if tag:
        return not_modified(tag)
    coding, body = _coded(tile, accepted_codings(request.headers.get("Accept-Encoding", "")))
    # The coding is chosen: nothing on the way out may choose again.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    response = HttpResponse(body, content_type=MVT, status=200 if body else 204)
    if coding:
        response["Content-Encoding"] = coding
    return _open(response, _tag(tile.version, question, coding))


def accepted_codings(header: str) -> set[str]:
    """Of the codings that tiles come in those that an Accept-Encoding names, but with the weight 0."""
    named = (part.replace(" ", "").lower().partition(";q=") for part in header.split(","))
    return {coding for coding, _, weight in named if coding in _ENDINGS and (weight.strip("0.") or not weight)} - {""}


def not_modified(tag: str) -> HttpResponse:
    """304: what the caller has under this tag is still so."""
    response = _open(HttpResponse(status=304), tag)
    del response["Content-Type"]  # There is nothing that it would be the type of.
    return response


def known_tag(request: HttpRequest, version: str, question: str) -> str:
    """The tag of this version, in whatever coding, that the caller says he has; "" where he has none."""
    named = [tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))]
    ours = [_tag(version, question, coding) for coding in _ENDINGS]
    return next((tag for tag in ours if tag in named), "")


def _tag(version: str, question: str, coding: str) -> str:
    asked = f".{question}" if question else ""
    return f'"{version}{asked}{_ENDINGS[coding]}"'


def _open(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Vary"] = "Accept-Encoding"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _coded(tile: Stored, accepted: set[str]) -> tuple[str, bytes]:
    if not tile.gzipped:
        return "", b""
    by_brotli = tile.by_brotli() if "br" in accepted else None
    if by_brotli is not None:
        return "br", by_brotli
    return ("gzip", tile.gzipped) if "gzip" in accepted else ("", tile.plain)
