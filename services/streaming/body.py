"""The body of a long answer: it holds a place and a connection of its own until it ends, however it ends."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest

from layers.access import User
from layers.network_address import address_of
from services.streaming.coding import gzipped
from services.streaming.places import Places
from services.streaming.reading import Reader
from services.streaming.transfer import Transfer

# Map requests keep the other threads and connections of the process.
places = Places(settings.DOWNLOADS_AT_ONCE)
# Programs ask for several layers at a time, and do not come back by themselves.
_PAGE_WAIT_S = 10


def stream(
    request: HttpRequest,
    user: User,
    write: Callable[[Reader], Iterator[bytes]],
    *,
    packed: bool,
    page: bool = False,
) -> Transfer:
    """What `write` makes of the rows of a reader in the caller's snapshot (`layers.query.reading`); gzip if `packed`.

    `write` reads the first rows before it returns: what is wrong with a question shows before the answer begins.
    A `page` of a protocol is waited for, and given up sooner than a download. Raises Busy, and what `write` raises.
    """
    seconds = settings.PAGE_SECONDS if page else settings.DOWNLOAD_SECONDS
    leave = places.take(address_of(request), alone=not page, wait_s=_PAGE_WAIT_S if page else 0)
    try:
        reader = Reader(user)
    except BaseException:
        leave()
        raise

    def release() -> None:
        try:
            reader.close()
        finally:
            leave()

    try:
        pieces = write(reader)
        return Transfer(gzipped(pieces) if packed else pieces, request, release, seconds=seconds)
    except BaseException:
        release()
        raise


class Ready(Iterable[bytes], Protocol):
    """Bytes that lie ready, of something that is to be closed."""

    def close(self) -> None: ...


def carried(request: HttpRequest, ready: Ready) -> Transfer:
    """What lies ready, with a place and for a time as a download has them: its reader holds a thread. Raises Busy."""
    leave = places.take(address_of(request))

    def release() -> None:
        ready.close()
        leave()

    return Transfer(iter(ready), request, release, seconds=settings.DOWNLOAD_SECONDS)
