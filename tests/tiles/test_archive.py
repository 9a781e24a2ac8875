"""Archives of tiles: whole, of one state of the data, served by ranges of bytes, and never more than is public."""

import gzip
import http.client
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import mapbox_vector_tile
import pyogrio
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pmtiles.reader import MemorySource, Reader, all_tiles

from layers import registry
from layers.layer import Layer
from layers.models import InspectionSite
from layers.query import FeatureQuery, reading
from layers.registry import all_layers, get
from tests.layers.oracle import expected
from tiles import views
from tiles.archive import making
from tiles.archive.making import NotExported, export
from tiles.mvt import make_tile
from tiles.mvt.many import make_tiles
from tiles.sweep import remove_over
from tiles.tile import Tile
from tiles.versions import generation

ADDRESS = "/data/inspection_sites.pmtiles"


@pytest.fixture(autouse=True)
def archives(world: date, settings, tmp_path: Path) -> Path:  # type: ignore[no-untyped-def]
    """The folder of archives, empty."""
    settings.TILE_ARCHIVES = tmp_path / "archives"
    settings.TILE_CACHE = tmp_path / "tiles"
    return settings.TILE_ARCHIVES


@pytest.fixture
def sites() -> Layer:
    return get("inspection_sites")


@pytest.fixture
def made(sites: Layer) -> bytes:
    """The bytes of an archive of the inspection sites down to zoom 6."""
    return export(sites, 6, tell=str).read_bytes()


@pytest.fixture
def add_site(committed: Callable) -> Callable[[str], None]:
    """Commits another published site in Ha Noi."""

    def add(name: str, **changes: object) -> None:
        site = InspectionSite.objects.filter(publish_state="approved_public")[0]
        site.pk, site.source_id, site.geom = None, f"test {name}", "SRID=4326;POINT(105.85 21.03)"
        site.name = name
        for field, value in changes.items():
            setattr(site, field, value)
        committed(site)

    return add


def _tiles(archive: bytes) -> dict[Tile, bytes]:
    """Every tile that a reader of the format finds, unpacked."""
    return {Tile(*place): gzip.decompress(body) for place, body in all_tiles(MemorySource(archive))}


def _features(body: bytes) -> list[str]:
    held = mapbox_vector_tile.decode(body)
    return sorted(str(sorted(one.items())) for layer in held.values() for one in layer["features"])


def _left(folder: Path) -> list[str]:
    """The files of archives and of unfinished work."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and ".locks" not in path.parts)


@pytest.mark.parametrize("layer", [pytest.param(layer, id=layer.name) for layer in all_layers()])
def test_an_archive_of_any_layer_holds_the_tiles_that_are_served(layer: Layer, client: Client) -> None:
    found = _tiles(export(layer, 3, tell=str).read_bytes())
    for tile in [Tile(0, 0, 0), Tile(1, 1, 0), Tile(2, 3, 1), Tile(2, 0, 0), Tile(3, 6, 3), Tile(3, 6, 2)]:
        served = client.get(f"/tiles/{layer.name}/{tile.z}/{tile.x}/{tile.y}.mvt")
        assert (tile in found) == (served.status_code == 200)
        if tile in found:
            assert _features(found[tile]) == _features(served.content)


def test_an_archive_says_what_it_is(made: bytes, client: Client) -> None:
    reader = Reader(MemorySource(made))
    header, told = reader.header(), reader.metadata()
    described = client.get("/tiles/inspection_sites.json").json()
    assert (header["min_zoom"], header["max_zoom"], header["version"]) == (0, 6, 3)
    assert header["clustered"] and header["tile_type"].name == "MVT" and header["tile_compression"].name == "GZIP"
    assert [header[f"{side}_e7"] / 1e7 for side in ("min_lon", "min_lat", "max_lon", "max_lat")] == described["bounds"]
    assert {name: told[name] for name in ("name", "description", "attribution")}.items() <= described.items()
    assert told["attribution"]
    (layer,) = told["vector_layers"]
    assert layer == {**described["vector_layers"][0], "maxzoom": 6}


def test_a_reader_finds_a_tile_by_its_address(made: bytes, sites: Layer, world: date) -> None:
    with reading(None, "job"):
        body = make_tile(sites, Tile(6, 50, 28), FeatureQuery(day=world))
    assert _features(gzip.decompress(Reader(MemorySource(made)).get(6, 50, 28))) == _features(body)


def test_the_same_data_give_the_same_bytes(made: bytes, sites: Layer) -> None:
    assert export(sites, 6, tell=str).read_bytes() == made


class _Broken(Exception):
    """The run ends here."""


def _breaking_at(zoom: int) -> Callable[..., Iterator]:
    """Makes tiles as ever, and breaks off in the middle of a zoom."""

    def make(layer: Layer, asked: int, day: date) -> Iterator:
        for number, each in enumerate(make_tiles(layer, asked, day)):
            if asked == zoom and number:
                raise _Broken
            yield each

    return make


@pytest.fixture
def broken_off(sites: Layer, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A run that broke off in zoom 5; gives the zooms that are made from now on."""
    monkeypatch.setattr(making, "make_tiles", _breaking_at(5))
    with pytest.raises(_Broken):
        export(sites, 6, tell=str)
    asked: list[int] = []
    monkeypatch.setattr(making, "make_tiles", lambda *args: asked.append(args[1]) or make_tiles(*args))
    return asked


