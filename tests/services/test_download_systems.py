"""`crs=`: every form with coordinates in every system of Viet Nam, by the one transformation, read by others."""

import csv
import io
import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import geopandas
import pytest
from django.test import Client
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup

from geodata.crs import OFFERED, VN2000_CODES, WGS84
from layers.layer import Layer
from layers.registry import all_layers
from services.downloads.forms import FORMS
from tests.services.test_downloads import body

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]
SHAPED = ("gpkg", "fgb", "parquet", "shp.zip")
SOUTH = "106.3,10.4,107.0,11.1"
"""Around Hồ Chí Minh City, where PROJ left alone takes another transformation."""
A_MILLIMETRE_M = 0.001
A_MILLIMETRE_DEGREES = 1e-8
ROUNDED_DEGREES = 1e-7
"""The text of GeoJSON has seven decimals."""


def to_system(code: int) -> Transformer:
    """EPSG:6960 by pyproj's own database, backwards, then the projection of the code."""
    group = TransformerGroup(CRS(4756), CRS(WGS84), always_xy=True)
    (shift,) = [
        each for each in group.transformers if "6960" in each.to_json() or "VN-2000 to WGS 84 (2)" in each.description
    ]
    return shift


def expected(code: int, lon: float, lat: float) -> tuple[float, float]:
    shifted = to_system(code).transform(lon, lat, direction="INVERSE")
    return Transformer.from_crs(4756, code, always_xy=True).transform(*shifted) if code != 4756 else shifted


def path_of(client: Client, form: str, asked: dict[str, str], folder: Path) -> str:
    path = folder / f"x.{form}"
    path.write_bytes(body(client.get(f"/data/inspection_sites.{form}", asked)))
    return f"/vsizip/{path}" if form == "shp.zip" else str(path)


def read(path: str) -> geopandas.GeoDataFrame:
    return geopandas.read_parquet(path) if path.endswith(".parquet") else geopandas.read_file(path)


@pytest.fixture
def positions(client: Client) -> dict[int, tuple[float, float]]:
    features = json.loads(body(client.get("/data/inspection_sites.geojson", {"bbox": SOUTH})))["features"]
    return {feature["id"]: tuple(feature["geometry"]["coordinates"]) for feature in features}


@pytest.mark.parametrize("code", VN2000_CODES)
def test_coordinates_are_those_of_epsg_6960_to_a_millimetre(
    code: int, client: Client, positions: dict[int, tuple[float, float]], tmp_path: Path
) -> None:
    there = read(path_of(client, "gpkg", {"bbox": SOUTH, "crs": f"EPSG:{code}"}, tmp_path))
    exact = read(path_of(client, "fgb", {"bbox": SOUTH}, tmp_path)).set_index("id").geometry
    assert len(there) == len(positions) > 5
    near = A_MILLIMETRE_DEGREES if code == 4756 else A_MILLIMETRE_M
    for number, shape in zip(there["id"], there.geometry, strict=True):
        wanted = expected(code, exact[number].x, exact[number].y)
        assert (shape.x, shape.y) == pytest.approx(wanted, abs=near)


@pytest.mark.parametrize("form", SHAPED)
@pytest.mark.parametrize("code", [9210, 3405, 4756, 3857])
def test_other_programs_come_back_to_the_same_places(form: str, code: int, client: Client, tmp_path: Path) -> None:
    """What the file says of its system makes GDAL and pyproj transform by EPSG:6960, not as they think best."""
    exact = read(path_of(client, "fgb", {"bbox": SOUTH}, tmp_path)).set_index("id").geometry
    path = path_of(client, form, {"bbox": SOUTH, "crs": f"EPSG:{code}"}, tmp_path)
    back = read(path).to_crs(WGS84).set_index("id").geometry
    assert len(back) == len(exact)
    for number, shape in back.items():
        assert (shape.x, shape.y) == pytest.approx((exact[number].x, exact[number].y), abs=A_MILLIMETRE_DEGREES)
    if form != "parquet":  # Debian's GDAL has no driver for it.
        for number, x, y in by_gdal(path):
            assert (x, y) == pytest.approx((exact[number].x, exact[number].y), abs=A_MILLIMETRE_DEGREES)


