"""`/qgis/map.qgs`, and QGIS itself: it opens the map, draws it in our colours, filters at the server."""

import json
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlencode
from urllib.request import urlopen
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.test import Client

from geodata.crs import VN2000_CODES, WGS84, transformer
from layers.filters import parse
from layers.layer import Layer
from layers.query import FeatureQuery, select
from layers.registry import all_layers, get
from mapapp.qgis.conditions import expression_of, unsaid
from mapapp.qgis.row_layers import row_layer
from scripts.packages import PYQGIS
from tests.conftest import Server
from tests.layers.oracle import expected
from tests.layers.questions import questions
from tests.services.seen import Seen, seen
from tiles.palette import colour
from tiles.picture import View
from tiles.picture.shapes import codes_of

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]
PROGRAM = Path(__file__).parent / "qgis_program.py"
PROJECT = "/qgis/map.qgs"
HA_NOI = (105.85, 21.03)
LAND = colour("land", "light").lower()


def qgis(tmp_path: Path, *asked: tuple[str, dict]) -> list[dict]:
    """The answers of QGIS, which has settings and a cache of its own."""
    assert PYQGIS.exists(), "QGIS is missing: apt-get install --no-install-recommends python3-qgis"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": str(tmp_path)}
    tmp_path.chmod(0o700)
    done = subprocess.run(
        ["/usr/bin/python3", str(PROGRAM)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=240,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def log(server: Server) -> Iterator[Seen]:
    with seen(server) as address:
        yield address


def fetched(address: str, tmp_path: Path, query: str = "") -> str:
    """The project as a file, as a browser saves it."""
    path = tmp_path / "map.qgs"
    path.write_bytes(urlopen(f"{address}{PROJECT}{query}").read())  # noqa: S310 - our own address
    return str(path)


def box_of(lon: float, lat: float, zoom: float, size: tuple[int, int] = (600, 500)) -> list[float]:
    """What a view shows, in metres of Web Mercator."""
    view = View(lon, lat, zoom, *size)
    left, top = view.corner
    metres = 40_075_016.685578488 / view.world_px
    edge = view.world_px / 2
    return [
        (left - edge) * metres,
        (edge - top - size[1]) * metres,
        (left + size[0] - edge) * metres,
        (edge - top) * metres,
    ]


def mercator(lon: float, lat: float) -> tuple[float, float]:
    west, south, east, north = box_of(lon, lat, 10)
    return (west + east) / 2, (south + north) / 2


def layers_of(answer_body: bytes) -> dict[str, ElementTree.Element]:
    return {one.findtext("id"): one for one in ElementTree.fromstring(answer_body).iter("maplayer")}


def tile_query(layer: ElementTree.Element) -> QueryDict:
    """The filters that a tile layer's address carries, as QGIS decodes them."""
    address = parse_qs(layer.findtext("datasource"))["url"][0]
    return QueryDict(address.partition("?")[2])


def test_it_is_a_file_to_open_that_is_always_asked_for_anew(client: Client) -> None:
    answer = client.get(PROJECT)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/x-qgis-project"
    assert answer["Content-Disposition"] == 'attachment; filename="map.qgs"'
    assert answer["Cache-Control"] == "no-cache"
    head = client.head(PROJECT)
    assert (head.status_code, head.content) == (200, b"")
    assert client.post(PROJECT).status_code == 405


def test_it_has_every_layer_as_tiles_and_as_rows_in_the_language_asked_for(client: Client) -> None:
    for lang in ("vi", "en"):
        layers = layers_of(client.get(PROJECT, {"lang": lang}).content)
        for layer in all_layers():
            title = getattr(layer.title, lang)
            assert layers[f"tiles_{layer.name}"].findtext("layername") == title
            assert layers[f"rows_{layer.name}"].findtext("layername") == title


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"layers": "roads"}, "layers"),
        ({"at": "5/100/100"}, "at"),
        ({"layers": "measuring_devices", "status": "new"}, "status"),
        ({"province": "99"}, "province"),
        ({"lang": "fr"}, "lang"),
    ],
)
def test_what_the_map_does_not_know_is_refused_by_name(client: Client, asked: dict[str, str], named: str) -> None:
    answer = client.get(PROJECT, asked)
    assert answer.status_code == 400
    assert named in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        (
            {"status": "overdue"},
            "laboratories.status, certification_bodies.status. Layers not shown have status too;"
            " layers= shows them: measuring_devices, ",
        ),
        ({"site_kind": "market"}, "belongs to no layer shown. Layers not shown have site_kind too"),
        (
            {"measuring_devices.status": "overdue"},
            "shown. Layers not shown have status too; layers= shows them: measuring_devices.",
        ),
    ],
)
def test_a_filter_of_a_layer_that_is_not_shown_is_told_how_to_show_it(
    client: Client, asked: dict[str, str], hint: str
) -> None:
    """Without `layers` devices are off, as on a first visit of the map."""
    answer = client.get(PROJECT, {**asked, "lang": "en"})
    assert answer.status_code == 400 and hint in answer.content.decode()


