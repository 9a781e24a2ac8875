"""Pictures that people send: only pixels survive, and what is no picture is refused by name."""

import ast
import io
import socket
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from geodata import picture_writer, pictures
from geodata.pictures import MOST_BYTES, BadPicture, clean_picture, refuse_by_look
from tests.reports import GPS_MARK, picture, segments, telling_picture

TRACES = (
    GPS_MARK,
    b"MakerOfCamera",
    b"ThumbnailOfTheHouse",
    b"CommentOfTheCamera",
    b"ProfileNamesItsOwner",
    b"xmpmeta",
)
BARE_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC4}  # JFIF, tables, frame: no APP1 (EXIF), APP2 (ICC), COM


def refusal(content: bytes) -> BadPicture:
    with pytest.raises(BadPicture) as caught:
        clean_picture(content)
    return caught.value


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(name, content)
    return packed.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head promises so many pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\x00\x00\x00\x00"
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_position_thumbnail_comment_and_profile_vanish():
    sent = telling_picture()
    assert [trace for trace in TRACES if trace not in sent] == []
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    kept = clean_picture(sent).content
    assert [trace for trace in TRACES if trace in kept] == []
    seen = Image.open(io.BytesIO(kept))
    assert dict(seen.getexif()) == {} and dict(seen.getexif().get_ifd(0x8825)) == {}
    assert set(seen.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert set(segments(kept)) <= BARE_SEGMENTS


@pytest.mark.parametrize(
    ("turned", "size", "red"), [(1, (40, 30), (2, 15)), (3, (40, 30), (37, 15)), (6, (30, 40), (15, 2))]
)
def test_it_stands_upright_as_the_camera_was_held(turned: int, size: tuple[int, int], red: tuple[int, int]):
    kept = clean_picture(telling_picture(turned=turned))
    seen = Image.open(io.BytesIO(kept.content))
    assert (kept.width, kept.height) == seen.size == size
    r, _, b = seen.getpixel(red)
    assert r > 200 > 60 > b


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("PNG", "RGB", {}), ("PNG", "RGBA", {}), ("PNG", "P", {}), ("PNG", "L", {}), ("PNG", "1", {}),
        ("WEBP", "RGB", {"lossless": True}), ("WEBP", "RGBA", {}), ("JPEG", "L", {}), ("JPEG", "CMYK", {}),
        ("JPEG", "RGB", {"progressive": True}),
    ],
)  # fmt: skip
def test_every_common_kind_of_picture_becomes_a_plain_jpeg(kind: str, mode: str, options: dict):
    kept = clean_picture(picture(kind=kind, mode=mode, **options))
    seen = Image.open(io.BytesIO(kept.content))
    assert (seen.format, seen.mode, seen.size) == ("JPEG", "RGB", (40, 30))


def test_texts_of_a_png_vanish():
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "NameOfAPerson")
    sent = picture(kind="PNG", pnginfo=told)
    assert b"NameOfAPerson" in sent and b"NameOfAPerson" not in clean_picture(sent).content


def test_a_large_picture_is_made_smaller():
    kept = clean_picture(picture((4000, 100)))
    assert (kept.width, kept.height) == (picture_writer.LONGEST_SIDE, 75)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("SVG", b"<?xml version='1.0'?><svg/>"),
        ("HTML", b"<!DOCTYPE html><script>1</script>"),
        ("HEIC", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"),
        ("AVIF", b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"),
        ("GIF", b"GIF89a\x01\x00\x01\x00"),
        ("TIFF", b"II*\x00\x08\x00\x00\x00"),
        ("PDF", b"%PDF-1.7"),
        ("ZIP", zipped("a", b"b")),
    ],
)
def test_another_kind_of_file_is_refused_by_its_name(kind: str, content: bytes):
    error = refusal(content)
    assert error.code == "kind"
    assert kind in error.message.vi and kind in error.message.en


def test_what_is_nothing_known_is_refused():
    assert refusal(b"").code == "empty"
    assert refusal(b"just words").code == "kind"
    assert refusal(b"\x00" * 5000).code == "kind"


@pytest.mark.parametrize(
    "content",
    [
        picture() + zipped("evil.html", b"<script>"),
        picture(kind="PNG") + zipped("a.jar", b"x"),
        picture(comment=b"%PDF-1.4 1 0 obj"),
        picture(comment=b"<script>alert(1)</script>"),
    ],
    ids=["jpeg+zip", "png+zip", "jpeg+pdf", "jpeg+html"],
)
def test_a_file_of_two_kinds_is_refused(content: bytes):
    assert refusal(content).code == "double"


