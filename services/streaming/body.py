"""The body of a long answer: it holds a place and a connection of its own until it ends, however it ends."""

from collections.abc import Callable, Iterator

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


def stream(
    request: HttpRequest,
    user: User,
    write: Callable[[Reader], Iterator[bytes]],
    *,
    packed: bool,
    alone: bool = True,
    wait_s: float = 0,
) -> Transfer:
    """What `write` makes of the rows of a reader in the caller's snapshot (`layers.query.reading`); gzip if `packed`.

    `write` reads the first rows before it returns: what is wrong with a question shows before the answer begins.
    `alone` and `wait_s` are those of `Places.take`. Raises Busy, and what `write` raises.
    """
    leave = places.take(address_of(request), alone=alone, wait_s=wait_s)
    try:
        reader = Reader(user)
    except BaseException:
        leave()
        raise

    def release() -> None:
        reader.close()
        leave()

    try:
        pieces = write(reader)
        return Transfer(gzipped(pieces) if packed else pieces, request, release, seconds=settings.DOWNLOAD_SECONDS)
    except BaseException:
        release()
        raise