@pytest.mark.parametrize("layer", LAYERS)
def test_the_filters_go_whole_into_the_tiles_address(layer: Layer, client: Client, world: date) -> None:
    for one in questions(layer, world)[1:3]:
        found = layers_of(client.get(PROJECT, {"layers": layer.name, **one}).content)
        assert tile_query(found[f"tiles_{layer.name}"]).dict() == one


@pytest.mark.parametrize("layer", LAYERS)
def test_what_wfs_cannot_filter_by_is_said_in_the_title_of_its_layer(layer: Layer, world: date) -> None:
    for one in questions(layer, world)[1:]:
        query = query_of(layer, one)
        left = unsaid(layer, query)
        assert bool(set(one) - set(left)) == bool(expression_of(layer, query)), one
        assert set(left) <= {"q", "within", "on", "filter", "competence", "province", "commune"}
        title = row_layer(layer, query, "http://127.0.0.1/wfs", credits="").title
        assert all(name in title for name in left), title
        assert (title == layer.title.vi) == (not left)


def test_names_of_places_lie_above_the_data_and_the_ground_below(client: Client) -> None:
    """QGIS draws labels in the order of layers, and the marks of data are labels too."""
    project = ElementTree.fromstring(client.get(PROJECT).content)
    order = [one.get("id") for one in project.iter("layer-tree-layer")]
    labels, symbols = (
        {one.findtext("id") for one in project.iter("maplayer") if one.find(f"{tag}/styles/style") is not None}
        for tag in ("labeling", "renderer")
    )
    assert order[0] == "tiles_basemap_names" and order[-1] == "tiles_basemap"
    assert order[0] in labels - symbols and order[-1] in symbols - labels


def test_layers_that_are_not_shown_stand_there_unticked_under_the_shared_filters(client: Client) -> None:
    answer = client.get(PROJECT, {"layers": "laboratories", "province": "01", "status": "active"})
    tree = {
        one.get("id"): one.get("checked") for one in ElementTree.fromstring(answer.content).iter("layer-tree-layer")
    }
    layers = layers_of(answer.content)
    assert tree["tiles_laboratories"] == "Qt::Checked"
    assert tree["tiles_measuring_devices"] == tree["rows_laboratories"] == "Qt::Unchecked"
    assert tile_query(layers["tiles_laboratories"]).dict() == {"province": "01", "status": "active"}
    assert tile_query(layers["tiles_measuring_devices"]).dict() == {"province": "01"}


