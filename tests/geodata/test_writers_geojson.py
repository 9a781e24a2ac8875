"""GeoJSON: valid with any rows and with none."""

import json
from datetime import date

import pytest

from geodata.writers import geojson
from tests.geodata.rows import columns_of, lines

pytestmark = pytest.mark.django_db
COLUMNS = columns_of(id="integer", name="text", codes="list", day="date", geometry="text")
SHOWN = COLUMNS[1:4]
SQL = geojson.row_sql(SHOWN, id_sql='v."id"', geometry_sql='v."geometry"')
POINT = '{"type":"Point","coordinates":[105.5,21]}'
ROWS = [
    (1, 'Hộ "x" \\ \n', ["a", "b"], date(2026, 11, 22), POINT),
    (2, None, [], None, None),
]


def test_a_collection_holds_its_members_and_its_features():
    found = json.loads(b"".join(geojson.write({"day": "2026-11-22"}, [lines(SQL, COLUMNS, ROWS)])))
    assert (found["type"], found["day"]) == ("FeatureCollection", "2026-11-22")
    first, second = found["features"]
    assert first == {
        "type": "Feature",
        "id": 1,
        "geometry": {"type": "Point", "coordinates": [105.5, 21]},
        "properties": {"name": 'Hộ "x" \\ \n', "codes": ["a", "b"], "day": "2026-11-22"},
    }
    assert (second["geometry"], second["properties"]) == (None, {"name": None, "codes": [], "day": None})


@pytest.mark.parametrize("chunks", [1, 2, 3])
def test_pieces_join_into_one_collection(chunks: int):
    made = [lines(SQL, COLUMNS, ROWS)] * chunks
    assert len(json.loads(b"".join(geojson.write({}, made)))["features"]) == 2 * chunks


def test_an_empty_collection_is_whole():
    assert json.loads(b"".join(geojson.write({"name": "x"}, []))) == {
        "type": "FeatureCollection", "name": "x", "features": []
    }  # fmt: skip


def test_a_collection_that_breaks_off_is_no_json():
    pieces = geojson.write({}, [lines(SQL, COLUMNS, ROWS)] * 2)
    with pytest.raises(json.JSONDecodeError):
        json.loads(next(pieces) + next(pieces))


def test_each_line_is_a_feature():
    text = b"".join(geojson.write_lines([lines(SQL, COLUMNS, ROWS)] * 2)).decode()
    assert [json.loads(line)["id"] for line in text.splitlines()] == [1, 2, 1, 2]
