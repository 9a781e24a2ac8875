"""Requests over one connection that stays open, timed to the last byte of the answer."""

import gzip
import http.client
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PATIENCE_S = 120


@dataclass(frozen=True)
class Answer:
    """What came back. `seconds` to the last byte; `body` is uncompressed, `sent_bytes` what went over the wire."""

    status: int
    seconds: float
    body: bytes = field(repr=False)
    sent_bytes: int
    headers: dict[str, str]


class Client:
    """Asks one server; `encoding` is what it says it accepts."""

    def __init__(self, address: str, *, encoding: str = "gzip") -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_S)
        self._encoding = encoding

    def get(self, path: str, **headers: str) -> Answer:
        """The answer to GET. Raises OSError when none came within PATIENCE_S."""
        wanted = {"Accept-Encoding": self._encoding, **{key.replace("_", "-"): value for key, value in headers.items()}}
        begun = time.perf_counter()
        try:
            self._connection.request("GET", path, headers=wanted)
            response = self._connection.getresponse()
            sent = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()  # The next request opens a fresh one.
            raise ConnectionError(f"{path}: {error!r}") from error
        seconds = time.perf_counter() - begun
        body = gzip.decompress(sent) if response.headers.get("Content-Encoding") == "gzip" else sent
        return Answer(response.status, seconds, body, len(sent), {k.lower(): v for k, v in response.headers.items()})

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the connection: some servers end only when nobody is connected."""
        self._connection.close()
