"""WFS as real programs use it, against a real server: GDAL's driver and OWSLib."""

import csv
import json
import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from owslib.etree import etree
from owslib.fes2 import And, PropertyIsEqualTo, PropertyIsLike
from owslib.wfs import WebFeatureService

from layers.layer import Layer
from layers.query import FeatureQuery, matching
from layers.registry import all_layers
from tests.conftest import Server
from tests.layers.oracle import expected

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]
SITES = "inspection_sites"
Fetch = Callable[..., list[dict[str, str]]]


@pytest.fixture
def fetch(server: Server, tmp_path: Path) -> Fetch:
    """The rows that `ogr2ogr` copies by WFS, with these arguments behind the address."""

    def run(*arguments: str, page: int = 0) -> list[dict[str, str]]:
        told = tmp_path / "rows.csv"
        told.unlink(missing_ok=True)
        command = ["ogr2ogr", "-f", "CSV", str(told), f"WFS:{server}/wfs", *arguments, "-lco", "GEOMETRY=AS_XY"]
        paging = {"OGR_WFS_PAGE_SIZE": str(page)} if page else {}
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **paging})
        assert done.returncode == 0 and "ERROR" not in done.stderr, done.stderr
        return list(csv.DictReader(told.open(encoding="utf-8")))

    return run


@pytest.mark.parametrize("layer", LAYERS)
def test_gdal_copies_every_row_once_over_the_borders_of_pages(layer: Layer, fetch: Fetch, world: date) -> None:
    wanted = set(matching(layer, FeatureQuery(day=world)).values_list("pk", flat=True))
    rows = fetch(f"map:{layer.name}", page=max(7, len(wanted) // 5))
    assert len(rows) == len(wanted) and {int(row["id"]) for row in rows} == wanted


def test_gdal_filters_by_attributes_places_and_order(fetch: Fetch, world: date) -> None:
    devices = fetch("map:measuring_devices", "-where", "status = 'overdue'")
    assert len(devices) == expected("measuring_devices", {"status": "overdue"}, world)
    assert {row["status"] for row in devices} == {"overdue"}
    both = fetch("map:measuring_devices", "-where", "status = 'overdue' AND manufacture_year > 2015 OR status = 'void'")
    assert 0 < len(both) != len(devices)
    box = ("105.5", "20.5", "106.5", "21.5")
    there = fetch(f"map:{SITES}", "-spat", *box)
    assert len(there) == expected(SITES, {"bbox": ",".join(box)}, world)
    assert all(105.5 <= float(row["X"]) <= 106.5 and 20.5 <= float(row["Y"]) <= 21.5 for row in there)
    named = [row["name"] for row in fetch("-sql", f'SELECT id, name FROM "map:{SITES}" ORDER BY name DESC')]
    assert len(named) == len(set(matching(_layer(SITES), FeatureQuery(day=world)).values_list("pk", flat=True)))
    begin = max(named)[:6]
    like = fetch(f"map:{SITES}", "-where", f"name LIKE '{begin}%'")
    assert [row["name"] for row in like].count(max(named)) and all(row["name"].startswith(begin) for row in like)


def test_gdal_reads_types_and_titles_as_they_are_meant(server: Server) -> None:
    done = subprocess.run(
        ["ogrinfo", "-ro", "-so", "-json", f"WFS:{server}/wfs", "map:measuring_devices"], capture_output=True, text=True
    )
    if done.returncode == 0 and done.stdout.startswith("{"):  # GDAL 3.7 and newer
        fields = {one["name"]: one["type"] for one in json.loads(done.stdout)["layers"][0]["fields"]}
    else:
        done = subprocess.run(
            ["ogrinfo", "-ro", "-so", f"WFS:{server}/wfs", "map:measuring_devices"], capture_output=True, text=True
        )
        pairs = (line.partition(": ") for line in done.stdout.splitlines())
        fields = {name: kind.partition(" ")[0] for name, _, kind in pairs}
    assert (fields["id"], fields["status"], fields["valid_until"]) == ("Integer64", "String", "Date")
    assert fields["manufacture_year"] in ("Integer", "Integer64")


def test_owslib_lists_filters_and_pages(server: Server, world: date) -> None:
    service = WebFeatureService(f"{server}/wfs", version="2.0.0")
    assert set(service.contents) == {f"map:{layer.name}" for layer in all_layers()}
    assert service["map:provinces"].title == _layer("provinces").title.vi
    assert {one.name for one in service.operations} >= {"GetFeature", "GetPropertyValue"}
    assert service.get_schema(f"map:{SITES}")["geometry"] == "Point"
    wanted = expected(SITES, {"province": "01"}, world)
    like = PropertyIsLike("name", "*", wildCard="*", singleChar="?", escapeChar="!")
    asked = And([PropertyIsEqualTo("province", "01"), like]).toXML()
    written = _written(asked)
    seen: list[int] = []
    while len(seen) < wanted:
        page = service.getfeature(
            typename=f"map:{SITES}",
            filter=written,
            maxfeatures=5,
            startindex=len(seen),
            outputFormat="application/json",
        )
        found = json.loads(page.read())
        assert found["numberMatched"] == wanted and found["features"]
        seen += [one["id"] for one in found["features"]]
    assert len(seen) == len(set(seen)) == wanted
    one = service.getfeature(
        storedQueryID="urn:ogc:def:query:OGC-WFS::GetFeatureById", storedQueryParams={"ID": f"{SITES}.{seen[0]}"}
    )
    assert f'gml:id="{SITES}.{seen[0]}"'.encode() in one.read()


def test_owslib_sends_boxes_in_the_order_of_the_system(server: Server, world: date) -> None:
    service = WebFeatureService(f"{server}/wfs", version="2.0.0")
    found = service.getfeature(
        typename=f"map:{SITES}",
        bbox=(105.5, 20.5, 106.5, 21.5, "urn:ogc:def:crs:OGC:1.3:CRS84"),
        outputFormat="application/json",
    )
    assert json.loads(found.read())["numberMatched"] == expected(SITES, {"bbox": "105.5,20.5,106.5,21.5"}, world)


def _layer(name: str) -> Layer:
    return next(layer for layer in all_layers() if layer.name == name)


def _written(element: object) -> str:
    inner = etree.tostring(element).decode()
    return f'<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0">{inner}</fes:Filter>'
