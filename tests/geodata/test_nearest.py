"""The nearest of many positions, as PostGIS finds it."""

import numpy as np
import pytest
from django.db import connection

from geodata.nearest import metres_to_nearest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("here", [(105.85, 21.03), (102.1, 22.4), (109.5, 8.4), (179.9, 0.0)])
@pytest.mark.parametrize("count", [1, 7, 5_000])
def test_it_is_as_far_as_postgis_says_on_the_ellipsoid(here: tuple[float, float], count: int) -> None:
    chance = np.random.default_rng(count)
    lons, lats = chance.uniform(102, 117.5, count), chance.uniform(6.5, 23.4, count)
    told = metres_to_nearest(*here, lons, lats)
    point = "ST_SetSRID(ST_MakePoint({}, {}), 4326)::geography"
    others = f"SELECT {point.format('lon', 'lat')} AS there FROM unnest(%s, %s) AS position(lon, lat)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min(ST_Distance(there, {point.format('%s', '%s')})) FROM ({others}) AS positions",
            [*here, lons.tolist(), lats.tolist()],
        )
        assert told == pytest.approx(cursor.fetchone()[0], abs=0.01)
