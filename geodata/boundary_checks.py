"""What must hold of boundaries before anything of them is stored. Each check gives the problems it found."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata import reference_tables
from geodata.archipelagos import ARCHIPELAGOS
from geodata.language import Both, both
from geodata.models import Level
from geodata.text import search_key

COUNTRY_BOX = (101.5, 4.0, 118.5, 24.0)
"""West, south, east, north of everything that Viet Nam's units may cover, in degrees."""
LARGEST_OVERLAP_KM2 = 0.1
LARGEST_GAP_KM2 = 1.0
LARGEST_LOSS = 0.05
"""How far the total area may be from the published one: shores and reefs are measured differently."""
LARGEST_DIFFERENCE = 0.02
"""How much of a province may differ from the union of its communes: simplified files do."""
_EQUAL_AREA = "+proj=cea +lat_ts=16 +lon_0=108 +ellps=WGS84"
_SHOWN = 10


def problems_of_communes(communes: gpd.GeoDataFrame) -> list[Both]:
    """Everything wrong with a commune file; areas and neighbours are looked at once codes and shapes are right."""
    reference = reference_tables.communes()
    problems = [
        *_codes(communes, reference.code, level=both("xã", "commune")),
        *_shapes(communes),
        *_names_and_parents(communes, reference.set_index("code")),
    ]
    return (
        problems
        or _place(communes)
        or [*_archipelagos(communes, level=Level.COMMUNE), *_coverage(communes), *_total_area(communes)]
    )


def problems_of_provinces(provinces: gpd.GeoDataFrame, unions: gpd.GeoSeries) -> list[Both]:
    """Everything wrong with a province file; `unions` are the communes' unions by province code."""
    problems = [
        *_codes(provinces, reference_tables.provinces().code, level=both("tỉnh", "province")),
        *_shapes(provinces),
    ]
    return problems or [
        *_archipelagos(provinces, level=Level.PROVINCE),
        *_differences(provinces.set_index("code").geometry, unions),
    ]


def area_km2(geometries: gpd.GeoSeries) -> pd.Series:
    """Areas in square kilometres by an equal-area projection."""
    return geometries.to_crs(_EQUAL_AREA).area / 1e6


def _some(values: Iterable[object]) -> str:
    listed = [str(value) for value in values]
    more = f" … (+{len(listed) - _SHOWN})" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more


def _codes(units: gpd.GeoDataFrame, expected: pd.Series, *, level: Both) -> list[Both]:
    codes = units.code.fillna("").astype(str)
    doubled = sorted(set(codes[codes.duplicated()]))
    missing = sorted(set(expected) - set(codes))
    unknown = sorted(set(codes) - set(expected))
    problems = []
    if len(units) != len(expected):
        problems.append(
            both(
                f"Có {len(units)} đơn vị cấp {level.vi}, phải có {len(expected)}",
                f"{len(units)} {level.en}s, not {len(expected)}",
            )
        )
    if doubled:
        problems.append(
            both(f"Mã {level.vi} lặp lại: {_some(doubled)}", f"{level.en} codes given twice: {_some(doubled)}")
        )
    if missing:
        problems.append(both(f"Thiếu mã {level.vi}: {_some(missing)}", f"missing {level.en} codes: {_some(missing)}"))
    if unknown:
        problems.append(
            both(f"Mã {level.vi} không có: {_some(unknown)}", f"unknown {level.en} codes: {_some(unknown)}")
        )
    return problems


def _shapes(units: gpd.GeoDataFrame) -> list[Both]:
    geometry = units.geometry.to_numpy()
    absent = units.code[shapely.is_missing(geometry) | shapely.is_empty(geometry)]
    if len(absent):
        return [both(f"Không có hình: {_some(absent)}", f"no geometry: {_some(absent)}")]
    other = units.code[~np.isin(shapely.get_type_id(geometry), (3, 6))]
    if len(other):
        return [both(f"Không phải vùng: {_some(other)}", f"not polygons: {_some(other)}")]
    invalid = ~shapely.is_valid(geometry)
    reasons = [
        f"{code} ({shapely.is_valid_reason(shape)})"
        for code, shape in zip(units.code[invalid], geometry[invalid], strict=True)
    ]
    return [both(f"Hình không hợp lệ: {_some(reasons)}", f"invalid geometry: {_some(reasons)}")] if reasons else []


def _names_and_parents(communes: gpd.GeoDataFrame, reference: pd.DataFrame) -> list[Both]:
    """Names and province codes are compared where the file has them: a code alone may be of another year."""
    known = communes[communes.code.isin(reference.index)]
    expected = reference.loc[known.code]
    problems = []
    if "name_vi" in known:
        same = [
            _same_name(*names) for names in zip(known.name_vi, expected.name_vi, expected.full_name_vi, strict=True)
        ]
        problems += _mismatch(
            known, ~np.array(same, dtype=bool), expected.name_vi, both("Tên khác", "names differ"), "name_vi"
        )
    if "parent_code" in known:
        differs = known.parent_code.astype(str).to_numpy() != expected.province_code.to_numpy()
        problems += _mismatch(
            known,
            differs,
            expected.province_code,
            both("Mã tỉnh khác", "province codes differ"),
            "parent_code",
        )
    return problems


