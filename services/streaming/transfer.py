"""The bytes of a download on their way: what is held for them is let go when they end, however they end.

A failure after the first byte must break the transfer: a short file that looks whole is worse than none. The server
(granian 2.8) ends the answer properly whatever the application raises, so the connection itself is shut here.
"""

import logging
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator

from django.http import HttpRequest

from services.streaming.peer import Peer

logger = logging.getLogger("map.requests")

# What granian 2.8 holds of a reader who takes nothing: its buffer (417,792 bytes), and five to six pieces (measured).
_SERVER_BUFFER, _PIECES_UNDER_WAY = 2**19, 6


class TooLong(Exception):
    """The download took longer than MAP_DOWNLOAD_SECONDS, or the page than MAP_PAGE_SECONDS."""


class Transfer:
    """An iterator over the pieces of a body; `release` is called once, at its end, its failure or its `close`.

    After so many `seconds` it is broken off, also while the server waits for a reader who takes nothing.
    """

    def __init__(
        self, pieces: Iterator[bytes], request: HttpRequest, release: Callable[[], None], *, seconds: float
    ) -> None:
        self._pieces, self._release, self._over, self._late = pieces, release, False, False
        self._sent, self._last = 0, deque([0], maxlen=_PIECES_UNDER_WAY)
        self._peer, self._id = Peer(request.META), getattr(request, "request_id", "")
        self._timer = threading.Timer(seconds, _break_off, [weakref.ref(self)])
        self._timer.daemon = True
        self._timer.start()

    def __iter__(self) -> "Transfer":
        return self

    def __next__(self) -> bytes:
        try:
            piece = self._next()
        except StopIteration:
            self.close()
            raise
        except BaseException:
            logger.exception("a download broke", extra={"facts": {"request_id": self._id}})
            self._cut()
            self.close()
            raise
        self._sent += len(piece)
        self._last.append(len(piece))
        return piece

    def break_off(self) -> None:
        """Ends what takes too long: the server lets go of the thread once the connection is shut."""
        if not self._over:
            self._late = True
            logger.warning("a download took too long", extra={"facts": {"request_id": self._id}})
            self._cut()

    def close(self) -> None:
        """Lets go of what is held; the second time nothing happens."""
        if not self._over:
            self._over = True
            self._timer.cancel()
            self._release()

    def __del__(self) -> None:
        """Where an answer is never begun nobody closes it."""
        self.close()

    def _next(self) -> bytes:
        if self._late:
            raise TooLong
        return next(self._pieces)

    def _cut(self) -> None:
        least = self._sent - _SERVER_BUFFER - sum(self._last)
        if not self._peer.cut(least, self._sent):
            logger.error(
                "a broken download could not be cut: its file may look whole", extra={"facts": {"request_id": self._id}}
            )


def _break_off(transfer: "weakref.ref[Transfer]") -> None:
    """The timer holds no answer back that nobody else holds."""
    found = transfer()
    if found is not None:
        found.break_off()
