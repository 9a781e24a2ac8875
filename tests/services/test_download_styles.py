"""A GeoPackage brings its style along: QGIS draws it in the colours of the map, with labels in Vietnamese."""

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from django.test import Client

from layers.layer import Layer
from layers.registry import all_layers
from tests.services.test_downloads import body
from tiles.picture.shapes import codes_of

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]
SYSTEM_PYTHON = "/usr/bin/python3"
PROBE = """
import json, os, sys
from qgis.core import QgsApplication, QgsVectorLayer
application = QgsApplication([], False); application.initQgis()
layer = QgsVectorLayer(sys.argv[1] + "|layername=" + sys.argv[2], "x", "ogr")
renderer = layer.renderer()
found = [[c.value(), c.label(), c.symbol().color().name()] for c in getattr(renderer, "categories", list)()]
told = {"valid": layer.isValid(), "rows": layer.featureCount(), "kind": renderer.type(), "categories": found}
print(json.dumps(told), flush=True)
os._exit(0)
"""


def downloaded(client: Client, layer: Layer, folder: Path) -> Path:
    path = folder / f"{layer.name}.gpkg"
    path.write_bytes(body(client.get(f"/data/{layer.name}.gpkg", {"province": "01"})))
    return path


@pytest.mark.parametrize("layer", LAYERS)
def test_the_style_has_a_category_for_each_code_of_the_class_field(
    layer: Layer, client: Client, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(downloaded(client, layer, tmp_path))) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        ((table, column, qml, default),) = database.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
        )
    assert (table, column, default) == (layer.name, "geom", 1)
    renderer = fromstring(qml.partition("\n")[2]).find("renderer-v2")
    assert renderer is not None
    told = {one.get("value"): one.get("label") for one in renderer.iter("category")}
    wanted = {code.code: str(code.label) for code in codes_of(layer).values()} if layer.class_field else {}
    assert told == wanted and len(renderer.findall("symbols/symbol")) == max(1, len(wanted))


@pytest.mark.skipif(
    subprocess.run([SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode != 0,
    reason="QGIS is not installed",
)
def test_qgis_opens_it_with_that_style(client: Client, tmp_path: Path) -> None:
    (layer,) = [one for one in all_layers() if one.pyramid]
    path = downloaded(client, layer, tmp_path)
    quiet = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    command = [SYSTEM_PYTHON, "-c", PROBE, str(path), layer.name]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=quiet)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["valid"] and found["rows"] > 0 and found["kind"] == "categorizedSymbol"
    assert {code for code, _, _ in found["categories"]} == set(layer.class_field.choices.codes())  # type: ignore[union-attr]
    assert "#177a5b" in {colour for _, _, colour in found["categories"]}