def _same_name(given: object, name: str, full_name: str) -> bool:
    letters = search_key(str(given)).replace("-", " ")
    return letters in (search_key(name).replace("-", " "), search_key(full_name).replace("-", " "))


def _mismatch(units: gpd.GeoDataFrame, differs: np.ndarray, expected: pd.Series, what: Both, column: str) -> list[Both]:
    if not differs.any():
        return []
    rows = zip(units.code[differs], units[column][differs], expected.to_numpy()[differs], strict=True)
    listed = _some([f"{code}: {given} ≠ {right}" for code, given, right in rows])
    return [both(f"{what.vi}: {listed}", f"{what.en}: {listed}")]


def _place(units: gpd.GeoDataFrame) -> list[Both]:
    bounds = units.bounds
    west, south, east, north = COUNTRY_BOX
    out = (bounds.minx < west) | (bounds.miny < south) | (bounds.maxx > east) | (bounds.maxy > north)
    if not out.any():
        return []
    listed = _some(units.code[out])
    return [
        both(
            f"Nằm ngoài lãnh thổ (đảo kinh độ và vĩ độ?): {listed}",
            f"outside the country (longitude and latitude swapped?): {listed}",
        )
    ]


def _archipelagos(units: gpd.GeoDataFrame, *, level: str) -> list[Both]:
    """A shape must touch the envelope: a point test would miss, for the middle of an archipelago is sea."""
    shapes = units.set_index("code").geometry
    codes = {a: a.commune_code if level == Level.COMMUNE else a.province_code for a in ARCHIPELAGOS}
    return [
        both(f"{code}: không có {a.label.vi}", f"{code}: {a.label.en} is not there")
        for a, code in codes.items()
        if not shapes[code].intersects(a.envelope)
    ]


def _coverage(communes: gpd.GeoDataFrame) -> list[Both]:
    shapes = communes.set_index("code").geometry
    clean = shapely.coverage_is_valid(shapes.to_numpy())
    overlaps = [] if clean else _overlaps(shapes)
    gaps = _gaps(shapes, clean=clean)
    problems = []
    if overlaps:
        problems.append(both(f"Chồng lên nhau: {_some(overlaps)}", f"overlap: {_some(overlaps)}"))
    if gaps:
        problems.append(both(f"Khoảng trống: {_some(gaps)}", f"gaps: {_some(gaps)}"))
    return problems


def _overlaps(shapes: gpd.GeoSeries) -> list[str]:
    first, second = shapely.STRtree(shapes.to_numpy()).query(shapes.to_numpy(), predicate="intersects")
    pairs = first < second
    first, second = first[pairs], second[pairs]
    common = shapely.intersection(shapes.to_numpy()[first], shapes.to_numpy()[second])
    areas = area_km2(gpd.GeoSeries(common, crs=shapes.crs)).to_numpy()
    codes = shapes.index.to_numpy()
    return [
        f"{codes[first[i]]}–{codes[second[i]]} {areas[i]:.2f} km²" for i in np.flatnonzero(areas > LARGEST_OVERLAP_KM2)
    ]


def _gaps(shapes: gpd.GeoSeries, *, clean: bool) -> list[str]:
    country = _country(shapes.to_numpy(), clean=clean)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(country) for ring in part.interiors]
    areas = area_km2(gpd.GeoSeries(holes, crs=shapes.crs))
    return [
        f"{hole.centroid.x:.3f} {hole.centroid.y:.3f} ({area:.1f} km²)"
        for hole, area in zip(holes, areas, strict=True)
        if area > LARGEST_GAP_KM2
    ]


def _country(polygons: np.ndarray, *, clean: bool) -> shapely.Geometry:
    if clean:
        return shapely.coverage_union_all(polygons)
    # Snapped to about 10 m: where neighbours do not share their edges exactly, hairline gaps are everywhere.
    return shapely.union_all(polygons, grid_size=1e-4)


def _total_area(communes: gpd.GeoDataFrame) -> list[Both]:
    published = reference_tables.provinces().area_km2.astype(float).sum()
    measured = area_km2(communes.geometry).sum()
    if abs(measured - published) <= LARGEST_LOSS * published:
        return []
    return [
        both(
            f"Tổng diện tích {measured:,.0f} km², công bố {published:,.0f} km²: có phần bị mất hoặc thừa",
            f"the areas add up to {measured:,.0f} km², not {published:,.0f} km²: something is lost or too much",
        )
    ]


def _differences(provinces: gpd.GeoSeries, unions: gpd.GeoSeries) -> list[Both]:
    ours = unions.loc[provinces.index].to_crs(_EQUAL_AREA)
    theirs = provinces.to_crs(_EQUAL_AREA)
    share = ours.symmetric_difference(theirs).area / ours.area
    differing = share[share > LARGEST_DIFFERENCE]
    listed = _some([f"{code} ({part:.1%})" for code, part in differing.items()])
    if differing.empty:
        return []
    return [both(f"Tỉnh khác hợp của các xã: {listed}", f"provinces are not the union of their communes: {listed}")]
