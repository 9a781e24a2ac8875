"""How many devices of each type and status a commune has, utilities' batches included, on the day of the map."""

from geodata.language import both
from layers.catalogue.shared_fields import DEVICE_TYPES, unit_fields
from layers.layer import Field, Layer, Style
from layers.registers.device_status import DEVICE_STATUSES
from layers.registers.devices import DeviceCount

LAYER = Layer(
    name="device_counts",
    title=both("Số phương tiện đo theo xã", "Device counts by commune"),
    noun=both("nhóm phương tiện đo theo xã", "counts by commune"),
    description=both(
        "Số phương tiện đo theo xã, loại và tình trạng, kể cả công tơ, đồng hồ; ô dưới 5 được gộp.",
        "Devices by commune, type and status, utilities' meters included; cells under 5 are merged.",
    ),
    model=DeviceCount,
    search=("device_type__search_key",),
    search_title=both("Tìm theo loại phương tiện đo", "Search by type of device"),
    dated=False,
    weight="devices",
    fields=(
        Field(
            "status",
            both("Tình trạng", "Status"),
            kind="code",
            codes=DEVICE_STATUSES,
            filter="code",
            tile=True,
        ),
        Field(
            "device_type",
            both("Loại phương tiện đo", "Type of device"),
            kind="code",
            codes=DEVICE_TYPES,
            source="device_type__code",
            filter="code",
            tile=True,
        ),
        Field("devices", both("Số phương tiện đo", "Devices"), kind="integer", tile=True, sort=True),
        *unit_fields(),
    ),
    style=Style("hexagon", "status", classes="status"),
    heading="device_type",
)
