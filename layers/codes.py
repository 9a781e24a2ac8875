"""Code lists: what a coded field may hold, with its labels, colours and marks.

A fixed list is part of the law's vocabulary and stands in the source; a table list is data (device types, units).
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q, QuerySet

from geodata.language import both


@dataclass(frozen=True)
class Code:
    """One value: its code, its label in both languages, the colour token and mark that stand for it."""

    code: str
    label: object
    colour: str = ""
    symbol: str = ""


@dataclass(frozen=True)
class FixedCodes:
    """A closed list in its own order."""

    name: str
    items: tuple[Code, ...]

    def codes(self) -> tuple[str, ...]:
        return tuple(item.code for item in self.items)

    def read(self, using: str) -> tuple[Code, ...]:
        """All codes in order; `using` is not asked."""
        return self.items

    def labels(self, using: str, wanted: Collection[str]) -> dict[str, object]:
        """The label of each code in `wanted`; a code that is not in the list is left out."""
        return {item.code: item.label for item in self.items if item.code in wanted}

    def check(self, field: str, *, empty: bool = False) -> Q:
        """The condition of a database constraint: `field` holds one of the codes (or "" when `empty`)."""
        return Q(**{f"{field}__in": [*self.codes(), *([""] if empty else [])]})


@dataclass(frozen=True)
class TableCodes:
    """A list that lives in a table with `code`, `name_vi` and `name_en`, in the order of `order`.

    `column` is what rows refer to it by, when that is the table's key and not the code.
    """

    name: str
    model: str
    order: str = "code"
    where: Q = Q()
    label: tuple[str, str] = ("name_vi", "name_en")
    inline: bool = True

    def read(self, using: str) -> tuple[Code, ...]:
        """All codes in order, read through the connection `using`."""
        return tuple(Code(code, both(vi, en or vi)) for code, vi, en in self.rows(using))

    def labels(self, using: str, wanted: Collection[str]) -> dict[str, object]:
        """The label of each code in `wanted`, read through the connection `using`."""
        rows = self.rows(using).filter(code__in=wanted)
        return {code: both(vi, en or vi) for code, vi, en in rows}

    def rows(self, using: str) -> QuerySet:
        """The code and the labels of each row in order, to be read through the connection `using`."""
        rows = apps.get_model(self.model).objects.using(using).filter(self.where).order_by(self.order)
        return rows.values_list("code", *self.label)
