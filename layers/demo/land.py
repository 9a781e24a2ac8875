"""Where things may stand: the communes in force with their polygons, and points in them.

Points cluster about the commune's representative point, as villages and towns do, and every one lies inside the
commune's polygon, so on land. The two archipelagos of the sea get none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB

from geodata import reference_tables
from geodata.models import AdministrativeUnit, Kind, Level

WITHOUT_PEOPLE_ON_LAND = {"20333", "22736"}  # Hoàng Sa and Trường Sa
_NEAR_THE_CENTRE = 0.65
_SPREAD = 0.16  # of the commune's extent
_CANDIDATES = 12


class NoUnits(Exception):
    """There are no administrative units with boundaries to stand on."""


@dataclass(frozen=True)
class Province:
    """A province in force."""

    id: int
    name: str
    full_name: str


@dataclass(frozen=True)
class Commune:
    """A commune in force; `legacy_province` is the full name of the province it lay in before July 2025."""

    id: int
    code: str
    name: str
    full_name: str
    kind: str
    province: Province
    legacy_province: str
    population: int

    @property
    def is_ward(self) -> bool:
        """Whether people live in town there."""
        return self.kind == Kind.WARD


class Land:
    """The communes in the order of their ids, with what is drawn from them."""

    def __init__(self) -> None:
        units = AdministrativeUnit.objects.in_force().order_by("id")
        self.provinces = [
            Province(row.id, row.name_vi, row.full_name_vi) for row in units.filter(level=Level.PROVINCE).defer("geom")
        ]
        rows = list(units.filter(level=Level.COMMUNE).defer("geom").annotate(wkb=AsWKB("geom")))
        if not rows or any(row.wkb is None for row in rows):
            raise NoUnits("no communes with boundaries: run `manage.py load_boundaries` first")
        self.communes = self._read(rows)
        self.polygons = shapely.from_wkb([bytes(row.wkb) for row in rows])
        self.centres = np.array([row.label_point.coords for row in rows])
        shapely.prepare(self.polygons)

    def _read(self, rows: list[AdministrativeUnit]) -> list[Commune]:
        provinces = {province.id: province for province in self.provinces}
        legacy = _legacy_provinces()
        typical = int(np.median([row.population for row in rows if row.population] or [10_000]))
        return [
            Commune(
                id=row.id,
                code=row.code,
                name=row.name_vi,
                full_name=row.full_name_vi,
                kind=row.kind,
                province=provinces[row.parent_id],
                legacy_province=legacy.get(row.code, ""),
                population=row.population or typical,
            )
            for row in rows
        ]

    @cached_property
    def commune_ids(self) -> np.ndarray:
        """Ids of the communes."""
        return np.array([commune.id for commune in self.communes])

    @cached_property
    def province_ids(self) -> np.ndarray:
        """Ids of the provinces."""
        return np.array([province.id for province in self.provinces])

    @cached_property
    def province_numbers(self) -> np.ndarray:
        """For each commune the place of its province in `provinces`."""
        return np.array([self.province_number[commune.province.id] for commune in self.communes])

    @cached_property
    def province_number(self) -> dict[int, int]:
        """By the id of a province its place in `provinces`."""
        return {province.id: number for number, province in enumerate(self.provinces)}

    @cached_property
    def populations(self) -> np.ndarray:
        """For each commune its people, 0 where nothing of a demo shall stand."""
        return np.array([0 if item.code in WITHOUT_PEOPLE_ON_LAND else item.population for item in self.communes])

    @cached_property
    def wards(self) -> np.ndarray:
        """For each commune whether it is a ward."""
        return np.array([commune.is_ward for commune in self.communes])

    def draw(self, rng: np.random.Generator, size: int, *, urban: float = 1.0) -> np.ndarray:
        """Numbers of communes, sorted, drawn by population; a person in a ward counts `urban` times."""
        weights = self.populations * np.where(self.wards, urban, 1.0)
        return np.sort(rng.choice(len(self.communes), size=size, p=weights / weights.sum()))

    def points_in(self, rng: np.random.Generator, numbers: np.ndarray) -> np.ndarray:
        """A point inside each of these communes, as rows of longitude and latitude."""
        points = np.empty((len(numbers), 2))
        for number, wanted in _runs(numbers):
            points[wanted] = self._inside(rng, number, len(points[wanted]))
        return np.round(points, 7)

    def _inside(self, rng: np.random.Generator, number: int, size: int) -> np.ndarray:
        """Points of one commune; where the polygon is too thin to hit, its representative point."""
        tried = self._candidates(rng, number, size * _CANDIDATES)
        hits = tried[shapely.contains_xy(self.polygons[number], *tried.T)][:size]
        return np.concatenate([hits, np.repeat(self.centres[number : number + 1], size - len(hits), axis=0)])

    def _candidates(self, rng: np.random.Generator, number: int, size: int) -> np.ndarray:
        west, south, east, north = self.polygons[number].bounds
        extent = np.array([east - west, north - south])
        near = self.centres[number] + rng.normal(size=(size, 2)) * extent * _SPREAD
        anywhere = np.array([west, south]) + rng.random((size, 2)) * extent
        # Rounded as the register keeps them, so that a point tried and a point kept are the same.
        return np.round(np.where(rng.random((size, 1)) < _NEAR_THE_CENTRE, near, anywhere), 7)

    def commune_at(self, lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
        """The number of the commune that each point lies in, or of the nearest one where it lies in none."""
        tree = shapely.STRtree(self.polygons)
        points = shapely.points(lons, lats)
        found = np.array(tree.nearest(points))
        inside, polygon = tree.query(points, predicate="intersects")
        found[inside[::-1]] = polygon[::-1]
        return found


def _runs(numbers: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Each distinct number with the places where it stands."""
    order = np.argsort(numbers, kind="stable")
    distinct, starts = np.unique(numbers[order], return_index=True)
    yield from zip(distinct.tolist(), np.split(order, starts[1:]), strict=False)


def _legacy_provinces() -> dict[str, str]:
    """By the code of a commune in force, the full name of the province that it lay in before July 2025."""
    crosswalk = reference_tables.crosswalk()
    words = {"municipality": "thành phố", "province": "tỉnh"}
    names = {row.old_code: f"{words[row.old_kind]} {row.old_name_vi}" for row in crosswalk.itertuples()}
    return {row.code: names.get(row.old_province_code, "") for row in reference_tables.communes().itertuples()}