def by_gdal(path: str) -> Iterator[tuple[int, float, float]]:
    """Number, longitude and latitude of each point, as GDAL transforms them."""
    command = [
        "ogr2ogr",
        "-f",
        "GeoJSONSeq",
        "-t_srs",
        "OGC:CRS84",
        "-lco",
        "COORDINATE_PRECISION=12",
        "/vsistdout/",
        path,
    ]
    if path.endswith(".gpkg"):
        command.append("inspection_sites")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        feature = json.loads(line.lstrip("\x1e"))
        x, y = feature["geometry"]["coordinates"]
        yield feature["properties"]["id"], x, y


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson"])
def test_forms_of_text_name_the_system_beside_the_coordinates(
    form: str, client: Client, positions: dict[int, tuple[float, float]], tmp_path: Path
) -> None:
    answer = client.get(f"/data/inspection_sites.{form}", {"bbox": SOUTH, "crs": "urn:ogc:def:crs:EPSG::9210"})
    assert "_epsg-9210_" in answer["Content-Disposition"]
    content = body(answer)
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        found = {int(row["id"]): (float(row["x"]), float(row["y"])) for row in rows}
        assert {row["crs"] for row in rows} == {"EPSG:9210"} and "lon" not in rows[0]
    elif form == "geojson":
        collection = json.loads(content)
        assert collection["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::9210"
        found = {one["id"]: tuple(one["geometry"]["coordinates"]) for one in collection["features"]}
    else:
        (tmp_path / "x.xlsx").write_bytes(content)
        frame = geopandas.pd.read_excel(tmp_path / "x.xlsx", engine="calamine")
        found = {row["id"]: (row["x"], row["y"]) for _, row in frame.iterrows()}
    assert found.keys() == positions.keys()
    chance = random.Random(9210)
    for number in chance.sample(sorted(found), 5):
        # The positions at hand are rounded to a centimetre.
        assert found[number] == pytest.approx(expected(9210, *positions[number]), abs=0.02)


def test_without_a_system_files_are_in_wgs_84_and_so_they_are_with_its_names(client: Client) -> None:
    plain = body(client.get("/data/inspection_sites.geojson", {"bbox": SOUTH}))
    for name in ("EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"):
        assert body(client.get("/data/inspection_sites.geojson", {"bbox": SOUTH, "crs": name})) == plain
    assert b'"crs"' not in plain


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("form", SHAPED)
def test_shapes_are_the_same_in_every_form(layer: Layer, form: str, client: Client, tmp_path: Path) -> None:
    """Also of polygons: as many parts, valid, and nothing but the rounding of text between them."""
    asked = {"province": "01"}
    paths = {}
    for each in ("geojson", form):
        path = tmp_path / f"x.{each}"
        path.write_bytes(body(client.get(f"/data/{layer.name}.{each}", asked)))
        paths[each] = f"/vsizip/{path}" if each == "shp.zip" else str(path)
    wanted = json.loads(Path(paths["geojson"]).read_text())["features"]
    wanted_shapes = geopandas.GeoDataFrame.from_features(wanted).geometry
    there = read(paths[form]).set_index("id").geometry
    assert there.crs is not None and there.crs.to_epsg() in (WGS84, None)
    for feature, shape in zip(wanted, wanted_shapes, strict=True):
        found = there[feature["id"]]
        if layer.geometry == "point":
            assert found.distance(shape) < ROUNDED_DEGREES
        else:
            assert found.is_valid and len(getattr(found, "geoms", [found])) == len(shape.geoms)
            assert found.symmetric_difference(shape).area < ROUNDED_DEGREES * shape.length


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/data/inspection_sites.csv?crs=EPSG:2154", "crs.unknown"),
        ("/data/inspection_sites.csv?crs=3405", "crs.unknown"),
        ("/data/inspection_sites.csv?crs=", "crs.unknown"),
        ("/data/inspection_sites.geojsonl?crs=EPSG:3405", "crs.form"),
        ("/data/inspection_sites.csv?crs=EPSG:3405&crs=EPSG:3406", "param.repeated"),
    ],
)
def test_it_refuses_by_name(client: Client, address: str, code: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.json()["code"], answer.json()["parameter"]) == (400, code, "crs")


def test_every_system_offered_is_taken_by_every_form(client: Client) -> None:
    for form in FORMS.values():
        for code in OFFERED:
            asked = client.head(f"/data/inspection_sites.{form.name}?crs=EPSG:{code}")
            assert asked.status_code == (200 if form.systems or code == WGS84 else 400)