def test_a_layer_that_cannot_be_asked_a_shared_filter_is_not_offered(client: Client) -> None:
    layers = layers_of(client.get(PROJECT, {"layers": "laboratories", "on": "2026-01-01"}).content)
    offered = {layer.name for layer in all_layers() if f"tiles_{layer.name}" in layers}
    assert offered == {layer.name for layer in all_layers() if layer.dated}
    assert tile_query(layers["tiles_measuring_devices"]).dict() == {"on": "2026-01-01"}


def test_signs_of_xml_and_of_expressions_stay_text(client: Client, log: Seen, tmp_path: Path) -> None:
    words = """xăng "dầu" & <b> ' 50% {x}"""
    answer = client.get(PROJECT, {"layers": "inspection_sites", "q": words})
    found = layers_of(answer.content)["tiles_inspection_sites"]
    assert tile_query(found)["q"] == words
    source = found.findtext("datasource")
    made, _ = qgis(
        tmp_path,
        ("add", {"name": "hand", "provider": "vectortile", "source": source.replace("http://127.0.0.1", str(log), 1)}),
        ("draw", {"box": box_of(*HA_NOI, 10), "layers": ["hand"]}),
    )
    assert made["valid"]
    asked = [QueryDict(one.partition("?")[2]).get("q") for one in log.requests if "/tiles/" in one]
    assert set(asked) == {words}


def test_where_it_opens_is_where_the_address_is(client: Client) -> None:
    def box(asked: dict[str, str]) -> list[float]:
        canvas = ElementTree.fromstring(client.get(PROJECT, asked).content).find("mapcanvas/extent")
        return [float(canvas.findtext(name)) for name in ("xmin", "ymin", "xmax", "ymax")]

    country, ha_noi = box({}), box({"at": "12/21.03/105.85"})
    for lon, lat in ((112.08, 16.37), (113.98, 9.29), (104.8, 8.6), (105.3, 23.3)):
        x, y = mercator(lon, lat)
        assert country[0] < x < country[2] and country[1] < y < country[3]
    assert (ha_noi[0] + ha_noi[2]) / 2 == pytest.approx(mercator(105.85, 21.03)[0], abs=1)
    assert ha_noi[2] - ha_noi[0] < (country[2] - country[0]) / 30
    province = box({"province": "01"})
    assert province[0] < mercator(105.85, 21.03)[0] < province[2] and province[2] - province[0] < 300_000


def test_qgis_reads_every_expression_of_the_project(client: Client, tmp_path: Path) -> None:
    root = ElementTree.fromstring(client.get(PROJECT).content)
    found = {one.get("value") for one in root.iter("Option") if one.get("name") in ("expression", "geometryModifier")}
    found |= {one.get("expression") for one in root.iter("style") if one.get("expression")}
    found |= {one.get("fieldName") for one in root.iter("text-style")}
    found |= {one.text for one in root.iter("previewExpression")}
    assert len(found) > 60
    assert qgis(tmp_path, ("parsed", {"expressions": sorted(found)})) == [{}]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_qgis_opens_the_project_with_every_layer_valid(lang: str, server: Server, tmp_path: Path) -> None:
    (opened,) = qgis(tmp_path, ("open_project", {"path": fetched(server, tmp_path, f"?lang={lang}")}))
    assert opened["read"] and opened["crs"] == "EPSG:3857"
    assert [one["id"] for one in opened["layers"] if not one["valid"]] == []
    shown = {one["id"] for one in opened["layers"] if one["shown"]}
    assert shown == {
        "tiles_basemap_names",
        "tiles_basemap",
        *(f"tiles_{layer.name}" for layer in all_layers() if layer.default),
    }


def test_the_project_pins_the_one_transformation_of_vn_2000(server: Server, tmp_path: Path) -> None:
    """Hồ Chí Minh City is where PROJ may choose another one, 0.8 m away."""
    lon, lat = 106.7, 10.78
    asked = [("transformed", {"code": code, "lon": lon, "lat": lat}) for code in VN2000_CODES]
    _, *found = qgis(tmp_path, ("open_project", {"path": fetched(server, tmp_path)}), *asked)
    for code, one in zip(VN2000_CODES, found, strict=True):
        assert one["pinned"] and not one["fallback"], code
        degree = 111_320 if code == VN2000_CODES[0] else 1
        x, y = transformer(WGS84, code).transform(lon, lat)
        assert max(abs(one["at"][0] - x), abs(one["at"][1] - y)) * degree < 0.001, code


