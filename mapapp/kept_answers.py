"""Tiles answered from memory, before Django: what was answered once is answered again while its version stands.

Django's whole stack costs several times what such an answer is worth. So the answer that it gave to an address of a
public tile is kept with its headers, and given again, under an id and with a line of log of its own, after one look at
the version (none, where the version stands in the address). The look begins after the request came: a committed
change is in the next answer. Whatever is not kept goes to Django: other addresses, refusals, the staff's tiles.
"""

import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.db import Error, connections

from layers.layer import Layer
from layers.registry import all_layers
from mapapp.request_log import log_answer
from tiles.answers import accepted_codings
from tiles.looks import current_version
from tiles.tile import Tile
from tiles.versions import FORM

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Key = tuple[str, ...]

MOST_BYTES = 32 * 2**20
# What an entry takes beside its body, about.
ENTRY_BYTES = 2000
# After so many answers Django is asked again: meanwhile the tile may lie there better compressed.
ASKED_AGAIN_AFTER = (8, 64)
# A tile of a version that is over is given for no longer than this after it is gone from the disk.
FOR_EVER_S = 600
KEPT_STATUSES = ("200 OK", "204 No Content")
_ADDRESS = re.compile(r"/tiles/([a-z_]+)/(?:([0-9a-f-]+)/)?([0-9]{1,2})/([0-9]{1,8})/([0-9]{1,8})\.mvt", re.ASCII)
_OF_THE_BODY = ("content-type", "content-length", "content-encoding")


@dataclass
class Answer:
    """One kept answer: its headers without the request's id, and the tile that its version is asked of."""

    status: str
    headers: Headers
    body: bytes
    tag: str
    layer: Layer
    tile: Tile
    for_ever: bool
    kept_at: float = field(default_factory=time.monotonic)
    uses: int = 0

    @property
    def version(self) -> str:
        return self.tag[1:].partition(".")[0].rstrip('"')

    def stands(self) -> bool:
        """Whether the public would get the same now."""
        if self.for_ever:
            return time.monotonic() - self.kept_at < FOR_EVER_S
        return current_version(self.layer, self.tile) == self.version


class KeptAnswers:
    """The application, with tiles from memory before it."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or not environ["PATH_INFO"].startswith("/tiles/"):
            return self.application(environ, start_response)
        began, key = time.monotonic(), _key(environ)
        answer = self._kept.get(key)
        known = environ.get("HTTP_IF_NONE_MATCH", "")
        if answer is None or not _can_say(answer, known) or not self._stands(key, answer):
            return self._answered_by_django(key, environ, start_response)
        return _again(answer, start_response, began, modified=answer.tag not in known)

    def _stands(self, key: Key, answer: Answer) -> bool:
        answer.uses += 1
        if answer.uses in ASKED_AGAIN_AFTER:
            return False
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
        try:
            return answer.stands()
        except Error:
            # Whoever asks next gets a fresh connection; what is wrong Django says in words.
            connections["open"].close()
            return False

    def _answered_by_django(self, key: Key, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        begun: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            begun.append((status, headers))
            return start_response(status, headers, *rest)

        body = self.application(environ, start)
        answer = _to_keep(environ["PATH_INFO"], *begun[0], body)
        if answer:
            self._keep(key, answer)
        return body

    def _keep(self, key: Key, answer: Answer) -> None:
        with self._lock:
            old = self._kept.pop(key, None)
            answer.uses = old.uses if old and old.version == answer.version else 0
            self._kept[key] = answer
            self._bytes += _size(key, answer) - (_size(key, old) if old else 0)
            while self._bytes > MOST_BYTES:
                self._bytes -= _size(*self._kept.popitem(last=False))


def _key(environ: Environ) -> Key:
    """All that an answer to the public depends on beside the data."""
    codings = sorted(accepted_codings(environ.get("HTTP_ACCEPT_ENCODING", "")))
    return (*(environ.get(name, "") for name in ("PATH_INFO", "QUERY_STRING", "HTTP_HOST")), *codings)


def _can_say(answer: Answer, known: str) -> bool:
    """Whether what the caller says to have can be judged here: not where it is this version in another coding."""
    return answer.version not in known or answer.tag in known


def _to_keep(path: str, status: str, headers: Headers, body: Iterable[bytes]) -> Answer | None:
    """The answer as it is kept; None for one that is no tile of the public's."""
    named = {name.lower(): value for name, value in headers}
    address, tag = _ADDRESS.fullmatch(path), named.get("etag", "")
    if status not in KEPT_STATUSES or not address or not FORM.match(tag, 1) or "private" in named["cache-control"]:
        return None
    name, version, *place = address.groups()
    layer = next(layer for layer in all_layers() if layer.name == name)
    kept = [(name, value) for name, value in headers if name.lower() != "x-request-id"]
    tile = Tile(*map(int, place))
    return Answer(status, kept, b"".join(body), tag, layer, tile, for_ever=version is not None)


def _again(answer: Answer, start_response: StartResponse, began: float, *, modified: bool) -> list[bytes]:
    request_id = secrets.token_hex(8)
    route = "tile_of_version" if answer.for_ever else "tile"
    headers, status, body = answer.headers, answer.status, answer.body
    if not modified:
        headers = [(name, value) for name, value in headers if name.lower() not in _OF_THE_BODY]
        status, body = "304 Not Modified", b""
    start_response(status, [*headers, ("X-Request-ID", request_id)])
    log_answer(request_id, "anonymous", route, int(status[:3]), seconds=time.monotonic() - began)
    return [body]


def _size(key: Key, answer: Answer) -> int:
    return len(answer.body) + sum(map(len, key)) + ENTRY_BYTES