def test_a_run_that_broke_off_leaves_no_archive_and_the_old_one_is_served(
    made: bytes, broken_off: list[int], client: Client, archives: Path
) -> None:
    assert b"".join(client.get(ADDRESS).streaming_content) == made
    assert _left(archives) == ["0", "1", "2", "3", "4", "6.pmtiles"]


def test_the_next_run_goes_on_with_the_pass_that_broke_off(
    broken_off: list[int], sites: Layer, archives: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resumed = export(sites, 6, tell=str).read_bytes()
    assert broken_off == [5, 6] and _left(archives) == ["6.pmtiles"]
    assert export(sites, 6, tell=str).read_bytes() == resumed


def test_after_a_commit_the_next_run_begins_anew(
    broken_off: list[int], sites: Layer, archives: Path, add_site: Callable
) -> None:
    add_site("Chợ mới mở")
    found = _tiles(export(sites, 6, tell=str).read_bytes())
    assert broken_off == list(range(7)) and _left(archives) == ["6.pmtiles"]
    held = [sum(one["properties"].get("count", 1) for one in _decoded(found, zoom)) for zoom in range(7)]
    assert len(set(held)) == 1


def test_all_zooms_are_of_one_moment_also_while_others_commit(
    sites: Layer, add_site: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(layer: Layer, zoom: int, day: date) -> Iterator:
        add_site(f"Chợ {zoom}")
        return make_tiles(layer, zoom, day)

    monkeypatch.setattr(making, "make_tiles", make)
    found = _tiles(export(sites, 4, tell=str).read_bytes())
    held = {sum(one["properties"].get("count", 1) for one in _decoded(found, zoom)) for zoom in range(5)}
    assert len(held) == 1


def _decoded(tiles: dict[Tile, bytes], zoom: int) -> list[dict]:
    found = [mapbox_vector_tile.decode(body) for tile, body in tiles.items() if tile.z == zoom]
    return [one for tile in found for one in tile["inspection_sites"]["features"]]


def test_what_is_not_public_is_in_no_archive(sites: Layer, add_site: Callable) -> None:
    add_site("Chợ công khai")
    add_site("Chợ nội bộ", publish_state="draft")
    everything = b"".join(_tiles(export(sites, 12, tell=str).read_bytes()).values()).decode(errors="replace")
    assert "Chợ công khai" in everything and "Chợ nội bộ" not in everything


def test_a_second_run_beside_one_is_refused(sites: Layer) -> None:
    with making._alone(sites), pytest.raises(NotExported, match="running"):
        export(sites, 2, tell=str)
    assert export(sites, 2, tell=str).exists()


@pytest.mark.parametrize("asked", [["nothing"], ["provinces", "--maxzoom", "13"], ["provinces", "--maxzoom", "-1"]])
def test_the_command_refuses_what_there_is_not(asked: list[str], archives: Path) -> None:
    with pytest.raises(CommandError, match=r"(?s)(lớp|Lớp).*layer"):
        call_command("export_tiles", *asked)
    assert not archives.exists()


def test_a_layer_of_which_nothing_is_public_has_no_archive(
    sites: Layer, archives: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "make_tiles", lambda *asked: iter(()))
    with pytest.raises(NotExported, match="public"):
        export(sites, 2, tell=str)
    assert not list(archives.rglob("*.pmtiles*"))


def test_passes_are_kept_where_putting_them_together_fails(
    sites: Layer, archives: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full_disk, pytest.raises(OSError, match="full"):
        full_disk.setattr(making, "write_archive", _full)
        export(sites, 3, tell=str)
    told: list[str] = []
    export(sites, 3, tell=told.append)
    assert [line for line in told if "earlier" in line] == [f"zoom {zoom}: made by an earlier run" for zoom in range(4)]


def _full(*asked: object) -> int:
    raise OSError("the disk is full")


def test_what_a_killed_run_left_goes_with_the_next(sites: Layer, archives: Path) -> None:
    older = archives / sites.name / "of-another-version"
    older.mkdir(parents=True)
    for name in ("6.pmtiles.part", "5.pmtiles"):
        (older / name).write_bytes(b"half")
    export(sites, 2, tell=str)
    assert _left(archives) == ["2.pmtiles"]


def test_the_command_tells_each_pass(archives: Path, capsys: pytest.CaptureFixture) -> None:
    call_command("export_tiles", "provinces", "--maxzoom", "1")
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in told[:2]] == ["zoom 0", "zoom 1"] and "1.pmtiles" in told[2]


def test_the_whole_file_is_served_with_its_length(made: bytes, client: Client) -> None:
    answer = client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, made)
    assert answer["Content-Length"] == str(len(made)) and "Content-Encoding" not in answer
    assert (answer["Accept-Ranges"], answer["Access-Control-Allow-Origin"]) == ("bytes", "*")
    assert answer["ETag"] and answer["Last-Modified"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-126", 0, 126), ("100-", 100, None), ("-50", -50, None), ("7-7", 7, 7), ("10-99999999999", 10, None)],
)
def test_a_range_is_served_as_it_stands_in_the_file(
    asked: str, first: int, last: int | None, made: bytes, client: Client
) -> None:
    answer = client.get(ADDRESS, headers={"Range": f"bytes={asked}", "Accept-Encoding": "gzip"})
    wanted = made[first : last + 1 if last is not None else None]
    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, wanted)
    begin = made.index(wanted)
    assert answer["Content-Range"] == f"bytes {begin}-{begin + len(wanted) - 1}/{len(made)}"
    assert answer["Content-Length"] == str(len(wanted)) and "Content-Encoding" not in answer


