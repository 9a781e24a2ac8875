"""Where photos of reports lie: in a folder that no address leads to, under random names."""

import logging
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from layers.errors import Busy, NoRoom
from layers.registers.tickets import Photo

logger = logging.getLogger("map.requests")
ORPHAN_AFTER_S = 24 * 3600


def path_of(name: str) -> Path:
    """The file of a photo, in a folder by the first letters of its name."""
    return settings.UPLOADS / name[:2] / name


@contextmanager
def kept(contents: Iterable[bytes]) -> Iterator[list[str]]:
    """Writes the files and gives their names; those still in the list go again when the block fails.

    Raises Busy where they cannot be written: the disk is full, or is not the application's to write on.
    """
    names: list[str] = []
    try:
        for content in contents:
            names.append(secrets.token_hex(16) + ".jpg")
            _write(path_of(names[-1]), content)
        yield names
    except OSError as error:
        remove(names)
        raise _no_room() from error
    except BaseException:
        remove(names)
        raise


def remove(names: Iterable[str]) -> None:
    """Takes the files away; one that is not there is not missed."""
    for name in names:
        path_of(name).unlink(missing_ok=True)


def require_room() -> None:
    """Raises NoRoom where as many photos lie there as may. Those that come at one moment may go beyond by their own."""
    kept_bytes = Photo.objects.aggregate(sum=Sum("size"))["sum"] or 0
    if kept_bytes >= settings.UPLOADS_MB * 2**20:
        logger.error("the folder of photos is full", extra={"facts": {"bytes": kept_bytes}})
        raise _full()


def left_over(known: set[str]) -> list[str]:
    """Names of files that no photo in `known` has and that are older than a day: a process ended between two steps."""
    old = time.time() - ORPHAN_AFTER_S
    files = settings.UPLOADS.glob("??/*.jpg")
    return sorted(file.name for file in files if file.name not in known and file.stat().st_mtime < old)


def _write(path: Path, content: bytes) -> None:
    """For the application's own eyes: neither group nor others may read."""
    settings.UPLOADS.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)


def _full() -> NoRoom:
    return NoRoom(
        "photos.full",
        "Kho ảnh đã đầy nên chưa nhận thêm ảnh. Nội dung đã nhập vẫn còn; gửi không kèm ảnh.",
        "There is no room for more photos. What was entered is still here; send it without photos.",
    )


def _no_room() -> Busy:
    return Busy(
        "photos.not_stored",
        "Tạm thời không lưu được ảnh. Gửi không kèm ảnh, hoặc thử lại sau.",
        "Photos cannot be stored at the moment. Send without photos, or try again later.",
    )
