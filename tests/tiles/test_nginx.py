"""The shipped nginx configuration in front of the application. Skipped only where there is no nginx."""

import gzip
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from http.client import HTTPMessage

import pytest
from django.templatetags.static import static
from django.urls import reverse

from layers.registry import all_layers, get
from services.downloads.forms import FORMS
from services.downloads.full.making import export as export_data
from tests.conftest import ROOT
from tests.nginx import NGINX, in_front_of
from tiles.archive.making import export

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

BLOCK = "12/3252/1803"
FRESH = f"/tiles/inspection_sites/{BLOCK}.mvt"
Answer = tuple[int, HTTPMessage, bytes]


@pytest.fixture(scope="module")
def front(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of nginx before the server."""
    with in_front_of(server, tmp_path_factory.mktemp("nginx")) as address:
        yield address


def _get(address: str, **headers: str) -> Answer:
    asked = urllib.request.Request(address, headers={name.replace("_", "-"): value for name, value in headers.items()})  # noqa: S310
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(asked, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _version(front: str, block: str) -> str:
    return str(json.loads(_get(f"{front}/tiles/inspection_sites/versions?blocks={block}")[2])["blocks"][block])


def _served_by_nginx(headers: HTTPMessage) -> bool:
    """Each answer of the application has an id; nginx gives none."""
    return "X-Request-ID" not in headers


def test_a_tile_of_a_version_comes_from_the_disk_once_it_is_stored(front: str, rename: Callable) -> None:
    rename("Từ đĩa")
    address = f"{front}/tiles/inspection_sites/{_version(front, BLOCK)}/{BLOCK}.mvt"
    first, second = (_get(address, Accept_Encoding="gzip") for _ in range(2))
    assert [_served_by_nginx(headers) for _, headers, _ in (first, second)] == [False, True]
    assert first[2] == second[2] and "Từ đĩa".encode() in gzip.decompress(second[2])
    for name in ("Content-Type", "Content-Encoding", "Cache-Control", "Vary", "Access-Control-Allow-Origin"):
        assert first[1][name] == second[1][name], name


def test_who_takes_no_gzip_gets_the_plain_tile(front: str, rename: Callable) -> None:
    rename("Không nén")
    address = f"{front}/tiles/inspection_sites/{_version(front, BLOCK)}/{BLOCK}.mvt"
    compressed, plain = _get(address, Accept_Encoding="gzip"), _get(address, Accept_Encoding="identity")
    assert plain[0] == 200 and plain[1]["Content-Encoding"] is None
    assert gzip.decompress(compressed[2]) == plain[2]


def test_filters_of_a_version_are_not_lost(front: str) -> None:
    version = _version(front, "5/25/14")
    address = f"{front}/tiles/inspection_sites/{version}/5/25/14.mvt"
    _get(address, Accept_Encoding="gzip")
    narrowed = _get(f"{address}?site_kind=market", Accept_Encoding="gzip")
    assert narrowed[0] == 200 and not _served_by_nginx(narrowed[1])
    assert narrowed[2] != _get(address, Accept_Encoding="gzip")[2]
    assert _get(f"{address}?scope=staff")[0] == 400


def test_an_empty_tile_comes_from_the_disk_too(front: str) -> None:
    address = f"{front}/tiles/inspection_sites/{_version(front, '12/0/0')}/12/0/0.mvt"
    answers = [_get(address) for _ in range(2)]
    assert [(status, body) for status, _, body in answers] == [(204, b"")] * 2
    assert _served_by_nginx(answers[1][1]) and "immutable" in answers[1][1]["Cache-Control"]


def test_a_version_that_is_over_leads_to_the_fresh_tile(front: str, rename: Callable) -> None:
    version = _version(front, BLOCK)
    rename("Mới hơn")
    status, headers, _ = _get(f"{front}/tiles/inspection_sites/{version}/{BLOCK}.mvt")
    assert (status, headers["Location"], headers["Cache-Control"]) == (307, FRESH, "no-store")


def test_100_of_100_commits_are_seen_through_nginx_and_a_warm_cache(front: str, rename: Callable) -> None:
    """As the page does: the versions first, then the tile of that version; and as others do, with the tag they have."""
    tag = ""
    for number in range(100):
        name = f"Lần {number} của 100"
        rename(name)
        by_version = _get(f"{front}/tiles/inspection_sites/{_version(front, BLOCK)}/{BLOCK}.mvt")
        fresh = _get(front + FRESH, If_None_Match=tag)
        assert name.encode() in by_version[2] and fresh[0] == 200 and name.encode() in fresh[2], number
        tag = fresh[1]["ETag"]
        assert _get(front + FRESH, If_None_Match=tag)[0] == 304


def test_an_archive_is_sent_by_nginx_as_the_application_would(front: str, server: str, world: date) -> None:
    whole, path = export(get("inspection_sites"), 3, tell=str).read_bytes(), "/data/inspection_sites.pmtiles"
    ours, theirs = (_get(place + path, Range="bytes=5-131") for place in (server, front))
    assert _served_by_nginx(theirs[1]) and ours[0] == theirs[0] == 206 and ours[2] == theirs[2] == whole[5:132]
    for name in ("Content-Type", "Content-Range", "Cache-Control", "Access-Control-Allow-Origin"):
        assert ours[1][name] == theirs[1][name], name
    assert "X-Accel-Redirect" not in theirs[1]
    at_once = _get(front + path, Accept_Encoding="gzip")
    assert at_once[2] == whole and at_once[1]["Accept-Ranges"] == "bytes"
    assert _get(front + path, If_None_Match=theirs[1]["ETag"])[0] == 304
    assert _get(front + path, Range="bytes=0-1", If_Range='"another"')[0] == 200
    assert _get(f"{front}/archives/inspection_sites/")[0] == 404
    assert _get(f"{front}/data/provinces.pmtiles")[0] == 404 and _get(f"{front}{path}?bbox=1,2,3,4")[0] == 400


def test_a_whole_file_is_sent_by_nginx_as_the_application_would(front: str, server: str, world: date) -> None:
    layer, path = get("inspection_sites"), "/data/full/inspection_sites.shp.zip"
    whole = export_data(layer, lambda line: None).path(layer, "shp.zip").read_bytes()
    ours, theirs = (_get(place + path, Range="bytes=5-131") for place in (server, front))
    assert _served_by_nginx(theirs[1]) and ours[0] == theirs[0] == 206 and ours[2] == theirs[2] == whole[5:132]
    same = ("Content-Type", "Content-Range", "Content-Disposition", "Cache-Control", "Repr-Digest", "X-Robots-Tag")
    for name in (*same, "Access-Control-Allow-Origin"):
        assert ours[1][name] == theirs[1][name], name
    assert _get(front + path)[2] == whole and _get(f"{front}/full/inspection_sites/")[0] == 404


def test_every_form_of_download_is_gathered_by_nginx() -> None:
    (gathered,) = re.findall(r'location ~ "(\^/data/.*)" {', (ROOT / "deploy" / "nginx.conf").read_text())
    for form in FORMS:
        assert re.match(gathered, f"/data/measuring_devices.{form}"), form
    for other in ("/data/measuring_devices.pmtiles", "/data/", "/data/full/measuring_devices.csv"):
        assert not re.match(gathered, other), other


def test_pages_of_programs_are_gathered_by_nginx() -> None:
    (gathered,) = re.findall(r'location ~ "(\^/\(wfs.*)" {', (ROOT / "deploy" / "nginx.conf").read_text())
    for address in (reverse("wfs"), *(reverse("ogc_items", args=[layer.name]) for layer in all_layers())):
        assert re.match(gathered, address), address
    assert not re.match(gathered, reverse("ogc_item", args=["provinces", "1"]))


def test_everything_else_is_the_applications(front: str) -> None:
    for path, status in (("/live", 200), ("/", 200), ("/static/nothing.js", 404), ("/tiles/nothing/0/0/0.mvt", 404)):
        assert _get(front + path)[0] == status, path
    module = _get(f"{front}/static/js/main.js")
    assert module[0] == 200 and "javascript" in module[1]["Content-Type"] and _served_by_nginx(module[1])
    assert _get(f"{front}/static/admin/css/base.css")[0] == 200


def test_files_of_an_edition_and_of_vendors_come_compressed_from_the_disk_for_ever(front: str, server: str) -> None:
    library = re.search(r"/static/vendor/\S+\.mjs", _get(f"{front}/")[2].decode())
    assert library
    for path in (static("js/main.js"), library[0]):
        ours, theirs = (_get(place + path, Accept_Encoding="gzip") for place in (server, front))
        assert _served_by_nginx(theirs[1]) and ours[2] == theirs[2], path
        for headers in (ours[1], theirs[1]):
            assert "javascript" in headers["Content-Type"] and headers["Content-Encoding"] == "gzip", path
            assert "max-age=315360000" in headers["Cache-Control"] and "immutable" in headers["Cache-Control"], path
    assert _get(f"{front}/static/000000000000/js/main.js")[0] == 404
