"""Boundaries and base map: which source there is, what it must hold, and how it gets into the database.

All or nothing, as often as one likes. Units keep their ids, so a better source replaces an approximate one under
everything that refers to them.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import shapely
from django.db import transaction

from geodata import approximate, base_map, boundary_store, other_land, reference_tables, world
from geodata.boundary_checks import problems_of_communes, problems_of_provinces
from geodata.boundary_files import BoundaryError, Mapping, layers_of, read_mappings, read_units
from geodata.coverage_geometry import cleaned, dissolved, outlines
from geodata.language import Both, both
from geodata.models import BaseMapFeature, LoadedSource
from geodata.units import LegacyUnits

SOURCE_NAME = "boundaries"
FORMAT = "3"
"""Raise it when what is stored for the same files changes: the next start then loads again."""
_NO_MAPPING = Mapping()


@dataclass(frozen=True)
class Source:
    """Where boundaries come from; without `communes` they are approximated from the representative points."""

    communes: Path | None = None
    provinces: Path | None = None
    base_map: Path | None = None
    legacy: Path | None = None
    mappings: dict[str, Mapping] = field(default_factory=dict)

    @property
    def files(self) -> list[Path]:
        """The files named, without those that are absent."""
        return [path for path in (self.communes, self.provinces, self.base_map, self.legacy) if path]

    @property
    def origin(self) -> str:
        """The names of the files, or `approximation`, for people to read."""
        names = list(dict.fromkeys(path.name for path in self.files))
        return ", ".join(names if self.communes else ["approximation", *names])[:200]

    def checksum(self) -> str:
        """A digest of everything that the stored rows depend on."""
        digest = hashlib.sha256(f"{FORMAT} {self.mappings!r} {self.communes is None}".encode())
        for path in [*self.files, *sorted(reference_tables.FOLDER.glob("*.csv")), world.WORLD_ATLAS]:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


def source_from(*, boundaries: str, base_map_file: str, shared_data: Path) -> Source:
    """The best source there is: files that the operator names, else the shared data, else the approximation.

    `boundaries` is a file of communes; a JSON file beside it (`name.columns.json`) maps its columns.
    """
    communes = _existing(boundaries) or _present(shared_data / "communes_2025.gpkg")
    columns = communes.with_suffix(".columns.json") if communes else None
    return Source(
        communes=communes,
        provinces=communes if communes and "provinces" in layers_of(communes) else None,
        base_map=_existing(base_map_file) or _present(shared_data / "basemap.gpkg"),
        legacy=_present(shared_data / "communes_old_to_new.csv"),
        mappings=read_mappings(columns if columns and columns.exists() else None),
    )


def _existing(name: str) -> Path | None:
    """The file of a setting; raises `BoundaryError` rather than fall back to another source unseen."""
    if not name:
        return None
    path = Path(name)
    if not path.exists():
        raise BoundaryError([both(f"Không có tệp {path}", f"There is no file {path}")])
    return path


def _present(path: Path) -> Path | None:
    return path if path.exists() else None


def is_loaded(source: Source) -> bool:
    """Whether exactly this source is in the database already."""
    return LoadedSource.objects.filter(name=SOURCE_NAME, checksum=source.checksum()).exists()


def load(source: Source) -> dict[str, int]:
    """Read, check and store a source; the rows stored, by what they are. Raises `BoundaryError` and stores nothing."""
    communes = read_communes(source)
    province_codes = reference_tables.communes().set_index("code").province_code[communes.index].to_numpy()
    provinces = dissolved(communes.geometry, province_codes)
    _check_provinces(source, provinces)
    land = other_land.of_region(shapely.coverage_union_all(provinces.to_numpy()), detailed=_countries(source))
    bands = list(outlines(communes.geometry, province_codes=province_codes, land=land))
    with transaction.atomic():
        counts = boundary_store.store_units(communes, provinces=provinces, official=source.communes is not None)
        counts |= boundary_store.store_legacy(communes, LegacyUnits(source.legacy) if source.legacy else None)
        counts |= boundary_store.store_outlines(bands)
        features = [
            *base_map.land(bands, full=land, beyond=other_land.beyond_region()),
            *_drawn(source, communes),
        ]
        counts |= boundary_store.store_base_map(features)
        boundary_store.analyze()
        boundary_store.remember(
            SOURCE_NAME, checksum=source.checksum(), origin=source.origin, rows=sum(counts.values())
        )
    return counts


def read_communes(source: Source) -> gpd.GeoDataFrame:
    """The communes of a source by code, in the order of the codes, checked, as a clean coverage, EPSG:4326."""
    if source.communes is None:
        frame = approximate.communes()
    else:
        mapping = source.mappings.get("communes", _NO_MAPPING)
        frame = read_units(source.communes, mapping, default_layer="communes")
        _raise(problems_of_communes(frame))
        frame = frame.set_index("code").sort_index()
    return frame.set_geometry(cleaned(frame.geometry))


def _check_provinces(source: Source, unions: gpd.GeoSeries) -> None:
    if source.provinces is not None:
        mapping = source.mappings.get("provinces", _NO_MAPPING)
        frame = read_units(source.provinces, mapping, default_layer="provinces")
        _raise(problems_of_provinces(frame, unions))


def _raise(problems: list[Both]) -> None:
    if problems:
        raise BoundaryError(problems)


def _countries(source: Source) -> gpd.GeoDataFrame | None:
    return base_map.countries_of(source.base_map) if source.base_map else None


def _drawn(source: Source, communes: gpd.GeoDataFrame) -> list[BaseMapFeature]:
    """Everything of the base map but the land."""
    features = [*base_map.labels(communes.geometry), *base_map.places()]
    countries = _countries(source)
    if source.base_map:
        features += base_map.from_file(source.base_map)
    if countries is not None:
        features += base_map.country_names(countries)
    return features