def sayable(layer: Layer, day: date) -> dict[str, str]:
    """A question about the layer that WFS can be asked whole; of areas one with few rows: their outlines are long."""
    if layer.geometry == "polygon":
        return {"province": "01"}
    return next(one for one in questions(layer, day)[1:] if len(one) > 1 and not unsaid(layer, query_of(layer, one)))


def query_of(layer: Layer, one: dict[str, str]) -> FeatureQuery:
    asked = QueryDict(mutable=True)
    asked.update(one)
    return parse(layer, asked)


def test_the_filters_of_the_address_choose_the_rows_of_wfs_at_the_server(
    log: Seen, tmp_path: Path, world: date
) -> None:
    asked = [(layer, sayable(layer, world)) for layer in all_layers()]
    actions: list[tuple[str, dict]] = []
    for layer, one in asked:
        (tmp_path / layer.name).mkdir()
        path = fetched(log, tmp_path / layer.name, "?" + urlencode({"layers": layer.name, **one}))
        actions += [("open_project", {"path": path}), ("rows", {"name": f"rows_{layer.name}"})]
    answers = qgis(tmp_path, *actions)[1::2]
    for (layer, one), found in zip(asked, answers, strict=True):
        wanted = sorted(row[0] for row in select(layer, query_of(layer, one), fields=()))
        assert sorted(found["values"]) == wanted, (layer.name, one)
        assert found["count"] == len(wanted) == expected(layer.name, one, world)
    sent = [QueryDict(path.partition("?")[2]) for path in log.requests if path.startswith("/wfs")]
    filtered = {
        one["TYPENAMES"] for one in sent if one.get("REQUEST") == "GetFeature" and "Filter" in one.get("FILTER", "")
    }
    assert filtered == {f"map:{layer.name}" for layer in all_layers()}


def test_a_filter_set_in_qgis_reaches_the_server(log: Seen, tmp_path: Path, world: date) -> None:
    """On fields of scope lines it holds on one and the same line, as it does in our grammar."""
    source = f"pagingEnabled='true' typename='map:laboratories' url='{log}/wfs' version='2.0.0' srsname='EPSG:4326'"
    subset = """"activity" = 'calibration' AND "status" IN ('expired', 'suspended') AND "province" <> '79'"""
    one = {"activity": "calibration", "status": "expired,suspended"}
    made, whole, some = qgis(
        tmp_path,
        ("add", {"name": "hand", "provider": "WFS", "source": source}),
        ("rows", {"name": "hand"}),
        ("rows", {"name": "hand", "subset": subset}),
    )
    assert made["valid"], made["error"]
    assert len(whole["values"]) == whole["count"] == expected("laboratories", {}, world)
    layer = get("laboratories")
    rows = select(layer, query_of(layer, one), fields=("province",))
    wanted = sorted(row[0] for row in rows if row[1] != "79")
    assert wanted
    assert some["set"] and sorted(some["values"]) == wanted and some["count"] == len(wanted)
    last = QueryDict([path for path in log.requests if "REQUEST=GetFeature" in path][-1].partition("?")[2])
    assert all(word in last["FILTER"] for word in ("activity", "calibration", "suspended", "PropertyIsNotEqualTo"))


