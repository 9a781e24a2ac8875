"""The same question gives the same rows by WFS, OGC API, API, CSV, GeoPackage and tiles, whatever it is written in."""

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import mapbox_vector_tile
import pytest
from django.http import HttpResponseBase, QueryDict
from django.test import Client
from lxml import etree

from layers.filters import parse
from layers.layer import Layer
from layers.query import select
from layers.registry import all_layers
from tests.layers.oracle import expected
from tests.services.one_question import Question, questions

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]
FULL, SAMPLE = -(-200 // len(LAYERS)), 3
GML_ID = "{http://www.opengis.net/gml/3.2}id"


@pytest.mark.parametrize("layer", LAYERS)
def test_a_few_questions_have_one_answer(layer: Layer, client: Client, world: date, tmp_path: Path) -> None:
    found = [_one_answer(client, question, world, tmp_path) for question in questions(layer, world, SAMPLE)]
    assert any(found), "questions without an answer prove nothing"


@pytest.mark.soak
@pytest.mark.parametrize("layer", LAYERS)
def test_two_hundred_questions_have_one_answer(layer: Layer, client: Client, world: date, tmp_path: Path) -> None:
    found = [_one_answer(client, question, world, tmp_path) for question in questions(layer, world, FULL)]
    assert sum(map(bool, found)) >= FULL // 4, "questions without an answer prove little"


def _one_answer(client: Client, question: Question, world: date, folder: Path) -> int:
    """How many rows answer; fails where one of the ways gives others."""
    name, bare, text = question.layer.name, question.bare(), {"filter": question.text()}
    ids = _by_the_waist(question)
    assert len(ids) == expected(name, bare, world), bare
    for asked in (bare, text):
        assert sorted(_by_pages(client, f"/api/v1/{name}/", asked)) == ids, asked
        assert sorted(_by_pages(client, f"/ogc/collections/{name}/items", asked)) == ids, asked
        assert sorted(_by_csv(client, name, asked)) == ids, asked
        assert sorted(_by_geopackage(client, name, asked, folder)) == ids, asked
    written = {"filter": json.dumps(question.json()), "filter-lang": "cql2-json"}
    assert sorted(_by_pages(client, f"/ogc/collections/{name}/items", written)) == ids, written
    assert sorted(_by_wfs(client, question)) == ids, question.fes()
    _tiles_agree(client, question.layer, bare, ids)
    return len(ids)


def _by_the_waist(question: Question) -> list[int]:
    asked = QueryDict(mutable=True)
    asked.update(question.bare())
    return sorted(row[0] for row in select(question.layer, parse(question.layer, asked), fields=()))


def _by_pages(client: Client, address: str, asked: dict[str, str]) -> Iterator[int]:
    page = f"{address}?{urlencode({**asked, 'limit': '1000'})}"
    while page:
        answer = client.get(page, headers={"Accept": "application/geo+json"})
        found = json.loads(_body(answer))
        yield from (feature["id"] for feature in found["features"])
        page = next((link["href"] for link in found["links"] if link["rel"] == "next"), "")


def _by_csv(client: Client, layer: str, asked: dict[str, str]) -> list[int]:
    text = _body(client.get(f"/data/{layer}.csv", asked)).decode("utf-8-sig")
    return [int(row["id"]) for row in csv.DictReader(io.StringIO(text, newline=""))]


def _by_geopackage(client: Client, layer: str, asked: dict[str, str], folder: Path) -> list[int]:
    path = folder / "answer.gpkg"
    path.write_bytes(_body(client.get(f"/data/{layer}.gpkg", asked)))
    with closing(sqlite3.connect(path)) as file:
        return [row[0] for row in file.execute(f'SELECT id FROM "{layer}"')]


def _by_wfs(client: Client, question: Question) -> list[int]:
    asked = {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": question.layer.name,
        "filter": question.fes(),
        "count": "1000000",
    }
    root = etree.fromstring(_body(client.get("/wfs", asked)))
    ids = [one.get(GML_ID) for one in root.iterfind("{*}member/*")]
    assert root.get("numberMatched") == str(len(ids)) == root.get("numberReturned")
    assert all(one.rpartition(".")[0] == question.layer.name for one in ids)
    return [int(one.rpartition(".")[2]) for one in ids]


def _tiles_agree(client: Client, layer: Layer, asked: dict[str, str], ids: list[int]) -> None:
    """Single features of tiles have these ids, each once; what stands in piles of one place is counted."""
    if layer.geometry == "polygon":
        assert _ids_of_areas(client, layer, asked) == set(ids), asked
        return
    single, piled = _points(client, layer, asked)
    assert len(single) == len(set(single)) and set(single) <= set(ids), asked
    assert len(single) + piled == len(ids), asked


def _ids_of_areas(client: Client, layer: Layer, asked: dict[str, str]) -> set[int]:
    zoom = layer.zooms[0]
    tiles = [(zoom, x, y) for x in range(2**zoom) for y in range(2**zoom)]
    return {feature["id"] for tile in tiles for feature in _features(client, layer, *tile, asked)}


def _points(client: Client, layer: Layer, asked: dict[str, str]) -> tuple[list[int], int]:
    """The ids of single features, looked for below each tile that holds clusters, and how many rows lie in piles."""
    single: list[int] = []
    piled, tiles = 0, [(0, 0, 0)]
    while tiles:
        z, x, y = tiles.pop()
        found = _features(client, layer, z, x, y, asked)
        clusters = [one["properties"] for one in found if "count" in one["properties"]]
        if all("place" in one for one in clusters) or z == layer.zooms[1]:
            single += [one["id"] for one in found if "count" not in one["properties"]]
            piled += sum(one["count"] for one in clusters)
        else:
            tiles += [(z + 1, 2 * x + i, 2 * y + j) for i in (0, 1) for j in (0, 1)]
    return single, piled


def _features(client: Client, layer: Layer, z: int, x: int, y: int, asked: dict[str, str]) -> list[dict]:
    answer = client.get(f"/tiles/{layer.name}/{z}/{x}/{y}.mvt", asked)
    assert answer.status_code in (200, 204), answer.content
    return mapbox_vector_tile.decode(answer.content)[layer.name]["features"] if answer.status_code == 200 else []


def _body(answer: HttpResponseBase) -> bytes:
    assert answer.status_code == 200, b"".join(answer)
    return b"".join(answer)
