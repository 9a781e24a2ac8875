"""gzip on the way out, piece by piece: nothing waits for more than the piece it is in."""

import zlib
from collections.abc import Iterator

# The quickest level: compressing must not be slower than the database.
LEVEL = 1
_GZIP = 16 + zlib.MAX_WBITS


def gzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes by gzip; the first piece leaves at once."""
    packer = zlib.compressobj(LEVEL, wbits=_GZIP)
    flush = zlib.Z_SYNC_FLUSH
    for piece in pieces:
        packed = packer.compress(piece)
        if flush:
            packed, flush = packed + packer.flush(flush), 0
        if packed:
            yield packed
    yield packer.flush()


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding names gzip (or everything) with a weight above 0."""
    named = (part.replace(" ", "").lower().partition(";q=") for part in header.split(","))
    return any(coding in ("gzip", "*") and (not weight or bool(weight.strip("0."))) for coding, _, weight in named)
