"""The ground of a picture: what the base map's tiles are made of, cut to the view at once instead of tile by tile."""

from dataclasses import dataclass
from functools import lru_cache
from math import floor
from typing import NamedTuple

from django.db import connections

from geodata.models import UnitOutline
from layers.query import reading
from tiles.basemap import COMMUNES_FROM, LABELS_OF_COMMUNES_FROM, ZOOMS
from tiles.outlines import outlines_sql
from tiles.picture.view import Bounds, View

# Units of a path: so many to a pixel keep the islets of the archipelagos.
UNITS = 4
MARGIN_PX = 8
_KINDS = {
    "land": ("land",),
    "lakes": ("lake",),
    "rivers": ("river",),
    "roads": ("road_primary", "road_secondary"),
    "railways": ("railway",),
    "borders": ("boundary",),
}

# Units that a line may lie beside its place: a third of a pixel is given up for half the bytes; a pixel in a picture
# that stands for a second until the map is drawn, and is painted in half the time. Areas keep their rings.
FINE, COARSE = 1.4, 4.0
# In units of the picture, y down; ST_AsSVG turns y round, so it is turned before.
_PATH = """string_agg(ST_AsSVG(ST_Scale(ST_SimplifyPreserveTopology(drawn, %(beside)s), 1, -1), 1, 0), ' ')"""
_DRAWN = """ST_AsMVTGeom(
    ST_Transform(ST_ClipByBox2D({geom}, ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)), 3857),
    ST_MakeEnvelope(%(left)s, %(top)s - %(side)s, %(left)s + %(side)s, %(top)s, 3857)::box2d, %(extent)s, 64, true)"""
_IN_VIEW = "{geom} && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)"

_FEATURES = f"""
SELECT {_PATH} FROM (
    SELECT {_DRAWN.format(geom="geom")} AS drawn FROM geodata_basemapfeature
    WHERE kind = ANY(%(kinds)s) AND min_zoom <= %(z)s AND max_zoom >= %(z)s AND {_IN_VIEW.format(geom="geom")}
) AS features WHERE drawn IS NOT NULL
"""
_UNITS = f"""
SELECT {_PATH} FROM (
    SELECT {_DRAWN.format(geom="outline.geom")} AS drawn
    FROM geodata_administrativeunit unit JOIN {{outlines}} AS outline ON outline.unit_id = unit.id
    WHERE {{which}} AND {_IN_VIEW.format(geom="outline.geom")}
) AS units WHERE drawn IS NOT NULL
"""
_LABELS = f"""
SELECT kind, name_vi, name_en, ST_X(point), ST_Y(point) FROM (
    SELECT level AS kind, name_vi, name_en, 0 AS rank, label_point AS point FROM geodata_administrativeunit
    WHERE valid_to IS NULL AND (level = 'province' OR (level = 'commune' AND %(z)s >= %(communes_from)s))
    UNION ALL
    SELECT CASE WHEN kind = 'place' THEN kind WHEN rank = 0 THEN 'sea' ELSE 'island' END, name_vi, name_en, rank, geom
    FROM geodata_basemapfeature
    WHERE kind IN ('label', 'place') AND (kind <> 'label' OR rank <> 1) AND min_zoom <= %(z)s AND max_zoom >= %(z)s
) AS named WHERE {_IN_VIEW.format(geom="point")} ORDER BY rank, kind DESC, name_vi
"""


class Label(NamedTuple):
    """A name of the ground and where it stands in degrees. `kind`: province, commune, place, island, sea."""

    kind: str
    name_vi: str
    name_en: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Ground:
    """The paths of each kind in units of the picture (empty: none in view), and the names in their order."""

    paths: dict[str, str]
    labels: tuple[Label, ...]


@lru_cache(maxsize=64)
def ground_of(view: View, edition: str, *, plain: bool = False, beside: float = FINE) -> Ground:
    """The ground of a view of this edition of the base map; `plain`: land and provinces alone, without names.

    `beside` is FINE or COARSE.
    """
    with reading(None, "tile"), connections["open"].cursor() as cursor:
        kinds = {"land": _KINDS["land"]} if plain else _KINDS
        paths = {name: _one(cursor, _FEATURES, view, kinds=list(found), beside=beside) for name, found in kinds.items()}
        in_force = "unit.level = '{}' AND unit.valid_to IS NULL"
        paths["provinces"] = _units(cursor, view, in_force.format("province"), beside=beside)
        if zoom_of(view) >= COMMUNES_FROM and not plain:
            paths["communes"] = _units(cursor, view, in_force.format("commune"), beside=beside)
        return Ground(paths, () if plain else _labels(cursor, view))


def outlines_of(ids: list[int], view: View) -> str:
    """The path of these units' outlines; inside a `reading` of the caller's."""
    with connections["open"].cursor() as cursor:
        return _units(cursor, view, "unit.id = ANY(%(ids)s)", ids=ids)


def zoom_of(view: View) -> int:
    """The zoom whose outlines and features suit the view."""
    return max(ZOOMS[0], min(ZOOMS[1], floor(view.zoom + 1e-6)))


def _units(cursor, view: View, which: str, **values: object) -> str:  # type: ignore[no-untyped-def]
    outlines = outlines_sql(UnitOutline, zoom_of(view), "open")
    return _one(cursor, _UNITS.replace("{outlines}", outlines).replace("{which}", which), view, **values)


def _one(cursor, sql: str, view: View, **values: object) -> str:  # type: ignore[no-untyped-def]
    cursor.execute(sql, {**_values(view), **values})
    return cursor.fetchone()[0] or ""


def _labels(cursor, view: View) -> tuple[Label, ...]:  # type: ignore[no-untyped-def]
    cursor.execute(_LABELS, {**_box(view.bounds), "z": zoom_of(view), "communes_from": LABELS_OF_COMMUNES_FROM + 1})
    return tuple(Label(*row) for row in cursor.fetchall())


def _values(view: View) -> dict[str, object]:
    """The square that begins at the picture's upper left corner, in metres of Web Mercator, and its units."""
    metres = 40_075_016.685578488 / view.world_px
    left, top = view.corner
    side = max(view.width, view.height)
    return {
        **_box(view.around(MARGIN_PX)),
        "left": (left - view.world_px / 2) * metres,
        "top": (view.world_px / 2 - top) * metres,
        "side": side * metres,
        "extent": side * UNITS,
        "z": zoom_of(view),
        "beside": FINE,
    }


def _box(bounds: Bounds) -> dict[str, object]:
    return dict(zip(("west", "south", "east", "north"), bounds, strict=True))