@pytest.mark.parametrize(
    ("lang", "title", "word"),
    [("vi", "Tình trạng kiểm định", "Còn hiệu lực"), ("en", "State of verification", "Valid")],
)
def test_forms_have_titles_and_say_codes_in_words(
    lang: str, title: str, word: str, server: Server, tmp_path: Path
) -> None:
    path = fetched(server, tmp_path, f"?layers=measuring_devices&status=valid&province=01&lang={lang}")
    _, form, of_bodies, said, label = qgis(
        tmp_path,
        ("open_project", {"path": path}),
        ("fields", {"name": "rows_measuring_devices"}),
        ("fields", {"name": "rows_laboratories"}),
        ("evaluate", {"name": "rows_measuring_devices", "expression": 'represent_value("status")'}),
        ("evaluate", {"name": "rows_measuring_devices", "expression": '"status_label"'}),
    )
    status = form["fields"]["status"]
    assert (status["title"], status["widget"], status["words"][word]) == (title, "ValueMap", "valid")
    assert form["fields"]["status_label"]["widget"] == "Hidden"
    assert form["read_only"] and form["display"] == 'represent_value("device_type")'
    assert said == label == {"error": "", "values": [word] * 5}
    assert of_bodies["display"] == '"name"'
    for item in get("laboratories").fields:
        if item.name in of_bodies["fields"]:
            assert getattr(item.title, lang) in of_bodies["fields"][item.name]["title"]
            assert of_bodies["fields"][item.name]["title"] != item.name


def test_rows_are_drawn_in_the_colour_of_their_state(client: Client, log: Seen, tmp_path: Path) -> None:
    found = client.get("/api/v1/measuring_devices/", {"status": "overdue", "limit": "1"}).json()["features"][0]
    lon, lat = found["geometry"]["coordinates"]
    overdue, valid = (colour(token, "light").lower() for token in ("overdue", "valid"))
    drawing = {"box": box_of(lon, lat, 16), "colours": [valid], "at": [mercator(lon, lat)]}
    _, drawn = qgis(
        tmp_path,
        ("open_project", {"path": fetched(log, tmp_path, "?layers=measuring_devices&status=overdue")}),
        ("draw", {**drawing, "layers": ["rows_measuring_devices", "tiles_basemap"]}),
    )
    assert drawn["errors"] == []
    assert drawn["around"][0].count(overdue) > 40
    assert drawn["counted"][valid] == 0
    sent = [QueryDict(path.partition("?")[2]) for path in log.requests if "REQUEST=GetFeature" in path]
    assert sent and all("Envelope" in one["FILTER"] for one in sent), "only the view is asked for"


def test_ogc_api_gives_qgis_the_rows_of_sql(log: Seen, tmp_path: Path, world: date) -> None:
    """This QGIS filters such layers by itself: the filter is one that it can see as the server does."""
    layer, province = "inspection_sites", {"province": "01"}
    source = f"url='{log}/ogc/' typename='{layer}' restrictToRequestBBOX='1'"
    made, whole, some = qgis(
        tmp_path,
        ("add", {"name": "hand", "provider": "OAPIF", "source": source}),
        ("rows", {"name": "hand", "key": "province"}),
        ("rows", {"name": "hand", "key": "province", "subset": "\"province\" = '01'"}),
    )
    assert made["valid"], made["error"]
    assert whole["count"] == len(whole["values"]) == expected(layer, {}, world)
    assert some["count"] == len(some["values"]) == expected(layer, province, world)
    assert set(some["values"]) == {"01"}
    assert any(f"/ogc/collections/{layer}/items" in one for one in log.requests)


def test_a_project_asks_no_server_but_ours(client: Client) -> None:
    body = client.get(PROJECT).content.decode()
    addresses = {part.split("/")[0] for part in unquote(body).split("http://")[1:]}
    assert addresses == {"127.0.0.1"} and "https://" not in body


