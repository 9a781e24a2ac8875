"""A program of its own that reads a picture from its input and writes it anew, as a JPEG, to its output.

Nothing of the file survives but its pixels: the picture is turned upright, flattened onto white, made smaller where it
is larger than anybody looks at, and encoded from the bare pixels. It ends with 0, or with REFUSED and a word of
`geodata.pictures` on its error output. Memory and time are limited, and where the system lets it the process leaves the
network, so that a file made to hurt hurts only this process. It imports Pillow and nothing of the application, to start
quickly.
"""

import ctypes
import resource
import sys
from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageOps

REFUSED = 3
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 3000
QUALITY = 85
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000  # linux/sched.h
MEMORY_BYTES = 900 * 2**20
SECONDS = 10
# What Pillow raises for files that are cut, damaged or built to confuse: it has no class of its own for them.
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, OverflowError, RuntimeError)


class Refused(Exception):
    """Why the picture is not taken: `pixels`, `broken` or `costly`."""


def written_anew(content: bytes) -> bytes:
    """The picture as a JPEG without any of the file's other content, upright, at most LONGEST_SIDE a side.

    Raises Refused. Of moving pictures the first one is taken.
    """
    try:
        return _encoded(_flat(_upright(_opened(content))))
    except (MemoryError, Image.DecompressionBombError) as error:
        raise Refused("pixels") from error
    except UNREADABLE as error:
        raise Refused("broken") from error


def _opened(content: bytes) -> Image.Image:
    """The picture, its pixels not read yet: the head of the file alone says how many there would be."""
    image = Image.open(BytesIO(content), formats=FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise Refused("pixels")
    return image


def _upright(image: Image.Image) -> Image.Image:
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2)  # of a JPEG only so much is decoded
    return ImageOps.exif_transpose(image)


def _flat(image: Image.Image) -> Image.Image:
    """The pixels alone, in RGB on white: a new picture, to which no profile, comment or tag clings."""
    if image.mode.startswith(("I", "F")):
        raise Refused("broken")
    seen = image.convert("RGBA") if image.has_transparency_data else image.convert("RGB")
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    return flat


def _encoded(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    # The second limit kills: at the first the process ends by a signal that says why.
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _leave_the_network() -> None:
    """Linux: a network of its own, without any connection. Elsewhere, and where that is forbidden, nothing happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def main() -> int:
    """Reads, writes, and tells in one word why not."""
    Image.preinit()
    _leave_the_network()
    _limit_this_process()
    try:
        sys.stdout.buffer.write(written_anew(sys.stdin.buffer.read()))
    except Refused as error:
        sys.stderr.write(str(error))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
