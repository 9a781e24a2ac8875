"""One box means one area, in whatever way it is asked for: `bbox`, CQL2's `BBOX`, and the `BBOX` of FES."""

import json
import random
from datetime import date

import pytest
from django.test import Client

from geodata.crs import OFFERED, WGS84, official, transformer
from tests.services.wfs_requests import ask, body, envelope, fes, hits, spatial

DEVICES, VIET_NAM = "measuring_devices", (102.0, 8.0, 110.0, 24.0)


def found(client: Client, code: int, box: tuple[float, float, float, float]) -> list[int]:
    """How many devices there are in a box of a system (in its official order), by each way."""
    crs, corners = official(code), [f"{one:.9f}" for one in box]
    listed, lower, upper = ",".join(corners), " ".join(corners[:2]), " ".join(corners[2:])
    condition = f"S_INTERSECTS(geom, BBOX({listed}))"
    asked = ({"bbox": listed, "bbox-crs": crs.uri}, {"filter": condition, "filter-crs": crs.uri})
    literal = fes(spatial("BBOX", envelope(lower, upper, srs=crs.urn)))
    return [
        *(_matched(client, {**one, "limit": "1", "f": "json"}) for one in asked),
        hits(ask(client, "GetFeature", typenames=DEVICES, filter=literal, resulttype="hits")),
        hits(ask(client, "GetFeature", typenames=DEVICES, bbox=f"{listed},{crs.urn}", resulttype="hits")),
    ]


def _matched(client: Client, asked: dict[str, str]) -> int:
    answer = client.get(f"/ogc/collections/{DEVICES}/items", asked)
    assert answer.status_code == 200, body(answer)
    return int(json.loads(body(answer))["numberMatched"])


def test_a_wide_box_of_a_projection_has_no_straight_sides_in_degrees(world: date, client: Client) -> None:
    for code, box in (
        (3405, (200_000, 2_300_000, 800_000, 2_500_000)),
        (9210, (300_000, 1_200_000, 900_000, 2_340_000)),
    ):
        counts = found(client, code, box)
        assert len({*counts}) == 1 and counts[0] > 0, (code, counts)


@pytest.mark.parametrize("code", OFFERED[::4])
def test_boxes_of_every_kind_of_system_find_the_same_by_each_way(code: int, world: date, client: Client) -> None:
    chance, some = random.Random(f"boxes {code}"), 0
    for _ in range(4):
        west, east = sorted(chance.uniform(VIET_NAM[0], VIET_NAM[2]) for _ in "12")
        south, north = sorted(chance.uniform(VIET_NAM[1], VIET_NAM[3]) for _ in "12")
        (x, far_x), (y, far_y) = transformer(WGS84, code).transform((west, east), (south, north))
        box = (y, x, far_y, far_x) if official(code).latitude_first else (x, y, far_x, far_y)
        counts = found(client, code, box)
        assert len({*counts}) == 1, (box, counts)
        some += counts[0] > 0
    assert some


@pytest.mark.parametrize("code", [4756, 3405])
def test_a_box_without_width_is_an_area_all_the_same(code: int, world: date, client: Client) -> None:
    x, y = transformer(WGS84, code).transform(105.85, 21.03)
    first, second = (y, x) if official(code).latitude_first else (x, y)
    wide = 1 if code == 4756 else 100_000
    assert len({*found(client, code, (first, second, first, second + wide))}) == 1
    assert found(client, code, (first, second, first, second)) == [0, 0, 0, 0]
