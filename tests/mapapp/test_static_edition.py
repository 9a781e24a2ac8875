"""Our own files have addresses that name their content, come compressed, and are kept for ever."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.templatetags.static import static
from django.test import Client

from mapapp import static_edition
from mapapp.modules import needed_by
from mapapp.static_edition import StaticFilesMiddleware, edition, own_files

SCRIPT = Path(settings.BASE_DIR) / "static/js/main.js"
UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.fixture
def forgotten(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Front-end files and editions of this test alone."""
    sources = tmp_path / "static"
    sources.mkdir()
    monkeypatch.setattr(static_edition, "SOURCES", sources)
    settings.STATIC_EDITIONS = tmp_path / "editions"
    _forget()
    yield sources
    _forget()


def _forget() -> None:
    edition.cache_clear()
    own_files.cache_clear()


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_a_file_of_the_edition_comes_compressed_and_for_ever(client: Client, coding: str) -> None:
    answer = client.get(static("js/main.js"), headers={"accept-encoding": coding})
    body = b"".join(answer.streaming_content)
    assert answer["Content-Encoding"] == coding and UNPACKED[coding](body) == SCRIPT.read_bytes()
    assert "immutable" in answer["Cache-Control"]


def test_the_name_without_an_edition_is_asked_for_again_each_time(client: Client) -> None:
    answer = client.get("/static/js/main.js")
    assert answer.status_code == 200 and "immutable" not in answer["Cache-Control"] and "ETag" in answer


def test_what_a_file_names_beside_it_lies_in_the_same_edition(client: Client) -> None:
    for name, path in own_files().items():
        if name.endswith((".js", ".css")):
            for beside in re.findall(r'(?:from |import |url\()"(\.[^"]+)"', path.read_text()):
                address = Path(static(name)).parent / beside
                assert client.get(str(address.resolve())).status_code == 200, (name, beside)


def test_files_of_others_keep_their_addresses() -> None:
    assert static("admin/css/base.css") == "/static/admin/css/base.css"
    assert static("vendor/maplibre-gl/6.17.0/maplibre-gl.mjs").startswith("/static/vendor/")


def test_changed_files_are_another_edition_and_the_one_before_is_still_served(forgotten: Path, client: Client) -> None:
    (forgotten / "a.js").write_text("let a = 1;")
    before = static("a.js")
    (forgotten / "a.js").write_text("let a = 2;")
    _forget()
    after = static("a.js")
    served = StaticFilesMiddleware(lambda request: None).files
    assert before != after and {before, after} <= served.keys()
    assert Path(served[before].alternatives[-1][1]).read_text() == "let a = 1;"


def test_only_the_newest_editions_stay(forgotten: Path) -> None:
    for number in range(12):
        (forgotten / "a.js").write_text(f"let a = {number};")
        _forget()
        edition()
    assert len(list(settings.STATIC_EDITIONS.iterdir())) == 8


def test_an_edition_that_cannot_be_made_is_said_and_leaves_nothing(forgotten: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (forgotten / "a.js").write_text("let a = 1;")
    monkeypatch.setattr(static_edition.shutil, "copyfile", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        edition()
    assert list(settings.STATIC_EDITIONS.iterdir()) == []


def test_a_page_names_every_module_that_its_script_imports() -> None:
    needed = needed_by("js/main.js")
    assert needed[0] == "js/main.js" and {"js/store.js", "js/dom.js", "js/mvt.js"} <= set(needed)
    assert "js/share.js" not in needed, "loaded only when it is asked for"
    assert len(needed) == len(set(needed))


def test_the_list_of_modules_is_the_one_that_the_imports_give() -> None:
    folder = SCRIPT.parent
    for name in needed_by("js/main.js"):
        text = (folder.parent / name).read_text()
        for imported in re.findall(r'^(?:import|export|\}).*?"(\./.+?)";$', text, re.M):
            assert f"js/{imported[2:]}" in needed_by("js/main.js"), (name, imported)
