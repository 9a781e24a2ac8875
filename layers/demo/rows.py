"""Rows of the smaller registers, gathered in memory with their ids, and what all rows have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from django.db.models import Model

from layers.demo.land import Commune, Land
from layers.demo.recipe import SOURCE_SYSTEM, Recipe
from layers.models import Organisation
from layers.registers.base import PUBLIC

INTERNAL = "internal"


@dataclass
class Rows:
    """Rows to be copied into one table, each with the next id. `defaults` fills what a row does not say."""

    model: type[Model]
    first_id: int
    defaults: Mapping[str, object] = field(default_factory=dict)
    rows: list[dict[str, object]] = field(default_factory=list)

    def add(self, **values: object) -> int:
        """Keeps a row and gives its id."""
        number = len(self.rows)
        own = {"id": self.first_id + number, "source_id": f"{self.model._meta.model_name}-{number + 1}"}
        self.rows.append({**own, **self.defaults, **values})
        return self.first_id + number


@dataclass(frozen=True)
class Desk:
    """What the makers of rows share: the recipe, the land, and who keeps the rows of a province."""

    recipe: Recipe
    land: Land
    first_ids: Mapping[type[Model], int]

    def rows(self, model: type[Model], **defaults: object) -> Rows:
        """An empty set of rows of a register."""
        return Rows(model, self.first_ids[model], defaults)

    def record(self, commune: Commune, *, public: bool = True, published_on: date | None = None) -> dict[str, object]:
        """The columns that every register has, for a row in this commune."""
        return {
            **self.stamp,
            "publish_state": PUBLIC if public else INTERNAL,
            "published_at": at_eight(published_on or self.day - timedelta(days=30)) if public else None,
            "keeper_id": int(self.keepers[self.province_number(commune)]),
            "province_id": commune.province.id,
            "commune_id": commune.id,
        }

    def where(self, communes: np.ndarray) -> dict[str, np.ndarray]:
        """Keeper, province and commune of rows in these communes, given by their numbers."""
        province = self.land.province_numbers[communes]
        return {
            "keeper_id": self.keepers[province],
            "province_id": self.land.province_ids[province],
            "commune_id": self.land.commune_ids[communes],
        }

    @property
    def stamp(self) -> dict[str, object]:
        """Origin and time of change of every row: the start of the day, so that a repeat gives the same."""
        return {"source_system": SOURCE_SYSTEM, "updated_at": at_eight(self.day)}

    @property
    def keepers(self) -> np.ndarray:
        """Ids of the departments that keep the rows of each province, in the order of `land.provinces`."""
        return self.first_ids[Organisation] + np.arange(len(self.land.provinces))

    @property
    def day(self) -> date:
        """The day that everything is relative to."""
        return self.recipe.day

    def province_number(self, commune: Commune) -> int:
        """The place of the commune's province in `land.provinces`."""
        return self.land.province_number[commune.province.id]


def at_eight(day: date) -> str:
    """Eight in the morning of a day in Viet Nam."""
    return f"{day.isoformat()} 08:00:00+07"
