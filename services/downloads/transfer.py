"""The bytes of a download on their way: what is held for them is let go when they end, however they end.

A failure after the first byte must break the transfer: a short file that looks whole is worse than none. The server
(granian 2.8) ends the answer properly whatever the application raises, so the connection itself is shut here.
"""

import logging
import os
import socket
import stat
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress

from django.http import HttpRequest

logger = logging.getLogger("map.requests")

# Linux: in struct tcp_info (linux/tcp.h) stand tcpi_bytes_acked, which the peer has, and tcpi_bytes_received from him.
_TCP_INFO_BYTES, _COUNTS_AT = 256, 120
# What lies in buffers between here and the peer, and what the protocol adds to a body: at most.
_UNDER_WAY, _ADDED, _ADDED_SHARE = 16 * 2**20, 2**16, 1.01
Counts = tuple[int, int]


class Transfer:
    """An iterator over the pieces of a body; `release` is called once, at its end, its failure or its `close`."""

    def __init__(self, pieces: Iterator[bytes], request: HttpRequest, release: Callable[[], None]) -> None:
        self._pieces, self._release, self._over = pieces, release, False
        self._sent = 0
        self._peer, self._id = _Peer(request.META), getattr(request, "request_id", "")

    def __iter__(self) -> "Transfer":
        return self

    def __next__(self) -> bytes:
        try:
            piece = next(self._pieces)
        except StopIteration:
            self.close()
            raise
        except BaseException:
            logger.exception("a download broke", extra={"facts": {"request_id": self._id}})
            self._peer.cut(self._sent)
            self.close()
            raise
        self._sent += len(piece)
        return piece

    def close(self) -> None:
        """Lets go of what is held; the second time nothing happens."""
        if not self._over:
            self._over = True
            self._release()

    def __del__(self) -> None:
        """Where an answer is never begun nobody closes it."""
        self.close()


class _Peer:
    """The connection that a request came by. WSGI does not tell which of the peer's it is: its counts do."""

    def __init__(self, environ: dict) -> None:
        self._address, self._port = environ.get("REMOTE_ADDR", ""), environ.get("SERVER_PORT", "")
        self._before = {key: counts for key, counts, _ in self._connections()}

    def cut(self, sent: int) -> None:
        """Shuts the connection that has asked nothing since, and has got about so many bytes.

        Others of the same peer may be alike: idle ones, or another file on its way. It is better that these break, too.
        """
        for key, counts, connection in self._connections():
            if key in self._before and _may_be(self._before[key], counts, sent):
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _connections(self) -> Iterator[tuple[int, Counts, socket.socket]]:
        """The open connections from the peer to the server's port: inode, counts, the connection."""
        for connection in _sockets():
            with connection, suppress(OSError, IndexError, TypeError, struct.error):
                here, there = connection.getsockname(), connection.getpeername()
                if str(here[1]) == self._port and there[0] == self._address:
                    yield os.fstat(connection.fileno()).st_ino, _counts(connection), connection


def _may_be(before: Counts, now: Counts, sent: int) -> bool:
    got = now[0] - before[0]
    return now[1] == before[1] and sent - _UNDER_WAY <= got <= sent * _ADDED_SHARE + _ADDED


def _sockets() -> Iterator[socket.socket]:
    """Each socket of this process, as a copy of its descriptor."""
    folder = "/proc/self/fd"
    for name in os.listdir(folder) if os.path.isdir(folder) else ():  # noqa: PTH112, PTH208  strings are all there is
        with suppress(OSError):
            copy = os.dup(int(name))
            if stat.S_ISSOCK(os.fstat(copy).st_mode):
                yield socket.socket(fileno=copy)
            else:
                os.close(copy)


def _counts(connection: socket.socket) -> Counts:
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    acked, received = struct.unpack_from("<QQ", told, _COUNTS_AT)
    return acked, received
