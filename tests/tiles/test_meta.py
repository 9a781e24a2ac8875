"""Where a large layer holds more rows than are read for a tile, the tile says so: nothing is dropped silently."""

from collections.abc import Iterator
from datetime import date

import mapbox_vector_tile
import pytest
from django.http import QueryDict

from layers.filters import parse
from layers.registry import get
from tests.layers.oracle import expected
from tiles.mvt import make_tile, points
from tiles.tile import Tile

LAYER, READ = "measuring_devices", 100
# Text, a date, an earlier day, a box, a circle: what the sums of the pyramid do not know.
CUT = ({"valid_until": "2000-01-01/.."}, {"bbox": "102,8,110,24"}, {"within": "106,16,1500000"}, {"on": "2026-10-01"})


@pytest.fixture
def few_read(world: date, monkeypatch: pytest.MonkeyPatch) -> Iterator[date]:
    """As if a tile read READ rows at most. Statements are made anew for it, and again behind it."""
    monkeypatch.setattr(points, "MOST_READ", READ)
    points._public_statement.cache_clear()
    yield world
    points._public_statement.cache_clear()


def _tile(asked: dict[str, str]) -> dict:
    query = parse(get(LAYER), QueryDict("&".join(f"{name}={value}" for name, value in asked.items())))
    return mapbox_vector_tile.decode(make_tile(get(LAYER), Tile(0, 0, 0), query))


@pytest.mark.parametrize("asked", CUT, ids=lambda asked: next(iter(asked)))
def test_a_tile_that_is_cut_says_how_many_of_how_many_it_shows(few_read: date, asked: dict[str, str]) -> None:
    assert expected(LAYER, asked, few_read) > READ + 1
    tile = _tile(asked)
    (told,) = tile["meta"]["features"]
    assert told["properties"] == {"shown": READ + 1, "total": READ + 1, "total_is": "at_least"}
    assert told["geometry"]["coordinates"] == [2048, 2048]
    assert sum(one["properties"].get("count", 1) for one in tile[LAYER]["features"]) == READ + 1


def test_a_tile_that_shows_all_says_nothing(few_read: date) -> None:
    assert list(_tile({"within": "105.85,21.03,15000", "valid_until": "2026-11-23/2027-03-01"})) == [LAYER]


@pytest.mark.parametrize("asked", [{}, {"status": "valid"}, {"province": "01,79"}], ids=["all", "status", "provinces"])
def test_what_the_sums_know_is_never_cut(few_read: date, asked: dict[str, str]) -> None:
    tile = _tile(asked)
    assert "meta" not in tile
    assert sum(one["properties"].get("count", 1) for one in tile[LAYER]["features"]) == expected(LAYER, asked, few_read)