@pytest.mark.parametrize("asked", ["{size}-", "{size}-{size}", "-0"])
def test_a_range_beyond_the_end_is_416_with_the_size(asked: str, made: bytes, client: Client) -> None:
    answer = client.get(ADDRESS, headers={"Range": "bytes=" + asked.format(size=len(made))})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(made)}")


@pytest.mark.parametrize("asked", ["bytes=9-3", "bytes=-", "bytes=0-1,5-6", "pages=1-2", "bytes=a-b"])
def test_what_is_no_single_range_is_answered_with_the_whole(asked: str, made: bytes, client: Client) -> None:
    answer = client.get(ADDRESS, headers={"Range": asked})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, made)


def test_head_says_the_same_without_the_bytes(made: bytes, client: Client) -> None:
    whole, part = client.head(ADDRESS), client.head(ADDRESS, headers={"Range": "bytes=0-9"})
    assert (whole.status_code, whole["Content-Length"], whole.content) == (200, str(len(made)), b"")
    assert (part.status_code, part["Content-Length"]) == (206, "10")


def test_who_has_the_file_is_told_so_and_never_gets_parts_of_two(
    made: bytes, client: Client, sites: Layer, add_site: Callable
) -> None:
    before = client.head(ADDRESS)
    assert client.get(ADDRESS, headers={"If-None-Match": before["ETag"]}).status_code == 304
    assert client.get(ADDRESS, headers={"If-Modified-Since": before["Last-Modified"]}).status_code == 304
    add_site("Chợ mới mở")
    export(sites, 6, tell=str)
    assert client.get(ADDRESS, headers={"If-None-Match": before["ETag"]}).status_code == 200
    assert client.get(ADDRESS, headers={"If-Match": before["ETag"], "Range": "bytes=0-9"}).status_code == 412
    ranged = {"Range": "bytes=0-9", "If-Range": before["ETag"]}
    assert client.get(ADDRESS, headers=ranged).status_code == 200
    assert client.get(ADDRESS, headers={**ranged, "If-Range": client.head(ADDRESS)["ETag"]}).status_code == 206


def test_a_layer_without_an_archive_is_refused_in_both_languages(client: Client) -> None:
    answer = client.get(ADDRESS)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (404, "archive.none")
    assert "inspection_sites" in told["detail_vi"] and "inspection_sites" in told["detail_en"]


