"""Fields that layers over the registers share."""

from collections.abc import Callable

from django.db.models import OuterRef, Subquery

from geodata.language import both
from layers.codes import TableCodes
from layers.layer import Field, Moment
from layers.registers.base import GEOM_ACCURACIES, PUBLIC
from layers.registers.organisations import Organisation
from layers.units import COMMUNES, PROVINCES

DEVICE_TYPES = TableCodes("device_type", "layers.DeviceType", order="id")


def unit_fields() -> tuple[Field, ...]:
    """Where a row of a register lies, and how well that is known."""
    return (
        *units_of_record(),
        Field(
            "geom_accuracy",
            both("Độ chính xác vị trí", "Accuracy of position"),
            kind="code",
            codes=GEOM_ACCURACIES,
            tile=True,
        ),
    )


def units_of_record(path: str = "") -> tuple[Field, ...]:
    """The units in which a row lies, or the record that `path` leads to."""
    before = f"{path}__" if path else ""
    return (
        Field(
            "province",
            both("Tỉnh, thành phố", "Province"),
            source=f"{before}province__code",
            kind="code",
            codes=PROVINCES,
        ),
        Field(
            "commune",
            both("Xã, phường, đặc khu", "Commune"),
            source=f"{before}commune__code",
            kind="code",
            codes=COMMUNES,
        ),
    )


def published_organisation(path: str) -> Callable[[Moment], Subquery]:
    """The number of the organisation that `path` leads to; nothing where that one is not published."""
    public = Organisation.objects.filter(pk=OuterRef(path), publish_state=PUBLIC).values("pk")
    return lambda moment: Subquery(public)
