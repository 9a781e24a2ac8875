"""Requests over one connection that stays open, timed to the last byte of the answer."""

import gzip
import http.client
import itertools
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PATIENCE_S = 120
_numbers = itertools.count(1)
# Some servers hang up on who is silent for five seconds; opening the connection again is not timed.
SILENCE_S = 2


@dataclass(frozen=True)
class Answer:
    """What came back. `seconds` to the last byte; `body` is uncompressed, `sent_bytes` what went over the wire."""

    status: int
    seconds: float
    body: bytes = field(repr=False)
    sent_bytes: int
    headers: dict[str, str]


def another_host() -> str:
    """This machine under a port never named before: a server that keeps answers in memory keeps them by the host."""
    return f"127.0.0.1:{10_000 + next(_numbers) % 50_000}"


class Client:
    """Asks one server; `encoding` is what it says it accepts. With `always_new` it names another host each time."""

    def __init__(self, address: str, *, encoding: str = "gzip", always_new: bool = False) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_S)
        self._encoding, self._always_new = encoding, always_new
        self._last_used = 0.0

    def get(self, path: str, **headers: str) -> Answer:
        """The answer to GET. Raises OSError when none came within PATIENCE_S."""
        wanted = {"Accept-Encoding": self._encoding, **{key.replace("_", "-"): value for key, value in headers.items()}}
        if self._always_new:
            wanted["Host"] = another_host()
        if time.perf_counter() - self._last_used > SILENCE_S:
            self._connection.close()
            self._connection.connect()
        begun = time.perf_counter()
        try:
            self._connection.request("GET", path, headers=wanted)
            response = self._connection.getresponse()
            sent = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()  # The next request opens a fresh one.
            raise ConnectionError(f"{path}: {error!r}") from error
        self._last_used = time.perf_counter()
        seconds = self._last_used - begun
        body = gzip.decompress(sent) if response.headers.get("Content-Encoding") == "gzip" else sent
        return Answer(response.status, seconds, body, len(sent), {k.lower(): v for k, v in response.headers.items()})

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the connection: some servers end only when nobody is connected."""
        self._connection.close()
