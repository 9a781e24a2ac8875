"""Streets: what is served of a file holds what is wanted of it and nothing else, whatever the file holds."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import mapbox_vector_tile
import pytest
from django.http import HttpResponse
from django.test import Client
from mapbox_vector_tile.Mapbox.vector_tile_pb2 import tile as Message

from geodata.forbidden_names import find_forbidden_in
from geodata.streets_in_use import streets
from tests.mapapp.pages import page
from tests.tiles.street_files import (
    EDGE,
    HA_NOI,
    HOANG_SA,
    OPEN_SEA,
    PHNOM_PENH,
    SCHEMAS,
    encoded,
    line,
    tile_of,
    write,
    written,
)
from tiles.streets.filtering import filtered
from tiles.streets.schemas import RULES
from tiles.tile import Tile

Ask = Callable[..., HttpResponse]
Decoded = dict[str, dict]
ONE_LINE = (9, 4000, 4000, 18, 40, 0, 0, 40)
CREDIT = "© Maker © OpenStreetMap contributors"


@pytest.fixture(params=SCHEMAS)
def schema(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def file(schema: str, tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    """A file of the schema, in use."""
    settings.STREETS = written(tmp_path / "streets.pmtiles", schema)
    return settings.STREETS


@pytest.fixture
def ask(file: Path, client: Client) -> Ask:
    """Asks for a tile at the address that the style gives."""

    def asked(tile: Tile, **headers: str) -> HttpResponse:
        return client.get(address_of(client, tile), headers=headers)

    return asked


def address_of(client: Client, tile: Tile) -> str:
    (address,) = client.get("/style.json").json()["sources"]["streets"]["tiles"]
    path = address.removeprefix("http://127.0.0.1")
    return path.format(z=tile.z, x=tile.x, y=tile.y)


def decoded(answer: HttpResponse) -> Decoded:
    assert answer.status_code == 200
    return mapbox_vector_tile.decode(answer.content)


def held(found: Decoded, layer: str) -> list[tuple[str, dict]]:
    """Type of geometry and properties of each feature of a layer, sorted."""
    features = found[layer]["features"] if layer in found else []
    return sorted(((one["geometry"]["type"], one["properties"]) for one in features), key=repr)


def test_of_a_city_roads_waters_buildings_and_vietnamese_names_are_served_and_nothing_else(ask: Ask) -> None:
    found = decoded(ask(tile_of(HA_NOI, 14)))
    assert set(found) == {"water", "waterways", "buildings", "roads", "railways", "street_names", "places"}
    assert held(found, "water") == [("Polygon", {"kind": "water"})]
    assert held(found, "waterways") == [("LineString", {"kind": "river"})]
    assert held(found, "buildings") == [("Polygon", {"kind": "building"})]
    assert held(found, "railways") == [("LineString", {"kind": "rail"})]
    assert {properties["kind"] for _, properties in held(found, "roads")} == {"highway", "major", "minor"}
    assert [properties for _, properties in held(found, "street_names")] == [
        {"kind": "major", "name": "Phố Hàng Bài"},
        {"kind": "minor", "name": "Đường Kim Long"},
    ]
    assert held(found, "places") == [
        ("Point", {"kind": "quarter", "name": "Khu Mới"}),
        ("Point", {"kind": "town", "name": "Thị trấn Thử"}),
    ]


def test_no_attribute_but_kind_and_name_leaves_the_server(ask: Ask) -> None:
    for zoom in (10, 12, 14):
        for layer in decoded(ask(tile_of(HA_NOI, zoom))).values():
            for feature in layer["features"]:
                assert set(feature["properties"]) <= {"kind", "name"}


def test_the_bytes_hold_no_forbidden_name_and_none_of_other_scripts(ask: Ask) -> None:
    for place in (HA_NOI, PHNOM_PENH, OPEN_SEA, HOANG_SA, EDGE):
        for zoom in (10, 12, 14):
            text = ask(tile_of(place, zoom)).content.decode("utf-8", errors="replace")
            assert find_forbidden_in([text]) == {}
            assert not any("\u3040" <= letter <= "\u9fff" or "\u0400" <= letter <= "\u04ff" for letter in text)


def test_the_geometry_is_the_file_s_own(schema: str, ask: Ask) -> None:
    tile = tile_of(HA_NOI, 14)
    source = {"openmaptiles": "building", "protomaps": "buildings"}[schema]
    given = mapbox_vector_tile.decode(encoded(tile, SCHEMAS[schema][0]()))[source]
    building = next(one for one in given["features"] if one["geometry"]["type"] == "Polygon")
    served = decoded(ask(tile))["buildings"]
    assert served["features"][0]["geometry"] == building["geometry"]
    assert served["extent"] == given["extent"]


def test_streets_have_names_only_where_they_are_drawn(ask: Ask) -> None:
    assert "street_names" not in decoded(ask(tile_of(HA_NOI, 12)))


def test_other_countries_have_roads_without_any_name(ask: Ask) -> None:
    found = decoded(ask(tile_of(PHNOM_PENH, 14)))
    assert set(found) == {"roads"}
    assert "highway" in {properties["kind"] for _, properties in held(found, "roads")}


def test_at_sea_there_is_nothing(ask: Ask) -> None:
    for zoom in (10, 12, 14):
        assert ask(tile_of(OPEN_SEA, zoom)).status_code == 204


def test_inside_the_archipelagos_envelopes_there_is_nothing(ask: Ask) -> None:
    for zoom in (10, 12, 14):
        assert ask(tile_of(HOANG_SA, zoom)).status_code == 204


def test_what_crosses_the_edge_of_an_envelope_is_left_out(ask: Ask) -> None:
    found = decoded(ask(tile_of((EDGE[0] - 0.05, EDGE[1]), 10)))
    assert held(found, "roads") == [("LineString", {"kind": "major"})]


def test_tiles_of_the_whole_country_show_nothing_new(ask: Ask, client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    with_streets = client.get("/style.json").json()
    for zoom in (0, 4, 6, 9):
        assert ask(tile_of(HA_NOI, zoom)).status_code == 404
    settings.STREETS = None
    seen = [
        layer for layer in with_streets["layers"] if layer.get("minzoom", 0) < 10 and layer.get("source") != "streets"
    ]
    assert with_streets["sources"]["streets"]["minzoom"] == 10
    assert [layer["id"] for layer in seen] == [
        layer["id"] for layer in client.get("/style.json").json()["layers"] if layer.get("minzoom", 0) < 10
    ]


def test_an_answer_is_immutable_and_known_by_its_tag(ask: Ask) -> None:
    tile = tile_of(HA_NOI, 14)
    first = ask(tile)
    assert "immutable" in first["Cache-Control"] and first["ETag"] and first["Access-Control-Allow-Origin"] == "*"
    again = ask(tile, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    packed = ask(tile, accept_encoding="gzip")
    assert packed["Content-Encoding"] == "gzip" and packed["ETag"] != first["ETag"]
    assert gzip.decompress(packed.content) == first.content


def test_a_tile_that_the_file_has_not_is_empty(ask: Ask) -> None:
    assert ask(tile_of((106.3, 9.9), 14)).status_code == 204


@pytest.mark.parametrize("address", ["/streets/0/10/1/1.mvt", "/streets/abc/14/13014/7210.mvt", "/streets/x/1/1/1.mvt"])
def test_another_version_is_not_found(ask: Ask, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_beyond_the_zooms_of_the_file_and_by_other_parameters_nothing_is_found(ask: Ask, client: Client) -> None:
    address = address_of(client, tile_of(HA_NOI, 14))
    assert client.get(address_of(client, tile_of(HA_NOI, 15))).status_code == 404
    assert client.get(address.replace("/14/", "/014/")).status_code == 404
    refused = client.get(address + "?layer=boundary")
    assert refused.status_code == 400 and "layer" in refused.content.decode()


def test_another_file_has_another_version(file: Path, client: Client) -> None:
    before = address_of(client, tile_of(HA_NOI, 14))
    os.utime(file, ns=(1, 1))
    assert address_of(client, tile_of(HA_NOI, 14)) != before
    assert client.get(before).status_code == 404


def by_hand(*, extent: int = 4096, tags: tuple[int, ...] = (0, 0, 1, 1), geometry: tuple[int, ...] = ONE_LINE) -> bytes:
    """A tile with one named road of Ha Noi, as nobody should make it."""
    made = Message()
    layer = made.layers.add(name="transportation_name", version=2, extent=extent, keys=["class", "name"])
    for text in ("primary", "Phố Thử"):
        layer.values.add(string_value=text)
    layer.features.add(type=2, tags=tags, geometry=geometry)
    return made.SerializeToString()


BROKEN = {
    "noise": b"\xff\x00\xff" * 50,
    "cut off": by_hand()[:-9],
    "no such value": by_hand(tags=(0, 0, 1, 7)),
    "half a tag": by_hand(tags=(1, 1, 0)),
    "endless geometry": by_hand(geometry=(9, 4, 4, 4_000_000_000, 1)),
    "no such command": by_hand(geometry=(9, 4, 4, 13, 1)),
    "no extent": by_hand(extent=0),
    "one name twice": by_hand() * 2,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_a_broken_tile_is_empty_and_told_in_one_line(
    body: bytes,
    tmp_path: Path,
    settings,
    client: Client,
    caplog: pytest.LogCaptureFixture,  # type: ignore[no-untyped-def]
) -> None:
    tile = tile_of(HA_NOI, 14)
    settings.STREETS = write(tmp_path / "a.pmtiles", {tile: body}, SCHEMAS["openmaptiles"][1])
    answer = client.get(address_of(client, tile))
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (204, b"", "no-store")
    (told,) = [record for record in caplog.records if record.name == "map.tiles"]
    assert told.facts["tile"] == f"14/{tile.x}/{tile.y}" and told.facts["reason"]


def test_letters_that_are_none_show_no_name(tmp_path: Path, settings, client: Client) -> None:  # type: ignore[no-untyped-def]
    tile, odd = tile_of(HA_NOI, 14), by_hand().replace("Phố".encode(), b"Ph\xff\xfe\xfd")
    settings.STREETS = write(tmp_path / "a.pmtiles", {tile: odd}, SCHEMAS["openmaptiles"][1])
    assert client.get(address_of(client, tile)).status_code == 204


def test_a_tile_that_swells_when_unpacked_is_broken(tmp_path: Path, settings, client: Client) -> None:  # type: ignore[no-untyped-def]
    tile = tile_of(HA_NOI, 14)
    settings.STREETS = write(tmp_path / "a.pmtiles", {tile: bytes(40 << 20)}, SCHEMAS["protomaps"][1])
    assert client.get(address_of(client, tile)).status_code == 204


def test_a_file_that_is_cut_off_answers_with_empty_tiles(file: Path, client: Client) -> None:
    address_of(client, tile_of(HA_NOI, 14))
    os.truncate(file, file.stat().st_size - 200)
    statuses = {client.get(address_of(client, tile_of(place, 14))).status_code for place in (HA_NOI, PHNOM_PENH)}
    assert statuses <= {200, 204} and 204 in statuses


def test_every_source_of_what_is_served_is_in_the_file_s_schema(schema: str) -> None:
    targets = [rule.target for rule in RULES[schema]]
    assert len(targets) == len(set(targets))
    assert {rule.source for rule in RULES[schema]} & {"boundary", "boundaries", "water_name", "earth", "poi"} == set()


class Nowhere:
    """Land that is none."""

    def communes(self, positions):  # type: ignore[no-untyped-def]
        return [None for _ in positions]


class Everywhere:
    """Land without end, all of it one commune."""

    def communes(self, positions):  # type: ignore[no-untyped-def]
        return ["Thị trấn Thử" for _ in positions]


def test_without_land_there_are_roads_but_no_names(schema: str) -> None:
    tile = tile_of(HA_NOI, 14)
    found = mapbox_vector_tile.decode(filtered(encoded(tile, SCHEMAS[schema][0]()), RULES[schema], tile, Nowhere()))
    assert "roads" in found and not {"street_names", "places"} & set(found)


def test_a_settlement_named_like_its_commune_is_left_to_our_own_label(schema: str) -> None:
    tile = tile_of(HA_NOI, 14)
    found = mapbox_vector_tile.decode(filtered(encoded(tile, SCHEMAS[schema][0]()), RULES[schema], tile, Everywhere()))
    assert [properties["name"] for _, properties in held(found, "places")] == ["Khu Mới"]


def test_of_a_street_across_the_border_no_name_is_shown() -> None:
    class WesternHalf:
        def communes(self, positions):  # type: ignore[no-untyped-def]
            return ["Xã Thử" if lon < HA_NOI[0] + 0.001 else None for lon, _ in positions]

    tile = tile_of(HA_NOI, 14)
    road = {"transportation_name": [(line(HA_NOI), {"class": "primary", "name": "Đường Biên"})]}
    assert filtered(encoded(tile, road), RULES["openmaptiles"], tile, WesternHalf()) == b""


def test_the_style_has_streets_below_lines_labels_and_data(file: Path, client: Client) -> None:
    for theme in ("light", "dark"):
        layers = client.get(f"/style.json?theme={theme}").json()["layers"]
        ids = [layer["id"] for layer in layers]
        at = [index for index, layer in enumerate(layers) if layer.get("source") == "streets"]
        assert at and max(at) < min(
            ids.index(name) for name in ("base-communes", "base-provinces", "base-label-commune")
        )
        assert max(at) < min(index for index, layer in enumerate(layers) if layer.get("metadata"))
        assert ids.index("base-provinces-land") < min(at)
        assert all(layer.get("minzoom", 10) >= 10 for layer in layers if layer.get("source") == "streets")
        names = next(layer for layer in layers if layer["id"] == "streets-names")
        assert names["minzoom"] == 14 and names["layout"]["symbol-placement"] == "line"
        assert names["layout"]["text-font"][-1] == "Be Vietnam Pro"


def test_the_ground_s_own_roads_give_way_where_streets_begin(file: Path, client: Client) -> None:
    layers = {layer["id"]: layer for layer in client.get("/style.json").json()["layers"]}
    for name in ("base-roads-primary", "base-roads-secondary", "base-railways", "base-rivers", "base-lakes"):
        assert layers[name]["maxzoom"] == 10


def test_the_file_s_makers_are_named_on_map_style_and_page(file: Path, client: Client) -> None:
    assert CREDIT in client.get("/layers.json").json()["credits"]
    assert client.get("/style.json").json()["sources"]["streets"]["attribution"] == CREDIT
    about = page(client, "/about")
    assert CREDIT in about.text and "ODbL 1.0" in about.text
    assert CREDIT in page(client, "/about?lang=en").text


def test_without_a_file_nothing_speaks_of_streets(client: Client, world) -> None:  # type: ignore[no-untyped-def]
    style = client.get("/style.json").json()
    assert "streets" not in style["sources"]
    assert not any(layer["id"].startswith("streets-") for layer in style["layers"])
    assert not any(layer.get("maxzoom") == 10 for layer in style["layers"])
    assert "ODbL 1.0" not in page(client, "/about").text
    assert client.get("/streets/abc/14/13014/7210.mvt").status_code == 404
    assert client.get("/ready").json()["parts"]["streets"] == "ok"


def test_a_file_that_goes_is_told_by_ready_and_the_map_stays(file: Path, client: Client) -> None:
    assert client.get("/ready").json()["parts"]["streets"] == "ok"
    file.unlink()
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["parts"]["streets"]) == (503, "unavailable")
    assert "streets" not in client.get("/style.json").json()["sources"]
    assert streets() is None