def test_what_hangs_behind_a_picture_is_cut_off():
    sent = picture() + b"MovieBehindThePhoto" * 1000
    assert b"MovieBehindThePhoto" not in clean_picture(sent).content


@pytest.mark.parametrize("side", [7072, 30_000, 65_500, 2**31 - 1])
def test_a_bomb_is_refused_before_its_pixels_are_made(side: int):
    assert side * side > picture_writer.MOST_PIXELS
    assert refusal(png_that_claims(side, side)).code in ("pixels", "broken")


def test_the_limit_of_pixels_is_exact():
    at_limit = png_that_claims(picture_writer.MOST_PIXELS // 1000, 1000)
    above = png_that_claims(picture_writer.MOST_PIXELS // 1000 + 1, 1000)
    assert refusal(at_limit).code == "broken"  # taken by its head, though its pixels are not there
    assert refusal(above).code == "pixels"


def test_the_limit_of_bytes_is_exact():
    body = picture()
    refuse_by_look(body + bytes(MOST_BYTES - len(body)))
    with pytest.raises(BadPicture) as caught:
        refuse_by_look(body + bytes(MOST_BYTES - len(body) + 1))
    assert caught.value.code == "bytes"


def test_a_picture_that_is_cut_off_is_refused():
    whole = picture((300, 200), quality=95)
    for length in (4, 20, 100, len(whole) // 2):
        assert refusal(whole[:length]).code == "broken", length


def test_a_writer_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pictures, "SECONDS", 0.001)
    assert refusal(picture()).code == "costly"


def writer_that(does: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path / "writer.py").write_text(f"import os, signal, sys\n{does}\n")
    monkeypatch.setattr(pictures, "_WRITER", path / "writer.py")


@pytest.mark.parametrize(
    "does",
    [
        "1 / 0",
        "sys.exit(2)",
        "sys.stderr.write('no word of ours'); sys.exit(3)",
        "os.kill(os.getpid(), signal.SIGSEGV)",
        "os.kill(os.getpid(), signal.SIGKILL)",
    ],
)
def test_a_writer_that_fails_is_our_fault_and_is_logged(
    does: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    writer_that(does, tmp_path, monkeypatch)
    with pytest.raises(pictures.PicturesFail):
        clean_picture(picture())
    (line,) = caplog.records
    assert line.getMessage() == "the picture process failed"
    assert line.facts["code"] != 0 and ("1 / 0" not in does or "ZeroDivisionError" in line.facts["told"])


def test_a_writer_that_cannot_be_started_is_our_fault_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pictures.sys, "executable", "/nowhere/python")
    with pytest.raises(pictures.PicturesFail):
        clean_picture(picture())


def test_a_picture_that_takes_all_the_time_there_is_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    limits = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))"
    writer_that(f"{limits}\nwhile True: pass", tmp_path, monkeypatch)
    assert refusal(picture()).code == "costly"


def test_the_writer_is_given_no_secret_and_no_folder_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MAP_SECRET_KEY", "KeyOfTheMap")
    writer_that("sys.stdout.write(repr((sorted(os.environ), os.getcwd())))", tmp_path, monkeypatch)
    given, folder = ast.literal_eval(pictures._written_anew(picture()).decode())
    assert [name for name in given if name != "LC_CTYPE"] == [] and folder == "/"


@pytest.mark.skipif(not hasattr(socket, "if_nameindex") or sys.platform != "linux", reason="networks are Linux's")
def test_the_writer_leaves_the_network_where_it_may():
    leave = "from geodata import picture_writer as w; w._leave_the_network()"
    told = "import socket; print(sorted(name for _, name in socket.if_nameindex()))"
    seen = subprocess.run([sys.executable, "-c", f"{leave}; {told}"], capture_output=True, text=True, check=True).stdout
    allowed = subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True, check=False).returncode == 0
    assert not allowed or [name for name in ast.literal_eval(seen) if name != "lo"] == []


def test_the_writer_cannot_take_more_memory_than_it_is_given():
    greedy = "from geodata import picture_writer as w; w._limit_this_process(); bytearray(2 * w.MEMORY_BYTES)"
    done = subprocess.run([sys.executable, "-c", greedy], capture_output=True, check=False)
    assert b"MemoryError" in done.stderr


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=30),
    cut=st.integers(0, 400),
)
def test_damaged_files_give_a_picture_or_a_refusal_and_nothing_else(kind: str, flips: list, cut: int):
    damaged = bytearray(picture((60, 40), kind))
    for place, value in flips:
        damaged[place % len(damaged)] = value
    try:
        written = picture_writer.written_anew(bytes(damaged[: len(damaged) - cut]))
    except picture_writer.Refused:
        return
    assert set(segments(written)) <= BARE_SEGMENTS
