"""Which commune holds a position of a tile: names are shown on Vietnamese land alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import shapely
from django.db import connections

from geodata.archipelagos import ENVELOPES
from layers.query import reading
from tiles.tile import Tile

# Names whose place lies in a tile's buffer are the next tile's, which holds them too.
_COMMUNES = """
SELECT name_vi, ST_AsBinary(ST_ClipByBox2D(geom, box))
FROM geodata_administrativeunit, ST_MakeEnvelope(%s, %s, %s, %s, 4326) AS box
WHERE level = 'commune' AND valid_to IS NULL AND geom && box
ORDER BY id
"""


class Land(Protocol):
    """Tells communes of positions."""

    def communes(self, positions: Sequence[tuple[float, float]]) -> list[str | None]:
        """The Vietnamese name of the commune that holds each (lon, lat), in their order; None at sea and abroad."""


@dataclass(frozen=True)
class CommunesOfTile:
    """The communes in force that a tile touches, by their names; the archipelagos' envelopes do not count as land."""

    names: Sequence[str]
    areas: Sequence[shapely.Geometry]

    def communes(self, positions: Sequence[tuple[float, float]]) -> list[str | None]:
        """See `Land`."""
        found: list[str | None] = [None] * len(positions)
        if not positions:
            return found
        lons, lats = np.array(positions, dtype=float).T
        shown = ~shapely.intersects_xy(ENVELOPES, lons, lats)
        for name, area in zip(self.names, self.areas, strict=True):
            for index in np.flatnonzero(shown & shapely.intersects_xy(area, lons, lats)):
                found[index] = name
        return found


def land_of(tile: Tile) -> CommunesOfTile:
    """The land of the tile."""
    with reading(None, "tile"), connections["open"].cursor() as cursor:
        cursor.execute(_COMMUNES, tile.bounds())
        rows = [(name, shapely.from_wkb(bytes(wkb))) for name, wkb in cursor.fetchall() if wkb]
    areas = [area for _, area in rows]
    shapely.prepare(areas)
    return CommunesOfTile([name for name, _ in rows], areas)
