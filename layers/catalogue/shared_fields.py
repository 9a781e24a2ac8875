"""Fields that layers over the registers share."""

from geodata.language import both
from layers.codes import TableCodes
from layers.layer import Field
from layers.registers.base import GEOM_ACCURACIES
from layers.units import COMMUNES, PROVINCES

DEVICE_TYPES = TableCodes("device_type", "layers.DeviceType", order="id")


def unit_fields() -> tuple[Field, ...]:
    """Where a row of a register lies, and how well that is known."""
    return (
        Field(
            "province",
            both("Tỉnh, thành phố", "Province"),
            source="province__code",
            kind="code",
            codes=PROVINCES,
        ),
        Field(
            "commune",
            both("Xã, phường, đặc khu", "Commune"),
            source="commune__code",
            kind="code",
            codes=COMMUNES,
        ),
        Field(
            "geom_accuracy",
            both("Độ chính xác vị trí", "Accuracy of position"),
            kind="code",
            codes=GEOM_ACCURACIES,
            tile=True,
        ),
    )
