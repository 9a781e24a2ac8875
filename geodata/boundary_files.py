"""Boundary files of any common format, read into one shape: units by code, EPSG:4326.

GeoPackage, GeoJSON and Shapefile come in through GDAL (pyogrio), GeoParquet through geopandas. Which column holds
what is said by a mapping, a JSON file such as

    {"communes": {"layer": "xa", "code": "MA_XA", "name_vi": "TEN", "parent_code": "MA_TINH"},
     "provinces": {"code": "MA_TINH"}}

`crs` in it (an EPSG code) is for files that do not say their coordinate system.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pandas.api.types import is_numeric_dtype

from geodata import crs
from geodata.language import Both, both

COLUMNS = ("code", "name_vi", "parent_code", "area_km2", "population", "label_lon", "label_lat")
"""What is read where the file has it; only `code` must be there."""


class BoundaryError(Exception):
    """Boundaries that cannot be used; `problems` says everything that was found, in both languages."""

    def __init__(self, problems: list[Both]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Mapping:
    """Our column → the file's column, for one layer of a file."""

    columns: dict[str, str] = field(default_factory=dict)
    layer: str | None = None
    crs: int | None = None

    @classmethod
    def of(cls, description: dict[str, Any]) -> "Mapping":
        """The mapping that a part of the JSON file describes; what it leaves out keeps its own name."""
        columns = {name: column for name, column in description.items() if name in COLUMNS}
        return cls(columns=columns, layer=description.get("layer"), crs=description.get("crs"))


def read_mappings(path: Path | None) -> dict[str, Mapping]:
    """The mappings of `communes` and `provinces` in a JSON file; without one, our own names are expected.

    Raises `BoundaryError` where the file is no JSON object or names what we do not know.
    """
    if path is None:
        return {}
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
        unknown = _unknown_names(described)
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise BoundaryError([_unreadable(path, error)]) from error
    if unknown:
        raise BoundaryError([both(f"{path.name}: không hiểu {unknown}", f"{path.name}: unknown names {unknown}")])
    return {name: Mapping.of(part) for name, part in described.items()}


def _unknown_names(described: dict[str, dict[str, Any]]) -> list[str]:
    known = {*COLUMNS, "layer", "crs"}
    parts = [name for name in described if name not in ("communes", "provinces")]
    return parts + [name for part in described.values() for name in part if name not in known]


def read_units(path: Path, mapping: Mapping, *, default_layer: str) -> gpd.GeoDataFrame:
    """The units of a file in EPSG:4326, with those of `COLUMNS` that it has; geometry and codes as they stand there.

    Raises `BoundaryError` where the file cannot be read, has no coordinate system or not the columns mapped.
    """
    frame = _read(path, _layer(path, mapping, default_layer))
    renamed = _renamed(frame, path, mapping)
    return _in_wgs84(renamed, path, mapping)


def layers_of(path: Path) -> list[str]:
    """The names of the file's layers that have geometry; one of GeoParquet is called `geoparquet`."""
    if path.suffix.lower() == ".parquet":
        return ["geoparquet"]
    try:
        return [name for name, geometry_type in pyogrio.list_layers(path) if geometry_type]
    except (pyogrio.errors.DataSourceError, OSError) as error:
        raise BoundaryError([_unreadable(path, error)]) from error


def _layer(path: Path, mapping: Mapping, default_layer: str) -> str:
    layers = layers_of(path)
    wanted = mapping.layer or (default_layer if default_layer in layers else layers[0])
    if wanted not in layers:
        names = ", ".join(layers)
        raise BoundaryError(
            [
                both(
                    f"{path.name} không có lớp {wanted}; có: {names}",
                    f"{path.name} has no layer {wanted}; it has: {names}",
                )
            ]
        )
    return wanted


def _read(path: Path, layer: str) -> gpd.GeoDataFrame:
    try:
        if path.suffix.lower() == ".parquet":
            return gpd.read_parquet(path)
        return pyogrio.read_dataframe(path, layer=layer)
    except (pyogrio.errors.DataSourceError, OSError, ValueError) as error:
        raise BoundaryError([_unreadable(path, error)]) from error


def _renamed(frame: gpd.GeoDataFrame, path: Path, mapping: Mapping) -> gpd.GeoDataFrame:
    source = {name: mapping.columns.get(name, name) for name in COLUMNS}
    required = {"code", *mapping.columns}
    missing = [source[name] for name in COLUMNS if name in required and source[name] not in frame.columns]
    if missing:
        raise BoundaryError([_missing_columns(path, missing, list(frame.columns.drop(frame.geometry.name)))])
    present = {name: frame[column] for name, column in source.items() if column in frame.columns}
    _demand_text(present, path)
    return gpd.GeoDataFrame(pd.DataFrame(present), geometry=frame.geometry.to_numpy(), crs=frame.crs)


def _demand_text(columns: dict[str, pd.Series], path: Path) -> None:
    numeric = [name for name in ("code", "parent_code") if name in columns and is_numeric_dtype(columns[name])]
    if numeric:
        names = ", ".join(numeric)
        raise BoundaryError(
            [
                both(
                    f"{path.name}: cột {names} là số nên mất số 0 ở đầu mã (00004 thành 4); hãy lưu mã dạng chữ",
                    f"{path.name}: {names} is a number, so codes lost their leading zeros (00004 became 4);"
                    " store codes as text",
                )
            ]
        )


def _in_wgs84(frame: gpd.GeoDataFrame, path: Path, mapping: Mapping) -> gpd.GeoDataFrame:
    if frame.crs is None and mapping.crs is None:
        raise BoundaryError(
            [
                both(
                    f'{path.name} không ghi hệ tọa độ; hãy ghi mã EPSG vào "crs" của tệp ánh xạ cột',
                    f'{path.name} does not say its coordinate system; give its EPSG code as "crs" in the mapping',
                )
            ]
        )
    known = frame if frame.crs is not None else frame.set_crs(mapping.crs)
    pinned = known.set_crs(crs.pinned(known.crs), allow_override=True)
    return pinned.to_crs(crs.WGS84)


def _missing_columns(path: Path, missing: list[str], present: list[str]) -> Both:
    return both(
        f"{path.name} thiếu cột {', '.join(missing)}; có: {', '.join(present)}. Dùng --columns để ánh xạ cột",
        f"{path.name} lacks the columns {', '.join(missing)}; it has: {', '.join(present)}. Map them with --columns",
    )


def _unreadable(path: Path, error: Exception) -> Both:
    return both(f"Không đọc được {path}: {error}", f"Cannot read {path}: {error}")
