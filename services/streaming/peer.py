"""The connection that a request came by, found among the process's own: WSGI does not tell which it is.

The kernel's counts do: the one that has sent nothing since and was given about as many bytes as the answer has. This is
Linux's alone; elsewhere no connection is found.
"""

import fcntl
import os
import socket
import stat
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OWN_SOCKETS = "/proc/self/fd"
# In struct tcp_info (linux/tcp.h) stand tcpi_bytes_acked, which the peer has, and tcpi_bytes_received from him.
_TCP_INFO_BYTES, _COUNTS_AT = 256, 120
# What the protocol adds to a body: at most.
_ADDED, _ADDED_SHARE = 2**16, 1.01
# What was made a moment ago may not be handed over yet.
_WAIT_S, _STEP_S = 1.0, 0.02
Counts = tuple[int, int]


def can_be_cut() -> bool:
    """Whether this system tells which connection is which."""
    return sys.platform == "linux" and Path(OWN_SOCKETS).is_dir()


class Peer:
    """Who asked, and how his connections stood then."""

    def __init__(self, environ: dict) -> None:
        self._address, self._port = environ.get("REMOTE_ADDR", ""), environ.get("SERVER_PORT", "")
        self._before = {key: counts for key, counts, _ in self._connections()}

    def cut(self, least: int, most: int) -> bool:
        """Shuts the connection that was given from `least` to about `most` bytes since; gives whether there was one.

        Another file on its way to the same peer may be alike. It is better that this breaks, too.
        """
        end = time.monotonic() + (_WAIT_S if self._before else 0)
        while not (found := self._shut(least, most)) and time.monotonic() < end:
            time.sleep(_STEP_S)
        return found

    def _shut(self, least: int, most: int) -> bool:
        found = False
        for key, counts, connection in self._connections():
            if key in self._before and _may_be(self._before[key], counts, least, most):
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                    found = True
        return found

    def _connections(self) -> Iterator[tuple[int, Counts, socket.socket]]:
        """The open connections from the peer to the server's port: inode, counts, the connection."""
        for connection in _sockets():
            with connection, suppress(OSError, IndexError, TypeError, struct.error):
                here, there = connection.getsockname(), connection.getpeername()
                if str(here[1]) == self._port and there[0] == self._address:
                    yield os.fstat(connection.fileno()).st_ino, _counts(connection), connection


def _may_be(before: Counts, now: Counts, least: int, most: int) -> bool:
    """An idle connection was given nothing since, and one that asked something else has sent something."""
    given = now[0] - before[0]
    return now[1] == before[1] and given > 0 and least <= given <= most * _ADDED_SHARE + _ADDED


def _sockets() -> Iterator[socket.socket]:
    """Each socket of this process, as a copy of its descriptor."""
    for name in os.listdir(OWN_SOCKETS) if can_be_cut() else ():  # noqa: PTH208  strings are all there is
        with suppress(OSError):
            copy = os.dup(int(name))
            if stat.S_ISSOCK(os.fstat(copy).st_mode):
                yield socket.socket(fileno=copy)
            else:
                os.close(copy)


def _counts(connection: socket.socket) -> Counts:
    """How many bytes it was given to send, those that still wait in the kernel included; how many it received."""
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    acked, received = struct.unpack_from("<QQ", told, _COUNTS_AT)
    (queued,) = struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)))
    return acked + queued, received
