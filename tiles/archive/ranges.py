"""A file over HTTP, whole or a range of its bytes (RFC 9110, section 14)."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

PIECE = 1 << 18
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


Carry = Callable[["Part"], Iterable[bytes]]


def file_answer(
    request: HttpRequest, path: Path, content_type: str, *, carry: Carry = lambda part: part
) -> HttpResponseBase:
    """200 with the file, 206 with the range asked for, 416 beyond the end, 304 or 412 by the caller's conditions.

    Several ranges at once, other units and what is no range at all are answered with the whole, as the standard allows.
    `carry` gives what sends the bytes, and closes them. Raises FileNotFoundError, and what `carry` raises.
    """
    file = path.open("rb")
    told = os.fstat(file.fileno())
    etag, changed_at = f'"{path.parent.name}-{told.st_size:x}-{told.st_mtime_ns:x}"', int(told.st_mtime)
    response = get_conditional_response(request, etag=etag, last_modified=changed_at)
    try:
        if response is None:
            asked = _asked(request, told.st_size, (etag, http_date(changed_at)))
            response = _part(request, file, asked, size=told.st_size, carry=carry)
    except BaseException:
        file.close()
        raise
    if not response.streaming:
        file.close()
    response["ETag"], response["Last-Modified"], response["Accept-Ranges"] = etag, http_date(changed_at), "bytes"
    response["Content-Type"] = content_type
    # A range counts bytes of the file as it is: nothing on the way out may compress it.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return response


def handed_over(path: Path, content_type: str, *, folder: Path, known_as: str) -> HttpResponse:
    """The word to nginx in front to send this file by itself: `deploy/nginx.conf` has the folder as /{known_as}/."""
    place = path.relative_to(folder)
    return HttpResponse(content_type=content_type, headers={"X-Accel-Redirect": f"/{known_as}/{place}"})


def is_for_handing_over(request: HttpRequest) -> bool:
    """Whether an nginx in front says that it sends files by itself."""
    return request.headers.get("X-Sendfile-Type") == "X-Accel-Redirect"


def _part(request: HttpRequest, file: BinaryIO, asked: range | None, *, size: int, carry: Carry) -> HttpResponseBase:
    """`asked` None is the whole."""
    sent = range(size) if asked is None else asked
    if not sent:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    body = HttpResponse() if request.method == "HEAD" else StreamingHttpResponse(carry(Part(file, sent)))
    body["Content-Length"] = str(len(sent))
    if asked is not None:
        body.status_code = 206
        body["Content-Range"] = f"bytes {sent[0]}-{sent[-1]}/{size}"
    return body


def _asked(request: HttpRequest, size: int, current: tuple[str, str]) -> range | None:
    """The bytes of the range asked for, none where it lies beyond the end; None where no range is asked for."""
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if not found or request.headers.get("If-Range", current[0]) not in current:
        return None
    first, last = found.groups()
    if not first:
        return range(max(size - int(last), 0), size) if last else None
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


class Part:
    """A range of an open file, piece by piece. Django closes it with the answer."""

    def __init__(self, file: BinaryIO, asked: range) -> None:
        self.file, self.asked = file, asked

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.asked[0])
        for begin in range(self.asked[0], self.asked[-1] + 1, PIECE):
            yield self.file.read(min(PIECE, self.asked[-1] + 1 - begin))

    def close(self) -> None:
        self.file.close()
