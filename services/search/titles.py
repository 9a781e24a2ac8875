"""What a result of the search says of a record: its name, and where it is."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import get_language

from layers.layer import TITLE, Field, Layer
from layers.query import FeatureQuery, columns, select
from layers.values import as_properties

_UNITS = ("province", "region")


class Title(NamedTuple):
    """The name, the English one or "", and the address or else the unit that it lies in (a text in both languages)."""

    name: str
    name_en: str
    where: object

    def texts(self) -> dict[str, object]:
        """Title and subtitle of the result, in the language of the request."""
        english = self.name_en if get_language() == "en" else ""
        return {"title": english or self.name, "subtitle": self.where}


def titles(layer: Layer, rows: QuerySet, day: date) -> dict[int, Title]:
    """By id: the titles of these rows of the layer's (as `matching` gives them)."""
    fields = columns(layer, fields=TITLE)
    found = list(select(layer, FeatureQuery(day=day), fields=TITLE, rows=rows))
    properties = as_properties(fields, [_with_one_place(fields, row[1:]) for row in found])
    return {row[0]: _title(values) for row, values in zip(found, properties, strict=True)}


def _with_one_place(fields: Sequence[Field], row: tuple) -> list:
    """The row without the units beside an address: their labels need not be looked up."""
    values = dict(zip((item.name for item in fields), row, strict=True))
    return [None if name in _UNITS and values.get("address") else value for name, value in values.items()]


def _title(values: dict) -> Title:
    where = values.get("address") or values.get("province_label") or values.get("region_label") or ""
    return Title(values["name"], values.get("name_en") or "", where)