@pytest.mark.parametrize("asked", ["status=active", "province=01", "scope=staff", "bbox=105,20,106,21"])
def test_a_filter_on_an_archive_is_refused_by_name(asked: str, made: bytes, client: Client) -> None:
    answer = client.get(f"{ADDRESS}?{asked}")
    assert (answer.status_code, answer.json()["parameter"]) == (400, asked.partition("=")[0])


def test_an_archive_that_is_replaced_at_this_moment_is_there_in_a_few_seconds(
    made: bytes, client: Client, monkeypatch: pytest.MonkeyPatch, archives: Path
) -> None:
    monkeypatch.setattr(views, "archive_of", lambda layer: archives / layer.name / "gone" / "6.pmtiles")
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "archive.replaced", "5")


def test_a_run_under_other_settings_says_which(made: bytes, sites: Layer, archives: Path) -> None:
    told: list[str] = []
    export(sites, 6, tell=told.append)
    assert not any("MAP_DUE_SOON_DAYS" in line for line in told)
    (folder,) = (archives / sites.name).iterdir()
    folder.rename(folder.with_name(folder.name.replace(generation(sites), "0123456789")))
    export(sites, 6, tell=told.append)
    assert sum("MAP_DUE_SOON_DAYS=30" in line for line in told) == 1


def test_an_archive_can_only_be_read(made: bytes, client: Client) -> None:
    assert client.post(ADDRESS).status_code == 405


def test_the_archive_of_a_closed_layer_is_not_served_and_swept(
    made: bytes, sites: Layer, client: Client, archives: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_over()
    assert _left(archives) == ["6.pmtiles"]
    monkeypatch.setattr(registry, "_LAYERS", {layer.name: layer for layer in all_layers() if layer is not sites})
    assert client.get(ADDRESS).status_code == 404
    remove_over()
    assert _left(archives) == []


def test_an_archive_of_an_earlier_day_is_served_until_there_is_another(
    made: bytes, sites: Layer, client: Client, archives: Path
) -> None:
    (folder,) = (archives / sites.name).iterdir()
    begun, _, rest = folder.name.split("-", 2)
    folder.rename(folder.with_name(f"{begun}-20200101-{rest}"))
    remove_over()
    assert b"".join(client.get(ADDRESS).streaming_content) == made


def test_the_archive_of_another_declaration_is_not_served_and_swept(
    made: bytes, sites: Layer, client: Client, archives: Path
) -> None:
    (folder,) = (archives / sites.name).iterdir()
    folder.rename(folder.with_name(folder.name.replace(generation(sites), "0123456789")))
    assert client.get(ADDRESS).status_code == 404
    remove_over()
    assert _left(archives) == []


def test_a_real_server_sends_ranges_and_heads_as_they_are(server: str, sites: Layer, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TILE_ARCHIVES = Path(os.environ["MAP_TILE_ARCHIVES"])  # the folder that the server has
    made = export(sites, 4, tell=str).read_bytes()
    for method, header, status, body, length in [
        ("GET", "bytes=0-126", 206, made[:127], 127),
        ("GET", "bytes=-1000", 206, made[-1000:], 1000),
        ("GET", "", 200, made, len(made)),
        ("HEAD", "bytes=0-126", 206, b"", 127),
        ("HEAD", "", 200, b"", len(made)),
        ("GET", f"bytes={len(made)}-", 416, b"", 0),
    ]:
        asked = {"Accept-Encoding": "gzip, br", **({"Range": header} if header else {})}
        assert _raw(server, method, asked) == (status, body, str(length), None), (method, header)


def test_another_program_reads_it_by_ranges(server: str, sites: Layer, settings, world: date) -> None:  # type: ignore[no-untyped-def]
    """GDAL, which knows the format by itself."""
    settings.TILE_ARCHIVES = Path(os.environ["MAP_TILE_ARCHIVES"])
    export(sites, 5, tell=str)
    for zoom in (2, 5):
        read = pyogrio.read_dataframe(f"/vsicurl/{server}{ADDRESS}", ZOOM_LEVEL=str(zoom))
        assert int(read["count"].fillna(1).sum()) == expected(sites.name, {}, world)
        west, south, east, north = read.to_crs(4326).total_bounds
        assert 102 <= west < east <= 118 and 4.5 <= south < north <= 23.5


def _raw(server: str, method: str, headers: dict[str, str]) -> tuple[int, bytes, str | None, str | None]:
    """Status, body, length and coding of the answer as they come."""
    connection = http.client.HTTPConnection(server.removeprefix("http://"), timeout=20)
    with closing(connection):
        connection.request(method, ADDRESS, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers["Content-Length"], answer.headers["Content-Encoding"]