@pytest.mark.parametrize("code", ["valid", "overdue"])
def test_a_mark_has_the_colour_of_its_state_where_its_row_is(
    code: str, client: Client, log: Seen, tmp_path: Path
) -> None:
    found = client.get("/api/v1/measuring_devices/", {"status": code, "limit": "1"}).json()["features"][0]
    lon, lat = found["geometry"]["coordinates"]
    other = "overdue" if code == "valid" else "valid"
    wanted, unwanted = (colour(token, "light").lower() for token in (code, other))
    path = fetched(log, tmp_path, f"?layers=measuring_devices&status={code}")
    _, drawn = qgis(
        tmp_path,
        ("open_project", {"path": path}),
        ("draw", {"box": box_of(lon, lat, 16), "colours": [wanted, unwanted], "at": [mercator(lon, lat)]}),
    )
    assert drawn["errors"] == []
    assert drawn["around"][0].count(wanted) > 40
    assert drawn["counted"][unwanted] == 0
    tiles = [one for one in log.requests if one.startswith("/tiles/measuring_devices/")]
    assert tiles and all(one.endswith(f"?status={code}") for one in tiles)


def test_the_whole_country_is_drawn_with_rings_ground_and_both_archipelagos(server: Server, tmp_path: Path) -> None:
    tokens = ("sea", "land", "neighbours", "valid", "overdue")
    colours = {token: colour(token, "light").lower() for token in tokens}
    path, white = fetched(server, tmp_path, "?layers=measuring_devices"), colour("panel", "light").lower()
    at = [mercator(112.08, 16.37), mercator(113.98, 9.29), mercator(110.5, 13.0)]
    box = box_of(109.5, 14.5, 4.5)
    _, drawn, rings = qgis(
        tmp_path,
        ("open_project", {"path": path}),
        ("draw", {"box": box, "colours": list(colours.values()), "at": at}),
        ("draw", {"box": box, "colours": [white], "layers": ["tiles_device_counts", "tiles_basemap"]}),
    )
    assert rings["counted"][white] > 500
    assert drawn["errors"] == []
    assert all(drawn["counted"].values()), drawn["counted"]
    hoang_sa, truong_sa, sea = drawn["around"]
    assert set(sea) == {colours["sea"]}
    assert colours["sea"] not in (set(hoang_sa), set(truong_sa))
    assert len(set(hoang_sa)) > 2 and len(set(truong_sa)) > 2


def test_every_layer_is_drawn_in_its_own_colours(server: Server, tmp_path: Path) -> None:
    box, points = box_of(*HA_NOI, 11), [layer for layer in all_layers() if layer.geometry == "point"]
    path = fetched(server, tmp_path, f"?layers={','.join(layer.name for layer in all_layers())}")
    asked = [
        ("draw", {"box": box, "colours": colours_of(layer), "layers": [f"tiles_{layer.name}", "tiles_basemap"]})
        for layer in points
    ]
    _, *drawn = qgis(tmp_path, ("open_project", {"path": path}), *asked)
    for layer, one in zip(points, drawn, strict=True):
        assert one["errors"] == []
        assert sum(one["counted"].values()) > 20, (layer.name, one["counted"])


def colours_of(layer: Layer) -> list[str]:
    """The colours of a layer's single marks: those of its states, or its own."""
    by_state = {code.colour for code in codes_of(layer).values()} if layer.style.colour == "status" else set()
    return sorted({colour(token, "light").lower() for token in by_state or {layer.style.colour}})


def test_areas_are_outlined_in_the_accent(server: Server, tmp_path: Path) -> None:
    box = box_of(*HA_NOI, 9)
    path = fetched(server, tmp_path, "?layers=provinces,communes")
    _, drawn, ground = qgis(
        tmp_path,
        ("open_project", {"path": path}),
        ("draw", {"box": box, "colours": [LAND], "layers": ["tiles_communes", "tiles_provinces", "tiles_basemap"]}),
        ("draw", {"box": box, "colours": [LAND], "layers": ["tiles_basemap"]}),
    )
    assert ground["counted"][LAND] > 100_000
    assert drawn["counted"][LAND] < ground["counted"][LAND] / 10
