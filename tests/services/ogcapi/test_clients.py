"""Real clients against a real server: GDAL's OAPIF driver, geopandas and OWSLib read what SQL counts."""

import json
import subprocess
from datetime import date
from pathlib import Path

import geopandas
import pytest
from owslib.ogcapi.features import Features

from layers.layer import Layer
from tests.conftest import Server
from tests.layers.oracle import expected
from tests.services.ogcapi.documents import LAYERS

EVERY = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
BOX = ("105", "20", "106.5", "21.5")


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def connection(server: Server) -> str:
    return f"OAPIF:{server}/ogc/"


def read_by_gdal(server: Server, layer: str, path: Path, *more: str) -> list[dict]:
    """The features as `ogr2ogr` reads them, written without geometry: outlines are long and nobody looks at them here.

    GDAL 3.6 asks for ten at a time unless it is told otherwise.
    """
    how = ("-preserve_fid", "-nlt", "NONE", "-oo", "PAGE_SIZE=1000")
    run("ogr2ogr", "-f", "GeoJSON", *how, str(path), connection(server), layer, *more)
    return json.loads(path.read_text())["features"]


def test_gdal_lists_every_layer(server: Server) -> None:
    said = run("ogrinfo", "-ro", connection(server))
    assert all(f": {layer.name} (title: " in said for layer in LAYERS)


@EVERY
def test_gdal_gets_the_rows_of_sql_whole_by_box_and_by_attribute(
    layer: Layer, server: Server, world: date, tmp_path: Path
) -> None:
    whole = read_by_gdal(server, layer.name, tmp_path / "whole.geojson")
    numbers = [feature["id"] for feature in whole]
    assert len(numbers) == len(set(numbers)) == expected(layer.name, {}, world)
    boxed = read_by_gdal(server, layer.name, tmp_path / "boxed.geojson", "-spat", *BOX)
    assert len({feature["id"] for feature in boxed}) == expected(layer.name, {"bbox": ",".join(BOX)}, world)
    own = (item.name for item in layer.filters if item.filter == "code" and not item.lines)
    name = next(own, "province")
    code = next(feature["properties"][name] for feature in whole if feature["properties"][name])
    chosen = read_by_gdal(server, layer.name, tmp_path / "chosen.geojson", "-where", f"{name} = '{code}'")
    assert len(chosen) == expected(layer.name, {name: code}, world) > 0


@EVERY
def test_geopandas_reads_a_page_as_it_stands(layer: Layer, server: Server, world: date) -> None:
    frame = geopandas.read_file(f"{server}/ogc/collections/{layer.name}/items?limit=10000&province=01&f=json")
    assert len(frame) == expected(layer.name, {"province": "01"}, world) > 0
    assert frame.crs.to_epsg() == 4326 and frame.geometry.is_valid.all()


def test_owslib_lists_filters_and_pages(server: Server, world: date) -> None:
    service = Features(f"{server}/ogc/")
    assert service.feature_collections() == [layer.name for layer in LAYERS]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in service.conformance()["conformsTo"]
    page = service.collection_items("inspection_sites", limit=5, bbox=[105, 20, 106.5, 21.5])
    assert page["numberReturned"] == 5
    assert page["numberMatched"] == expected("inspection_sites", {"bbox": ",".join(BOX)}, world)
    text = service.collection_items("inspection_sites", limit=1, filter="site_kind = 'gold_shop'")
    assert text["numberMatched"] == expected("inspection_sites", {"site_kind": "gold_shop"}, world)
    assert "site_kind" in service.collection_queryables("inspection_sites")["properties"]
