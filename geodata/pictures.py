"""Pictures that people send: what is one is told from its bytes, never from its name, and only its pixels are kept."""

import logging
import re
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from geodata.language import Both, both

logger = logging.getLogger("map.requests")
MOST_BYTES = 10 * 2**20
SECONDS = 20
REFUSED = 3  # as `picture_writer` ends where the picture is to blame
_WRITER = Path(__file__).with_name("picture_writer.py")
# One at a time in each process: the memory that pictures may take stays that of one picture. Others wait no longer than
# this, so that pictures which take long never hold all that a server answers with.
_ONE_AT_A_TIME = threading.Lock()
WAIT_S = 5.0
_HEAD = 1024

TAKEN = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WebP": re.compile(rb"RIFF.{4}WEBP", re.S),
}
OTHER_KINDS = {
    "SVG": re.compile(rb"\s*(<\?xml|<svg|<!--)", re.I),
    "HTML": re.compile(rb"\s*<(!doctype|html|head|body|script)", re.I),
    "HEIC": re.compile(rb".{4}ftyp(heic|heix|hevc|heim|heis|mif1|msf1)", re.S),
    "AVIF": re.compile(rb".{4}ftypavi[fs]", re.S),
    "MP4": re.compile(rb".{4}ftyp", re.S),
    "GIF": re.compile(rb"GIF8"),
    "TIFF": re.compile(rb"II\*\x00|MM\x00\*"),
    "BMP": re.compile(rb"BM"),
    "PDF": re.compile(rb".{0,1019}%PDF-", re.S),
    "ZIP": re.compile(rb"PK\x03\x04|PK\x05\x06"),
}
# Behind the head of a picture: what another program would read the same file as.
_DOCUMENT = re.compile(rb"%PDF-|<script|<svg|<html|<!doctype|<\?php", re.I)
_ZIP_END, _ZIP_END_LENGTH, _LONGEST_ZIP_COMMENT = b"PK\x05\x06", 22, 65535

REASONS = {
    "empty": both("Tệp rỗng.", "The file is empty."),
    "bytes": both("Ảnh lớn hơn 10 MB.", "The photo is larger than 10 MB."),
    "pixels": both(
        "Ảnh có quá nhiều điểm ảnh (hơn 50 triệu).", "The photo has too many pixels (more than 50 million)."
    ),
    "broken": both("Ảnh hỏng hoặc bị cắt, không đọc được.", "The photo is damaged or cut off and cannot be read."),
    "costly": both("Ảnh cần quá nhiều thời gian để đọc.", "The photo takes too long to read."),
    "double": both(
        "Tệp vừa là ảnh vừa là loại tệp khác. Chụp màn hình ảnh rồi gửi ảnh chụp.",
        "The file is a photo and another kind of file at once. Send a screenshot of it.",
    ),
}


class BadPicture(ValueError):
    """A file that is not taken as a picture: a stable code, and the reason in both languages."""

    def __init__(self, code: str, message: Both) -> None:
        super().__init__(code)
        self.code, self.message = code, message


class PicturesWait(Exception):
    """Another picture is being read, and has been for long."""


class PicturesFail(Exception):
    """The process that reads pictures failed in a way that is no picture's fault; the log says how."""


@dataclass(frozen=True)
class Picture:
    """A JPEG that holds its pixels and nothing else."""

    content: bytes
    width: int
    height: int


def clean_picture(content: bytes) -> Picture:
    """The picture in `content` (JPEG, PNG or WebP of at most MOST_BYTES), written anew in a process of its own.

    EXIF with positions, thumbnails, comments, profiles and whatever hangs behind the picture are gone.
    Raises BadPicture: `empty`, `bytes`, `kind`, `double` (also another kind of file), `pixels`, `broken`, `costly`;
    PicturesWait where others have to be read first; PicturesFail where it is our fault.
    """
    refuse_by_look(content)
    if not _ONE_AT_A_TIME.acquire(timeout=WAIT_S):
        raise PicturesWait
    try:
        written = _written_anew(content)
    finally:
        _ONE_AT_A_TIME.release()
    width, height = jpeg_size(written)
    return Picture(written, width, height)


def refuse_by_look(content: bytes) -> None:
    """Raises BadPicture for what can be told without decoding: size, kind, a second kind of file in the same bytes."""
    if not content:
        raise _bad("empty")
    if len(content) > MOST_BYTES:
        raise _bad("bytes")
    if not any(kind.match(content) for kind in TAKEN.values()):
        raise _other_kind(content)
    if _DOCUMENT.search(content[:_HEAD]) or _is_zip(content):
        raise _bad("double")


def jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height of a JPEG, read from its frame header. Raises BadPicture (`broken`) where there is none."""
    frame = re.search(rb"\xff[\xc0-\xc2]..\x08(..)(..)", content, re.S)
    if frame is None:
        raise _bad("broken")
    height, width = (int.from_bytes(part, "big") for part in frame.groups())
    return width, height


def _written_anew(content: bytes) -> bytes:
    """What the writer made of it. It is given neither our environment, with its secrets, nor a folder of ours."""
    command = [sys.executable, "-I", str(_WRITER)]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=SECONDS, check=False, env={}, cwd="/"
        )
    except subprocess.TimeoutExpired as error:
        raise _bad("costly") from error
    except OSError as error:
        raise _failed(None, str(error)) from error
    if done.returncode == 0:
        return done.stdout
    told = done.stderr.decode(errors="replace")
    if done.returncode == REFUSED and told in REASONS:
        raise _bad(told)
    if done.returncode == -signal.SIGXCPU:  # Its limit of time ended it: it could not say so.
        raise _bad("costly")
    raise _failed(done.returncode, told)


def _failed(code: int | None, told: str) -> PicturesFail:
    """The end of what it said is where Python names the error."""
    logger.error("the picture process failed", extra={"facts": {"code": code, "told": told[-1000:]}})
    return PicturesFail()


def _is_zip(content: bytes) -> bool:
    """Whether a reader of ZIP files, who looks from the end, would find one: its end record reaches the file's end."""
    tail = content[-(_ZIP_END_LENGTH + _LONGEST_ZIP_COMMENT) :]
    found = tail.rfind(_ZIP_END)
    if found < 0 or len(tail) < found + _ZIP_END_LENGTH:
        return False
    comment = int.from_bytes(tail[found + 20 : found + 22], "little")
    return found + _ZIP_END_LENGTH + comment <= len(tail)


def _other_kind(content: bytes) -> BadPicture:
    kind = next((name for name, look in OTHER_KINDS.items() if look.match(content)), "")
    vi, en = (
        (f"Đây là tệp {kind}.", f"This is a {kind} file.") if kind else ("Đây không phải là ảnh.", "This is no photo.")
    )
    return BadPicture("kind", both(f"{vi} Chỉ nhận ảnh JPEG, PNG, WebP.", f"{en} JPEG, PNG and WebP photos are taken."))


def _bad(code: str) -> BadPicture:
    return BadPicture(code, REASONS[code])
