"""Long answers, one page or many: how long until the last byte, until the first, how many bytes."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

from bench import feature_content

PATIENCE_S = 3600
_PIECE = 1 << 16


@dataclass(frozen=True)
class Fetched:
    """`first_s` to the first byte of the first body, `seconds` to the last byte of the last."""

    seconds: float
    first_s: float
    bytes: int


See = Callable[[bytes], object]


def file(address: str, path: str, see: See | None = None) -> Fetched:
    """One answer of any size, thrown away as it comes unless someone wants to `see` it. RuntimeError if it is none."""
    begun = time.perf_counter()
    connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_S)
    answer = _ask(connection, path)
    kept, number, first_s = [], 0, 0.0
    while piece := answer.read1(_PIECE):
        first_s = first_s or time.perf_counter() - begun
        number += len(piece)
        if see:
            kept.append(piece)
    seconds = time.perf_counter() - begun
    connection.close()
    if see:
        see(b"".join(kept))
    return Fetched(seconds, first_s, number)


def pages(address: str, paths: Iterable[str], see: See | None = None) -> Fetched:
    """Answers one after the other over one connection; who wants to `see` them is not waited for."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_S)
    seconds, first_s, number = 0.0, 0.0, 0
    asked = iter(paths)
    begun = time.perf_counter()
    for path in asked:
        answer = _ask(connection, path)
        head = answer.read1(1)
        first_s = first_s or time.perf_counter() - begun
        body = head + answer.read()
        number += len(body)
        if isinstance(asked, Chain):
            asked.came(body)
        seconds += time.perf_counter() - begun
        if see:
            see(body)
        begun = time.perf_counter()
    connection.close()
    return Fetched(seconds, first_s, number)


class Chain(Iterator[str]):
    """The paths of pages of which each names the next: so many, or all."""

    def __init__(self, form: str, path: str, *, most: int | None = None) -> None:
        self._form, self._next, self._left = form, path, most

    def __next__(self) -> str:
        if not self._next or self._left == 0:
            raise StopIteration
        self._left = None if self._left is None else self._left - 1
        path, self._next = self._next, ""
        return path

    def came(self, body: bytes) -> None:
        """Reads where the next page is."""
        self._next = feature_content.next_path(self._form, body) or ""


def _ask(connection: HTTPConnection, path: str) -> HTTPResponse:
    connection.request("GET", path)
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}: {answer.read(300)!r}")
    return answer
