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

# Linux: the bytes that a connection has received stand in struct tcp_info (linux/tcp.h, tcpi_bytes_received).
_TCP_INFO_BYTES, _RECEIVED_AT = 256, 128


class Transfer:
    """An iterator over the pieces of a body; `release` is called once, at its end, its failure or its `close`."""

    def __init__(self, pieces: Iterator[bytes], request: HttpRequest, release: Callable[[], None]) -> None:
        self._pieces, self._release, self._over = pieces, release, False
        self._peer, self._id = _Peer(request.META), getattr(request, "request_id", "")

    def __iter__(self) -> "Transfer":
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except StopIteration:
            self.close()
            raise
        except BaseException:
            logger.exception("a download broke", extra={"facts": {"request_id": self._id}})
            self._peer.cut()
            self.close()
            raise

    def close(self) -> None:
        if not self._over:
            self._over = True
            self._release()


class _Peer:
    """The connection that a request came by. WSGI does not tell: it is one of the peer's that has been silent since."""

    def __init__(self, environ: dict) -> None:
        self._address, self._port = environ.get("REMOTE_ADDR", ""), environ.get("SERVER_PORT", "")
        self._before = {key: received for key, received, _ in self._connections()}

    def cut(self) -> None:
        """Shuts the connection: with it others of the same peer that have asked nothing since, which may be idle."""
        for key, received, connection in self._connections():
            if self._before.get(key) == received:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _connections(self) -> Iterator[tuple[int, int, socket.socket]]:
        """The open connections from the peer to the server's port: inode, bytes received, the connection."""
        for connection in _sockets():
            with connection, suppress(OSError, IndexError, TypeError):
                here, there = connection.getsockname(), connection.getpeername()
                if str(here[1]) == self._port and there[0] == self._address:
                    yield os.fstat(connection.fileno()).st_ino, _received(connection), connection


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


def _received(connection: socket.socket) -> int:
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    return struct.unpack_from("<Q", told, _RECEIVED_AT)[0] if len(told) >= _RECEIVED_AT + 8 else 0
