"""Reports and pictures that tests send, made from nothing."""

import secrets
from io import BytesIO

from PIL import Image

from geodata.models import AdministrativeUnit
from geodata.pictures import Picture
from layers.models import Ticket
from layers.registers.handling import handle
from layers.registers.telling import Report, tell

SECRET_WORDS = "Cân ở quầy cá thiếu 100 g"
CONTACT = "0900 000 000"
GPS_MARK = b"GPSAreaInformationOfAHome"


def province(code: str = "01") -> AdministrativeUnit:
    return AdministrativeUnit.objects.in_force().provinces().get(code=code)


def a_report(**changes: object) -> Report:
    """A report that may be sent; each has a form of its own."""
    given = {
        "key": secrets.token_hex(8),
        "digest": "d",
        "kind": "suspicious_device",
        "topic": "scales",
        "text": SECRET_WORDS,
        "province": province(),
        "contact": CONTACT,
    }
    return Report(**{**given, **changes})


def handled(**changes: object) -> Ticket:
    """A report that was told and handled."""
    ticket = tell(a_report(**changes))
    handle(ticket, "handled", "Đã xem lại, cân đạt yêu cầu.")
    ticket.refresh_from_db()
    return ticket


def picture(size: tuple[int, int] = (40, 30), kind: str = "JPEG", *, mode: str = "RGB", **options: object) -> bytes:
    """The bytes of a small picture: its left half red, its right half blue."""
    image = Image.new(mode, size, "red" if mode == "RGB" else 1)
    if mode == "RGB":
        image.paste("blue", (size[0] // 2, 0, *size))
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def telling_picture(*, turned: int = 1) -> bytes:
    """A JPEG that tells where and when it was taken, by whom, with a thumbnail, a comment and a profile's text."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9C9B] = turned, "MakerOfCamera", "title".encode("utf-16-le")
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4], place[28] = "N", (21.0, 1.0, 42.0), "E", (105.0, 51.0, 0.0), GPS_MARK
    small = picture((16, 12), comment=b"ThumbnailOfTheHouse")
    bare = picture((40, 30), exif=exif, comment=b"CommentOfTheCamera", icc_profile=b"ProfileNamesItsOwner" * 4)
    # A thumbnail as cameras write it, and a packet of XMP, as segments behind the first ones.
    thumbnail = b"JFXX\x00\x10" + small
    packet = b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta><exif:GPSLatitude>21,1.7N</exif:GPSLatitude></x:xmpmeta>"
    return bare[:2] + _segment(0xE0, thumbnail) + _segment(0xE1, packet) + bare[2:]


def segments(jpeg: bytes) -> list[int]:
    """The markers of a JPEG's segments before its pixels, in order."""
    found, at = [], 2
    while jpeg[at] == 0xFF and jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def kept_picture(content: bytes = b"jpeg") -> Picture:
    return Picture(content, 4, 3)


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content
