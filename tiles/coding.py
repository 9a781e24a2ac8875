"""Tiles compressed: by gzip as soon as they are made, by brotli where they are asked for often."""

import gzip

import brotli
import deflate

# By libdeflate: as small as zlib makes them at its level 4, in less than half its time.
GZIP_LEVEL, BROTLI_QUALITY = 3, 9


def by_gzip(body: bytes) -> bytes:
    """The same bytes give the same result."""
    return bytes(deflate.gzip_compress(body, GZIP_LEVEL))


def by_brotli(body: bytes) -> bytes:
    """Smaller by a tenth or more, and slower by far."""
    return bytes(brotli.compress(body, quality=BROTLI_QUALITY))


def unpacked(gzipped: bytes) -> bytes:
    """What `by_gzip` was given."""
    return gzip.decompress(gzipped)
