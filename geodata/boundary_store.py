"""Units, outlines and base map as rows: put in or replaced by id, so that loading again changes nothing else."""

from collections import Counter
from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import shapely
from django.contrib.gis.geos import Point
from django.db import connection, models
from django.db.models.functions import Now

from geodata import keys, reference_tables, units
from geodata.base_map import to_geos
from geodata.coverage_geometry import Outlines, dissolved
from geodata.crs import WGS84
from geodata.models import (
    AdministrativeUnit,
    BaseMapFeature,
    LoadedSource,
    UnitOutline,
)

_BATCH = 500


def store_units(communes: gpd.GeoDataFrame, *, provinces: gpd.GeoSeries, official: bool) -> dict[str, int]:
    """Store the units in force with their boundaries and kinds; `communes` and `provinces` are by code."""
    province_rows = units.province_units()
    _give_shapes(province_rows, provinces, _province_labels(provinces))
    commune_rows = units.commune_units()
    _give_shapes(commune_rows, communes.geometry, _commune_labels(communes))
    _give_figures(commune_rows, communes)
    for unit in (*province_rows, *commune_rows):
        unit.official = official
    _put(province_rows)
    _put(commune_rows)
    return {"provinces": len(province_rows), "communes": len(commune_rows)}


def store_legacy(communes: gpd.GeoDataFrame, legacy: units.LegacyUnits | None) -> dict[str, int]:
    """Store the abolished units and what became of them; old districts and communes where there is a crosswalk."""
    provinces = _legacy_provinces(communes)
    _put(provinces)
    changes = units.province_changes()
    counts = {"legacy provinces": len(provinces)}
    if legacy is not None:
        districts, old_communes = legacy.districts(), legacy.communes()
        _give_labels_of_successors([*districts, *old_communes], legacy.new_commune_of())
        _put(districts)
        _put(old_communes)
        changes += legacy.changes()
        counts |= {"legacy districts": len(districts), "legacy communes": len(old_communes)}
    _put(changes, unique=("old", "new"))
    _put(units.kind_changes(), unique=("unit", "changed_on"))
    return counts | {"changes": len(changes)}


def store_outlines(bands: Iterable[Outlines]) -> dict[str, int]:
    """Replace the outlines by these."""
    rows = [row for band in bands for row in _outline_rows(band)]
    UnitOutline.objects.all().delete()
    UnitOutline.objects.bulk_create(rows, batch_size=_BATCH)
    return {"outlines": len(rows)}


def store_base_map(features: Sequence[BaseMapFeature]) -> dict[str, int]:
    """Replace the base map by these; the rows by kind."""
    BaseMapFeature.objects.all().delete()
    BaseMapFeature.objects.bulk_create(features, batch_size=_BATCH)
    counts = Counter(str(feature.kind.value) for feature in features)
    return {f"base map: {kind}": count for kind, count in sorted(counts.items())}


def analyze() -> None:
    """Let the database know how much there is now: planned as for empty tables, a tile of a city takes seconds.

    It would see that by itself in a minute or so, but for who visits before that.
    """
    with connection.cursor() as cursor:
        for model in (AdministrativeUnit, UnitOutline, BaseMapFeature):
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')


def remember(name: str, *, checksum: str, origin: str, rows: int) -> None:
    """Note which source is in the database now."""
    LoadedSource.objects.update_or_create(
        name=name, defaults={"checksum": checksum, "origin": origin, "rows": rows, "loaded_at": Now()}
    )


def _put(rows: Sequence[models.Model], *, unique: tuple[str, ...] = ("id",)) -> None:
    """Insert rows, or update those that are there already by their unique fields."""
    model = type(rows[0])
    updated = [
        field.name for field in model._meta.concrete_fields if not field.primary_key and field.name not in unique
    ]
    model._default_manager.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=unique, update_fields=updated
    )


def _give_shapes(rows: list[AdministrativeUnit], shapes: gpd.GeoSeries, labels: gpd.GeoSeries) -> None:
    for unit in rows:
        label = labels[unit.code]
        unit.geom = to_geos(shapes[unit.code])
        unit.label_point = Point(label.x, label.y, srid=WGS84)


def _give_figures(rows: list[AdministrativeUnit], communes: gpd.GeoDataFrame) -> None:
    """Area and population of the file, where it has them, before those of the reference table."""
    for column, cast in (("area_km2", float), ("population", int)):
        if column in communes:
            known = communes[column].dropna()
            for unit in rows:
                if unit.code in known.index:
                    setattr(unit, column, cast(known[unit.code]))


def _give_labels_of_successors(rows: list[AdministrativeUnit], new_commune_of: dict[int, int]) -> None:
    """Old districts and communes have no boundaries: their label stands in a commune that has part of them."""
    labels = dict(AdministrativeUnit.objects.in_force().communes().values_list("id", "label_point"))
    for unit in rows:
        unit.label_point = labels[new_commune_of[unit.id]]


def _commune_labels(communes: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """A point inside each: the file's, else the reference table's, else any."""
    table = reference_tables.communes().set_index("code").loc[communes.index]
    wanted = gpd.points_from_xy(table.lon.astype(float), table.lat.astype(float))
    if {"label_lon", "label_lat"} <= set(communes.columns):
        given = gpd.points_from_xy(communes.label_lon.astype(float), communes.label_lat.astype(float))
        wanted = np.where(_holds(communes.geometry, given), given, wanted)
    return _inside(communes.geometry, np.asarray(wanted))


def _province_labels(provinces: gpd.GeoSeries) -> gpd.GeoSeries:
    table = reference_tables.provinces().set_index("code").loc[provinces.index]
    centres = gpd.points_from_xy(table.centre_lon.astype(float), table.centre_lat.astype(float))
    return _inside(provinces, np.asarray(centres))


def _inside(shapes: gpd.GeoSeries, wanted: np.ndarray) -> gpd.GeoSeries:
    """The points wanted where they lie inside, else the middle of the largest part."""
    middles = np.array([_middle(shape) for shape in shapes], dtype=object)
    return gpd.GeoSeries(np.where(_holds(shapes, wanted), wanted, middles), index=shapes.index, crs=WGS84)


def _holds(shapes: gpd.GeoSeries, points: np.ndarray) -> np.ndarray:
    return shapely.intersects(shapes.to_numpy(), np.asarray(points))


def _middle(shape: shapely.MultiPolygon) -> shapely.Point:
    largest = max(shape.geoms, key=shapely.area)
    return largest.point_on_surface()


def _legacy_provinces(communes: gpd.GeoDataFrame) -> list[AdministrativeUnit]:
    """The 63 provinces as unions of the communes that came from them."""
    rows = units.legacy_province_units()
    old_codes = reference_tables.communes().set_index("code").old_province_code[communes.index].to_numpy()
    shapes = dissolved(communes.geometry, old_codes)
    _give_shapes(rows, shapes, gpd.GeoSeries([_middle(shape) for shape in shapes], index=shapes.index, crs=WGS84))
    return rows


def _outline_rows(band: Outlines) -> Iterable[UnitOutline]:
    for family, shapes in ((keys.PROVINCE, band.provinces), (keys.COMMUNE, band.communes)):
        for code, shape in shapes.items():
            unit_id = keys.unit_id(keys.unit_key(family, str(code)))
            yield UnitOutline(unit_id=unit_id, max_zoom=band.max_zoom, geom=to_geos(shape))
